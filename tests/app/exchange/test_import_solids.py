"""Buildings and pipes from files; what cannot stand is refused with its column and its place."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from chengyun.app.demo import solids
from chengyun.app.demo.houses import buildings
from chengyun.app.exchange.places._asked import Asked, Unusable
from chengyun.app.exchange.places.layer import bring_in
from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.kernel.actor import SYSTEM
from chengyun.places import reads
from chengyun.places.models import MapLayer
from tests.places.test_verbs import add_city, box, load

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FOOTPRINT = [[[121.1, 31.01], [121.101, 31.01], [121.101, 31.011], [121.1, 31.01]]]


@pytest.fixture
def city() -> int:
    number = add_city()
    load(number, box("310000", 120.9, 122.0))
    return number


def geojson(path: Path, shape: str, coordinates: Any, *said: dict[str, Any]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"id": at, **one},
            "geometry": {"type": shape, "coordinates": coordinates},
        }
        for at, one in enumerate(said, start=1)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def stood(code: str) -> list[dict[str, Any]]:
    row = MapLayer.objects.get(code=code)
    held = reads.layer_features(SYSTEM, row.id, now=NOW, limit=10_000)["features"]
    return [one["properties"]["cy:space"] for one in held]


def test_buildings_stand_as_their_file_says(tmp_path: Path, city: int) -> None:
    path = geojson(
        tmp_path / "houses.geojson",
        "Polygon",
        FOOTPRINT,
        {"height": "30 m", "building:levels": "10"},
        {"building:levels": "4"},
        {"height": "-2"},
        {"height": "9000"},
        {"height": ""},
    )
    told = bring_in(Asked(path, city, "a test", options={"space": "building"}))
    assert (told["created"], told["rejected"]) == (3, 2)
    assert [one["top_m"] for one in stood("houses")] == [30.0, 12.0, None]
    with Path(str(told["rejects_file"])).open(encoding="utf-8-sig", newline="") as file:
        refused = list(csv.DictReader(file))
    assert [(one["number"], one["field"]) for one in refused] == [("3", "height"), ("4", "height")]
    assert "-2 m" in refused[0]["reason"]
    assert "121.10" in refused[0]["reason"]


def test_pipes_say_how_deep_they_lie_or_are_refused(tmp_path: Path, city: int) -> None:
    line = [[121.1, 31.01], [121.102, 31.01]]
    path = geojson(
        tmp_path / "pipes.geojson",
        "LineString",
        line,
        {"类型": "雨水", "埋深": 2.5, "管径": "DN600"},
        {"类型": "雨水", "埋深": None, "管径": "DN600"},
        {"类型": "柠檬水", "埋深": 1, "管径": ""},
    )
    columns = {"space": "pipe", "depth": "埋深", "diameter": "管径", "kind": "类型"}
    told = bring_in(Asked(path, city, "a test", options=columns))
    assert (told["created"], told["rejected"]) == (1, 2)
    pipe = {"pipe": "rain", "depth_m": 2.5, "depth_end_m": 2.5, "diameter_mm": 600.0}
    assert stood("pipes") == [pipe]
    # The entry keeps what was said: read again without options, the same counts.
    again = bring_in(Asked(path, city, "a test"))
    assert (again["unchanged"], again["rejected"]) == (1, 2)


def test_a_shape_of_another_sort_and_a_wrong_option_are_refused(tmp_path: Path, city: int) -> None:
    path = geojson(tmp_path / "p.geojson", "Point", [121.1, 31.01], {"height": 3}, {"height": 4})
    told = bring_in(Asked(path, city, "a test", options={"space": "building"}))
    assert told["rejected"] == 2
    for wrong in ({"space": "cloud"}, {"space": "pipe", "height": "h"}, {"height": "h"}):
        with pytest.raises(Unusable):
            bring_in(Asked(path, city, "a test", options=wrong))


def test_the_demos_solids_are_labelled_and_written_once(city: int) -> None:
    file = load_catalog(default_roots()).pack("shanghai-demo").solids
    assert file is not None
    said: list[str] = []
    solids.build(file, city, said.append, NOW)
    solids.build(file, city, said.append, NOW)
    assert len(said) == 1
    rows = {row.code: row for row in MapLayer.objects.filter(synthetic=True)}
    assert set(rows) == {"demo-buildings", "demo-pipes"}
    assert all("generated" in row.source and not row.public for row in rows.values())
    assert rows["demo-buildings"].count == len(buildings(file)) > 2_000
    assert all(stood("demo-buildings")[:200])
    pipes = stood("demo-pipes")
    assert {one["pipe"] for one in pipes} == {kind.kind for kind in file.kinds}
    assert all(0 < one["depth_m"] <= one["depth_end_m"] < 10 for one in pipes)
