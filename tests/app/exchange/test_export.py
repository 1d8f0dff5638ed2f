"""Export: nothing of what an import takes is lost, and no spreadsheet runs a cell."""

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from chengyun.app.exchange.exporting import Wanted, export
from chengyun.app.exchange.own import OwnImport
from chengyun.app.exchange.own_columns import SHOWN, TAKEN
from chengyun.app.exchange.safety import escape, unescape
from chengyun.app.packs.loaded import Catalog
from chengyun.cases.models import Case
from chengyun.cases.verbs import Intake, report
from chengyun.kernel.actor import SYSTEM, Actor, Grant
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import AuditEntry, Event
from chengyun.kernel.problems import Forbidden, Invalid
from chengyun.places.models import City, Region
from tests.app.exchange.conftest import Bring, row
from tests.app.world import LITTER, NOW, SPOT, World

ROWS = [
    row("a", words="=HYPERLINK(1)", status="done", closed="2024-05-03 09:30:00", address="Main 1"),
    row("b", words="'quoted", address="Main 1"),
    row("c", words='Zeilen\nund "Zeichen", ；', district="South", lat="50.25", lon="10.25"),
    row("d", words="@cmd", lat="", lon="", district=""),
    row("e", words="\x01 control _x0041_", lat="-33.5", lon="-70.25"),
]


def exported(form: str = "csv", actor: Actor = SYSTEM, **wanted: object) -> bytes:
    out = io.BytesIO()
    export(actor, Wanted(**wanted), form, out, now=NOW)  # type: ignore[arg-type]
    return out.getvalue()


def wipe() -> None:
    for model in (Case, Event, Region, City):
        model.objects.all()._raw_delete("default")


def table(content: bytes) -> list[dict[str, str]]:
    found = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    return [{k: v for k, v in one.items() if k not in SHOWN} for one in found]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_out_and_in_again_gives_equal_rows(
    bring: Bring, packs: Catalog, tmp_path: Path, form: str
) -> None:
    bring(ROWS)
    before, sheet = table(exported()), exported(form)
    assert len(before) == 5
    assert set(before[0]) == set(TAKEN)
    path = tmp_path / f"out.{form}"
    path.write_bytes(sheet)
    wipe()
    done = OwnImport(packs, path, rejects=tmp_path / "r.csv").run()
    assert (done.read, done.imported, done.rejected) == (5, 5, 0)
    assert table(exported()) == before
    again = OwnImport(packs, path, rejects=tmp_path / "r.csv").run()
    assert (again.imported, again.already) == (5, 5)
    assert Case.objects.count() == 5


def test_no_cell_begins_a_formula(bring: Bring) -> None:
    bring(ROWS)
    numbers = {"lon", "lat", "city_lon", "city_lat"}
    for one in csv.DictReader(io.StringIO(exported().decode("utf-8-sig"))):
        for name, value in one.items():
            assert name in numbers or not value.startswith(("=", "+", "-", "@", "\t", "\r")), name
    book = load_workbook(io.BytesIO(exported("xlsx")))
    for cells in book.active.iter_rows(min_row=2):
        for cell in cells:
            assert cell.data_type != "f"


@pytest.mark.parametrize(
    "text", ["=1", "'=1", "''", "'", "-", "+8", "@x", "\tx", "＝1", "plain", ""]
)
def test_escaping_can_be_taken_back(text: str) -> None:
    assert unescape(escape(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


def test_geojson_has_points_or_null(bring: Bring) -> None:
    bring(ROWS)
    found = json.loads(exported("geojson"))
    assert found["type"] == "FeatureCollection"
    points = {one["properties"]["external_id"]: one["geometry"] for one in found["features"]}
    assert points["a"] == {"type": "Point", "coordinates": [10.5, 50.5]}
    assert points["d"] is None


def test_area_and_since_narrow_it(bring: Bring) -> None:
    bring([*ROWS, row("f", at="2025-01-01 00:00:00")])
    assert {one["external_id"] for one in table(exported(area="South"))} == {"c"}
    late = exported(since=NOW.replace(year=2024, month=12))
    assert {one["external_id"] for one in table(late)} == {"f"}
    with pytest.raises(Invalid):
        exported(area="nowhere")


def test_only_what_the_exporter_sees_and_on_record(bring: Bring) -> None:
    bring(ROWS)
    south = Region.objects.get(code="South").area_no
    grant = (Grant("acceptor", new_id(), south),)
    actor = Actor(kind="user", id=new_id(), name="a", grants=grant, second_factor=True)
    assert {one["external_id"] for one in table(exported(actor=actor))} == {"c"}
    entry = AuditEntry.objects.get(verb="cases.export")
    assert (entry.actor_id, entry.count) == (actor.id, 1)
    plain = Actor(kind="user", id=new_id(), name="a", grants=grant)
    with pytest.raises(Forbidden) as refused:
        exported(actor=plain)
    assert refused.value.code == "second_factor"
    handler = Actor("user", new_id(), "h", (Grant("handler", new_id(), south),), True)
    with pytest.raises(Forbidden):
        exported(actor=handler)


def test_a_live_case_goes_out_and_comes_back_as_history(
    world: World, packs: Catalog, tmp_path: Path
) -> None:
    report(
        world.actor("acceptor"),
        now=NOW,
        item=Intake(text="垃圾", source="hotline", kind_id=LITTER, lon=SPOT[0], lat=SPOT[1]),
    )
    path = tmp_path / "live.csv"
    path.write_bytes(exported())
    before = table(path.read_bytes())
    Case.objects.all()._raw_delete("default")
    Event.objects.all()._raw_delete("default")
    done = OwnImport(packs, path, rejects=tmp_path / "r.csv").run()
    assert (done.imported, done.rejected) == (1, 0)
    assert table(exported()) == before
    case = Case.objects.get()
    assert (case.imported, case.due_at, case.lead_unit) == (
        True,
        None,
        world.unit("310101001-san"),
    )


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("id", "7", "bad_id"),
        ("id", "", "required"),
        ("state", "flying", "unknown_value"),
        ("reported_at", "2024-05-01T08:00:00", "no_offset"),
        ("reported_at", "2199-05-01T08:00:00+00:00", "future"),
        ("lon", "east", "bad_number"),
        ("lat", "91", "out_of_range"),
        ("attributes", "{", "bad_json"),
        ("attributes", "[1]", "bad_json"),
        ("merged_into", "x", "bad_id"),
        ("no", "9" * 101, "too_long"),
        ("state", "suspended", "invalid"),
    ],
)
def test_a_tampered_export_is_refused_by_row(
    bring: Bring, packs: Catalog, tmp_path: Path, column: str, value: str, code: str
) -> None:
    bring(ROWS[:1])
    rows = list(csv.DictReader(io.StringIO(exported().decode("utf-8-sig"))))
    Case.objects.all()._raw_delete("default")
    Event.objects.all()._raw_delete("default")
    rows[0][column] = value
    path = tmp_path / "bad.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done = OwnImport(packs, path, rejects=tmp_path / "r.csv").run()
    assert (done.read, done.imported, done.codes) == (1, 0, {code: 1})
