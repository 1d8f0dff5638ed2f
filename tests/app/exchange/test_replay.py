"""Replay: rows go through the whole live loop over HTTP, and never twice."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengyun.app.exchange.replaying import Replay, Summary
from chengyun.app.packs.loaded import Catalog
from chengyun.cases.models import Case
from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.kernel.models import AuditEntry, Event
from tests.app.serving import serving

HEADER = [
    *("SRNumber", "CreatedDate", "ClosedDate", "RequestType", "Status", "RequestSource"),
    *("Owner", "Address", "Latitude", "Longitude", "APC", "NCName"),
]
ROWS = [
    ("1", "10:00:00 AM", "02:00:00 PM", "Bulky Items", "Closed", "Call", "34.05", "-118.24"),
    ("2", "10:05:00 AM", "", "Graffiti Removal", "Closed", "Mobile App", "34.06", "-118.25"),
    # No point: an acceptor gives the place.
    ("3", "10:10:00 AM", "", "Dead Animal Removal", "Closed", "Driver Self Report", "", ""),
    # Open in the file: it stays with the department.
    ("4", "10:15:00 AM", "", "Illegal Dumping Pickup", "Open", "Call", "34.07", "-118.26"),
]


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    forget_kinds()
    forget_rules()
    with serving() as found:
        yield found
    forget_kinds()
    forget_rules()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "la.csv"
    with found.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number, at, closed, kind, status, source, lat, lon in ROWS:
            end = f"01/03/2018 {closed}" if closed else ""
            place = (f"{number} MAIN ST", lat, lon, "Central APC", "DOWNTOWN NC")
            line = (number, f"01/02/2018 {at}", end, kind, status, source, "BOS", *place)
            writer.writerow(line)
    return found


def test_rows_live_through_the_whole_loop(
    address: str, path: Path, catalog: Catalog, tmp_path: Path
) -> None:
    def play() -> Summary:
        mapping, keys = catalog.mappings["la311"], tmp_path / "keys.json"
        return Replay(catalog, mapping, path, address=address, keys=keys, speed=1e9).run()

    done = play()
    assert (done.read, done.rejected, done.reported, done.failed) == (4, 0, 4, 0), done
    assert (done.closed, done.left_open, done.refusals) == (3, 1, {}), done
    cases = {case.external_id: case for case in Case.objects.all()}
    assert {case.external_source for case in cases.values()} == {"la311-replay"}
    assert all(case.simulated and not case.imported for case in cases.values())
    assert {number: case.state for number, case in cases.items()} == {
        "1": "closed",
        "2": "closed",
        "3": "closed",
        "4": "pending_handle",
    }
    steps = set(Event.objects.filter(subject_id=cases["3"].id).values_list("name", flat=True))
    wanted = ["Reported", "Queued", "Accepted", "Filed", "Dispatched", "Handled", "Closed"]
    assert {f"cases.Case{step}" for step in wanted} <= steps
    assert {"cases.FeedbackConfirmed", "cases.CheckReported"} <= steps
    # History would start no clock; life does.
    assert cases["4"].due_at is not None
    moves = AuditEntry.objects.filter(verb="cases.move", outcome="done").count()
    assert moves == done.moves
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600

    events = Event.objects.count()
    again = play()
    assert (again.reported, again.already, again.moves, again.failed) == (0, 4, 0, 0), again
    assert (Case.objects.count(), Event.objects.count()) == (4, events)
