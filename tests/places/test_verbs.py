import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from django.db import DatabaseError, transaction

from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor, Grant
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from chengyun.places import reads, verbs
from chengyun.places.models import Grid, GridOwner, RegionHistory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
TODAY = date(2026, 3, 1)


def add_city(code: str = "310000", **more: Any) -> int:
    receipt = verbs.add_city(
        SYSTEM,
        now=NOW,
        code=code,
        name={"zh": "上海市", "en": "Shanghai"},
        **{
            "time_zone": "Asia/Shanghai",
            "calendar": "cn",
            "language": "zh",
            "code_scheme": "GBT2260",
            "center": (121.47, 31.23),
        }
        | more,
    )
    return int(receipt["area_no"])


def box(code: str, west: float, east: float, name: str = "", **more: Any) -> dict[str, Any]:
    ring = [[west, 31.0], [east, 31.0], [east, 31.02], [west, 31.02], [west, 31.0]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name or code} | more,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def geojson(*features: dict[str, Any]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


TREE = (
    box("310101", 121.00, 121.04, "黄浦区"),
    box("310101002", 121.00, 121.02, "南京东路街道"),
    box("310101003", 121.02, 121.04, "外滩街道"),
    box("310101002001", 121.00, 121.01),
    box("310101002002", 121.01, 121.02),
    box("310101003001", 121.02, 121.04),
)


def load(city_no: int, *features: dict[str, Any], now: datetime = NOW, **more: Any) -> Any:
    return verbs.import_regions(
        SYSTEM, now=now, city_no=city_no, content=geojson(*features), source="test", **more
    )


def test_a_city_is_added_once_and_brought_up_to_date() -> None:
    first = add_city()
    assert add_city(time_zone="Asia/Urumqi") == first == areas.pack(1)
    assert reads.city(first).time_zone == "Asia/Urumqi"
    assert add_city("tainan", time_zone="Asia/Taipei") == areas.pack(2)


def test_a_bad_city_is_refused_field_by_field() -> None:
    with pytest.raises(Invalid) as caught:
        add_city(" ", time_zone="Mars/Olympus", center=(31.0, 121.0))
    assert {error.field for error in caught.value.errors} == {"code", "time_zone", "center"}


def test_import_is_idempotent_and_counts_add_up() -> None:
    city_no = add_city()
    bad = box("310199", 5, 6, level="street")
    first = load(city_no, *TREE, bad)
    assert (first["read"], first["created"], first["rejected"]) == (7, 6, 1)
    assert first["rejects"][0]["code"] == "310199"
    again = load(city_no, *TREE)
    assert (again["read"], again["unchanged"], again["created"], again["changed"]) == (6, 6, 0, 0)
    assert RegionHistory.objects.exclude(area_no=city_no).count() == 6


def test_changes_become_history_and_the_number_stays() -> None:
    city_no = add_city()
    load(city_no, box("310103", 121.0, 121.1, "卢湾区", valid_from="1949-10-01"))
    number = reads.area_by_code(city_no, "310103").no  # type: ignore[union-attr]
    later = NOW + timedelta(days=30)
    load(city_no, box("310103", 121.0, 121.2, "黄浦区"), now=later, effective=TODAY)
    verbs.change_region(SYSTEM, now=later, area_no=number, effective=TODAY, code="310101")
    then, now = reads.region_on(number, date(2011, 6, 1)), reads.region_on(number, TODAY)
    assert (then.code, then.name["zh"]) == ("310103", "卢湾区")
    assert (now.code, now.name["zh"]) == ("310101", "黄浦区")
    assert then.boundary is not None
    assert now.boundary is not None
    assert now.boundary.area == pytest.approx(2 * then.boundary.area)
    with pytest.raises(NotFound):
        reads.region_on(number, date(1949, 9, 30))


def test_closing_a_region() -> None:
    city_no = add_city()
    load(city_no, *TREE)
    street, community = areas.pack(1, 1, 2), areas.pack(1, 1, 2, 1)
    with pytest.raises(Conflict):
        verbs.close_region(SYSTEM, now=NOW, area_no=street, effective=TODAY)
    verbs.close_region(SYSTEM, now=NOW, area_no=community, effective=TODAY)
    with pytest.raises(NotFound):
        reads.area(community)
    with pytest.raises(NotFound):
        reads.region_on(community, TODAY)
    # The number is never given to another region.
    load(city_no, box("310101003009", 121.03, 121.04))
    assert reads.area_by_code(city_no, "310101003009").no == areas.pack(1, 1, 2, 2)  # type: ignore[union-attr]


def test_a_taken_code_and_a_future_day_are_refused() -> None:
    city_no = add_city()
    load(city_no, *TREE)
    number = areas.pack(1, 1, 1)
    with pytest.raises(Conflict):
        verbs.change_region(SYSTEM, now=NOW, area_no=number, effective=TODAY, code="310101003")
    with pytest.raises(Invalid):
        verbs.change_region(
            SYSTEM, now=NOW, area_no=number, effective=TODAY + timedelta(days=1), code="x"
        )
    with pytest.raises(Invalid):
        load(city_no, *TREE, effective=TODAY + timedelta(days=1))


def test_history_cannot_be_rewritten() -> None:
    add_city()
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        RegionHistory.objects.update(code="x")
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        RegionHistory.objects.all().delete()


def test_only_system_administrators_change_places() -> None:
    city_no = add_city()
    posts = ("leader", "dispatcher", "security_admin", "handler")
    for post in posts:
        actor = Actor("user", new_id(), "x", (Grant(post, new_id(), city_no),))
        with pytest.raises(Forbidden):
            verbs.import_regions(actor, now=NOW, city_no=city_no, content=geojson(), source="")
    admin = Actor("user", new_id(), "x", (Grant("system_admin", new_id(), city_no),))
    verbs.import_regions(admin, now=NOW, city_no=city_no, content=geojson(), source="")


def test_a_file_that_cannot_be_read_is_one_error() -> None:
    with pytest.raises(Invalid) as caught:
        verbs.import_regions(SYSTEM, now=NOW, city_no=add_city(), content=b"{", source="")
    assert caught.value.errors[0].field == "file"


def test_csv_gives_names_without_wiping_outlines() -> None:
    city_no = add_city()
    load(city_no, *TREE)
    receipt = verbs.import_regions(
        SYSTEM,
        now=NOW,
        city_no=city_no,
        source="names",
        file_format="csv",
        content="code,name,name_en\n310101,黄浦区,Huangpu\n310104,徐汇区,Xuhui\n".encode(),
    )
    assert (receipt["changed"], receipt["created"]) == (1, 1)
    assert reads.area(areas.pack(1, 1)).name == {"zh": "黄浦区", "en": "Huangpu"}
    assert reads.boundary(areas.pack(1, 1)) is not None
    assert reads.boundary(areas.pack(1, 2)) is None


def test_locating_by_regions_then_by_grids() -> None:
    city_no = add_city()
    load(city_no, *TREE)
    west, middle = areas.pack(1, 1, 1, 1), areas.pack(1, 1, 1, 2)
    assert reads.locate(city_no, 121.005, 31.01) == reads.Spot(west, None)
    receipt = verbs.generate_grids(SYSTEM, now=NOW, area_no=city_no, total=60)
    assert (receipt["count"], receipt["regions"]) == (60, 3)
    spot = reads.locate(city_no, 121.01, 31.01)  # on the border of two communities
    assert spot.area_no == west
    assert str(spot.grid_code).startswith("310101002001")
    assert reads.locate(city_no, 121.015, 31.01).area_no == middle
    assert reads.locate(city_no, 0.0, 0.0) == reads.Spot(None, None)
    many = reads.locate_many(city_no, np.array([121.005, 0.0]), np.array([31.01, 0.0]))
    assert many.area_nos.tolist() == [west, 0]
    assert many.grid_codes.tolist()[1] is None
    assert reads.city_of(121.005, 31.01) == city_no
    assert reads.city_of(0.0, 0.0) is None


def test_a_point_outside_deeper_levels_falls_to_the_one_above() -> None:
    city_no = add_city()
    load(city_no, box("310101", 121.0, 121.1), box("310101002", 121.0, 121.02))
    assert reads.locate(city_no, 121.05, 31.01).area_no == areas.pack(1, 1)
    spots = reads.locate_many(city_no, np.array([121.05, 121.01]), np.array([31.01, 31.01]))
    assert spots.area_nos.tolist() == [areas.pack(1, 1), areas.pack(1, 1, 1)]


def test_cities_do_not_mix() -> None:
    first, second = add_city(), add_city("2")
    load(first, *TREE)
    load(second, box("A", 10.0, 10.1))
    assert reads.city_of(10.05, 31.01) == second
    assert reads.locate(first, 10.05, 31.01).area_no is None
    assert [info.code for info in reads.regions(second, level="district")] == ["A"]


def test_generating_again_replaces_the_grids() -> None:
    city_no = add_city()
    load(city_no, *TREE)
    verbs.generate_grids(SYSTEM, now=NOW, area_no=city_no, total=30)
    verbs.generate_grids(SYSTEM, now=NOW, area_no=areas.pack(1, 1, 2), total=40)
    assert Grid.objects.filter(valid_to=None, area_no=areas.pack(1, 1, 2, 1)).count() == 40
    assert Grid.objects.exclude(valid_to=None).exists()
    with pytest.raises(Invalid, match="999"):
        verbs.generate_grids(SYSTEM, now=NOW, area_no=city_no, cell_m2=100.0)


def test_joined_layers_are_proved_and_listed() -> None:
    city_no = add_city()
    load(city_no, box("310000", 121.0, 121.04), *TREE)
    verbs.generate_grids(SYSTEM, now=NOW, area_no=city_no, total=60)
    name = {"zh": "警务网格", "en": "Police grid"}
    made = verbs.group_grids(
        SYSTEM, now=NOW, area_no=city_no, layer="police", name=name, cells_each=7
    )
    assert made["count"] >= 6
    report = reads.overlay_report(city_no)
    found = {layer["layer"]: layer for layer in report["layers"]}
    assert set(found) == {"district", "street", "community", "grid:base", "grid:police"}
    assert all(layer["sound"] for layer in found.values()), report
    lines, more = reads.owner_list(city_no, limit=200)
    assert more is None
    assert len(lines) == 60
    for line in lines:
        ((_, _, share),) = line.layers["police"]
        assert share == 1.0


def test_an_imported_layer_is_overlaid_and_its_faults_found() -> None:
    city_no = add_city()
    load(city_no, box("310000", 121.0, 121.04), *TREE)
    verbs.generate_grids(SYSTEM, now=NOW, area_no=city_no, total=40)
    zones = geojson(box("Z1", 121.0, 121.025, "第一队"), box("Z2", 121.02, 121.03, "第二队"))
    name = {"zh": "综合网格", "en": "Comprehensive grid"}
    receipt = verbs.import_grids(
        SYSTEM,
        now=NOW,
        city_no=city_no,
        layer="comprehensive",
        name=name,
        content=zones,
        source="t",
    )
    assert (receipt["created"], receipt["rejected"]) == (2, 0)
    verbs.overlay_layers(SYSTEM, now=NOW, city_no=city_no, layer="comprehensive")
    report = {layer["layer"]: layer for layer in reads.overlay_report(city_no)["layers"]}
    proof = report["grid:comprehensive"]
    total = proof["area_m2"]
    assert not proof["sound"]
    assert proof["gap_m2"] == pytest.approx(total / 4, rel=1e-3)
    assert proof["overlap_m2"] == pytest.approx(total / 8, rel=1e-3)
    lines, _ = reads.owner_list(city_no, limit=200)
    base_m2 = sum(
        share * line.grid.size_m2
        for line in lines
        for _, _, share in line.layers.get("comprehensive", [])
    )
    assert base_m2 == pytest.approx(total * 7 / 8, rel=1e-3)
    with pytest.raises(NotFound):
        verbs.overlay_layers(SYSTEM, now=NOW, city_no=city_no, layer="base")


def test_owners_are_kept() -> None:
    city_no = add_city()
    load(city_no, *TREE)
    verbs.generate_grids(SYSTEM, now=NOW, area_no=city_no, total=10)
    code = reads.grids(city_no)[0][0].code
    for owner in ("张三", "李四"):
        verbs.assign_grid_owner(
            SYSTEM, now=NOW, city_no=city_no, layer="base", codes=[code], owner_name=owner
        )
    assert reads.grids(city_no)[0][0].owner == "李四"
    assert list(GridOwner.objects.order_by("id").values_list("owner_name", flat=True)) == [
        "张三",
        "李四",
    ]
    with pytest.raises(NotFound, match="nowhere"):
        verbs.assign_grid_owner(
            SYSTEM, now=NOW, city_no=city_no, layer="base", codes=[code, "nowhere"], owner_name="x"
        )


def test_grid_pages_have_no_gaps_or_repeats() -> None:
    city_no = add_city()
    load(city_no, *TREE)
    verbs.generate_grids(SYSTEM, now=NOW, area_no=city_no, total=57)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page, cursor = reads.grids(city_no, cursor=cursor, limit=10)
        seen += [line.code for line in page]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 57
    with pytest.raises(Invalid):
        reads.grids(city_no, "nowhere")


def test_lists_and_paths() -> None:
    city_no = add_city()
    load(city_no, *TREE)
    assert [info.code for info in reads.area_path(areas.pack(1, 1, 2, 1, 7))] == [
        "310000",
        "310101",
        "310101003",
        "310101003001",
    ]
    assert [info.code for info in reads.regions(city_no, level="street", q="外滩")] == ["310101003"]
    district = areas.pack(1, 1)
    assert len(reads.regions(city_no)) == 7
    assert [info.level for info in reads.regions(city_no, parent=district)] == ["street"] * 2
    assert len(reads.regions(city_no, parent=district, level="community")) == 3
    assert len(reads.regions(city_no, parent=district, q="310101")) == 5
    assert set(reads.areas_named([areas.pack(1, 1), areas.pack(1, 99)])) == {areas.pack(1, 1)}
    with pytest.raises(Invalid):
        reads.regions(city_no, level="galaxy")
    with pytest.raises(NotFound):
        reads.area(areas.pack(9))


def test_outlines_for_maps_share_borders() -> None:
    city_no = add_city()
    load(city_no, *TREE)
    document = json.loads(reads.region_features(city_no, "street"))
    assert [f["properties"]["code"] for f in document["features"]] == ["310101002", "310101003"]
    shapes = [shapely.geometry.shape(f["geometry"]) for f in document["features"]]
    assert shapes[0].intersection(shapes[1]).length == pytest.approx(0.02)
    verbs.generate_grids(SYSTEM, now=NOW, area_no=city_no, total=30)
    near = reads.grid_features(city_no, "base", (121.0, 31.0, 121.004, 31.004))
    assert 0 < len(near["features"]) < 30
    with pytest.raises(Invalid):
        reads.grid_features(city_no, "base", (5, 5, 1, 1))


def test_the_map_follows_a_roll_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chengyun.places.reads.atlas._LOOK_AGAIN_S", 0.0)
    city_no = add_city()
    load(city_no, *TREE)
    before = reads.revision(city_no)
    undone = transaction.atomic()
    undone.__enter__()
    load(city_no, box("310109", 121.1, 121.2))
    assert reads.area_by_code(city_no, "310109") is not None
    undone.__exit__(RuntimeError, RuntimeError(), None)
    assert reads.revision(city_no) == before
    assert reads.area_by_code(city_no, "310109") is None
