"""Import: history keeps its times and states, no row is lost, nothing is doubled."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from chengyun.app.exchange import importing
from chengyun.cases.decide.fold import replay
from chengyun.cases.models import Case, ImportRun, Report, ReporterMessage
from chengyun.cases.reads import histories
from chengyun.cases.verbs.writing import FOLDED, folded
from chengyun.kernel.models import AuditEntry, Event
from chengyun.places.models import City, Region
from tests.app.exchange.conftest import LITTER, Bring, row


def test_times_and_states_are_kept_and_no_clock_starts(bring: Bring) -> None:
    done = bring([row("a", status="done", closed="2024-05-03 09:30:00"), row("b")])
    assert (done.read, done.imported, done.rejected, done.merged) == (2, 2, 0, 0)
    assert done.rejects_file is None
    case = Case.objects.get(external_id="a")
    assert case.reported_at == datetime(2024, 5, 1, 0, 0, tzinfo=UTC)
    assert case.closed_at == datetime(2024, 5, 3, 1, 30, tzinfo=UTC)
    assert (case.state, case.open, case.imported, case.kind_id) == ("closed", False, True, LITTER)
    still = Case.objects.get(external_id="b")
    assert (still.state, still.open, still.closed_at) == ("pending_handle", True, None)
    assert not Case.objects.exclude(due_at=None).exists()
    assert not Case.objects.exclude(next_tick_at=None).exists()
    assert not ReporterMessage.objects.exists()
    assert not Report.objects.exists()


def test_the_row_is_the_fold_of_its_history(bring: Bring) -> None:
    bring([row("a", status="done", closed="2024-05-03 09:30:00"), row("b"), row("c", status="?")])
    for case in Case.objects.all():
        state = replay(event for event, _ in histories([case.id])[case.id])
        assert state is not None
        wanted = dict(zip(FOLDED, folded(state), strict=True))
        for name in ("state", "area_no", "closed_at", "version", "open", "sort_at", "merged_into"):
            assert getattr(case, name) == wanted[name], name


def test_city_and_areas_come_from_the_mapping_and_the_rows(bring: Bring) -> None:
    bring([row("a"), row("b", district="South"), row("c", district="")])
    city = City.objects.get(code="mini")
    assert city.time_zone == "Asia/Shanghai"
    root = Region.objects.get(area_no=city.area_no)
    assert root.synthetic
    assert root.boundary is not None
    assert {r.code for r in Region.objects.filter(level="district")} == {"North", "South"}
    north = Region.objects.get(code="North")
    assert Case.objects.get(external_id="a").area_no == north.area_no
    assert Case.objects.get(external_id="c").area_no == city.area_no
    # Another file of the same city finds them again.
    bring([row("d")])
    assert Region.objects.filter(level="district").count() == 2


def test_strange_points_are_kept_and_flagged(bring: Bring) -> None:
    done = bring(
        [
            row("default", lat="50.25", lon="10.25"),
            row("outside", lat="-12.5", lon="100.25"),
            row("none", lat="", lon=""),
            row("wrong", lat="north", lon="10"),
        ]
    )
    assert done.imported == 4
    found = {c.external_id: (c.location, c.lon, c.cell) for c in Case.objects.all()}
    assert found["default"] == ("default", 10.25, None)
    assert found["outside"] == ("outside", 100.25, None)
    assert found["none"] == ("text", None, None)
    assert found["wrong"] == ("text", None, None)
    flags = Case.objects.get(external_id="outside").attributes["imported"]["flags"]
    assert flags == ["outside_city"]
    assert done.flags == {"default_point": 1, "outside_city": 1, "no_point": 1, "bad_point": 1}


def test_duplicates_by_rule_are_imported_and_linked(bring: Bring) -> None:
    again = {"address": "1 Main", "at": "2024-05-01 20:00:00"}
    late = {"address": "1 Main", "at": "2024-05-09 20:00:00"}
    done = bring([row("a", address="1 Main"), row("b", **again), row("c", **late)])
    assert (done.read, done.imported, done.merged) == (3, 3, 1)
    first, second = Case.objects.get(external_id="a"), Case.objects.get(external_id="b")
    assert (second.state, second.merged_into) == ("merged", first.id)
    assert second.attributes["imported"]["state"] == "pending_handle"
    assert Case.objects.get(external_id="c").merged_into is None


def test_running_again_doubles_nothing(bring: Bring) -> None:
    rows = [row("a", address="1 Main"), row("b", address="1 Main"), row("c")]
    first = bring(rows)
    second = bring([*rows, row("d")])
    assert (second.read, second.imported, second.already, second.merged) == (4, 4, 3, 1)
    assert first.merged == second.merged
    assert Case.objects.count() == 4
    assert Event.objects.count() == 8


def test_an_id_twice_in_one_file_is_refused_precisely(bring: Bring, tmp_path: Path) -> None:
    rows = [row("a"), row("a", words="other"), row("b")]
    for _ in range(2):
        done = bring(rows)
        assert (done.read, done.imported, done.rejected) == (3, 2, 1)
        assert done.codes == {"duplicate_id": 1}
    assert Case.objects.count() == 2
    reject = next(csv.DictReader((tmp_path / "rejects.csv").open(encoding="utf-8-sig")))
    assert (reject["reject_row"], reject["reject_field"]) == ("2", "id")
    assert reject["words"] == "other"


def test_rejects_can_be_mended_and_read_again(bring: Bring, tmp_path: Path) -> None:
    done = bring([row("a"), row("b", at="someday", words="=1+1"), [*row("c"), "one too many"]])
    assert (done.read, done.imported, done.rejected) == (3, 1, 2)
    assert done.codes == {"bad_time": 1, "too_many_values": 1}
    found = list(csv.DictReader((tmp_path / "rejects.csv").open(encoding="utf-8-sig")))
    # What a spreadsheet would run is defused, and comes back as it was.
    assert found[0]["words"] == "'=1+1"
    assert found[1]["reject_rest"] == "one too many"
    found[0]["at"] = "2024-05-02 10:00:00"
    mended = tmp_path / "mended.csv"
    with mended.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    again = bring(mended)
    assert (again.read, again.imported, again.rejected) == (2, 1, 1)
    assert Case.objects.get(external_id="b").text == "=1+1"
    assert not Case.objects.filter(external_id="c").exists()


def test_a_dry_run_tells_everything_and_keeps_nothing(bring: Bring) -> None:
    done = bring([row("a"), row("b", at="")], dry_run=True)
    assert (done.read, done.imported, done.rejected, done.dry_run) == (2, 1, 1, True)
    assert not City.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_run_is_on_record_with_one_audit_entry_a_chunk(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 2)
    bring([row(str(n)) for n in range(5)])
    entries = AuditEntry.objects.filter(verb="cases.import_history")
    assert sorted(entries.values_list("count", flat=True)) == [1, 2, 2]
    run = ImportRun.objects.get()
    assert (run.read, run.imported, run.done, run.failure) == (5, 5, 1.0, "")
    assert run.finished_at is not None


def test_an_import_that_dies_goes_on_where_it_was(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 3)
    real, left = importing.import_history, [2]

    def dying(*args, **options):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return real(*args, **options)

    rows = [row(str(n), address="Main" if n % 4 == 0 else f"{n} Road") for n in range(12)]
    monkeypatch.setattr(importing, "import_history", dying)
    with pytest.raises(KeyboardInterrupt):
        bring(rows)
    assert Case.objects.count() == 6
    monkeypatch.setattr(importing, "import_history", real)
    done = bring(rows)
    assert (done.read, done.imported, done.already, done.merged) == (12, 12, 6, 2)
    assert Case.objects.count() == 12
    master = Case.objects.get(external_id="0")
    assert set(Case.objects.exclude(merged_into=None).values_list("merged_into")) == {(master.id,)}


def test_a_close_before_the_report_is_kept_as_said(bring: Bring) -> None:
    bring([row("a", status="done", closed="2024-04-01 00:00:00")])
    case = Case.objects.get()
    assert (case.state, case.closed_at) == ("closed", None)
    said = case.attributes["imported"]
    assert said["closed_at"] == "2024-03-31T16:00:00+00:00"
    assert said["flags"] == ["closed_before_reported"]


def test_gzip_and_every_usual_encoding(bring: Bring) -> None:
    assert bring([row("z")], name="cases.csv.gz").imported == 1
    head = "id,at,closed,district,what,status,words,address,lat,lon\r\n"
    simple = head + "".join(
        f"s{n},2024-05-01 08:00:00,,东区,litter,open,路边有垃圾没有清理请处理,某路{n}号,50.5,10.5\n"
        for n in range(5)
    )
    trad = head + "".join(
        f"t{n},2024-05-01 08:00:00,,東區,litter,open,路邊有垃圾沒有清理請處理,中路{n}號,50.5,10.5\n"
        for n in range(5)
    )
    assert bring(simple.encode("gb18030")).encoding == "gb18030"
    assert bring(trad.encode("big5")).encoding == "big5hkscs"
    assert bring(trad.replace("t1", "u1").encode("utf-16")).encoding == "utf-16"
    assert Case.objects.get(external_id="s1").text == "路边有垃圾没有清理请处理"
    assert Case.objects.get(external_id="t1").text == "路邊有垃圾沒有清理請處理"


def test_bytes_that_fit_no_encoding_lose_no_row(bring: Bring) -> None:
    good = b"id,at,closed,district,what,status,words,address,lat,lon\r\n"
    bad = b"x,2024-05-01 08:00:00,,N,litter,open,\xff\xfe\xff,road,50.5,10.5\r\n"
    done = bring(good + bad)
    assert (done.read, done.imported) == (1, 1)
    assert "\ufffd" in Case.objects.get().text


def test_memory_of_ids_is_the_databases(bring: Bring) -> None:
    bring([row("a")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM import_seen")
        assert cursor.fetchone() == (1,)
