"""The component register over the database: files, census, change sets, doors."""

import csv
import io
import time
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from chengyun.app.demo import components as demo
from chengyun.app.exchange.places import components as kind
from chengyun.app.exchange.places._asked import Asked
from chengyun.app.setup.packs import install_components
from chengyun.app.setup.running import catalog
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import Upload
from chengyun.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from chengyun.places import reads, verbs
from chengyun.places.models import Component, ComponentInspection, ComponentVersion
from tests.places.test_addresses import CITY, DISTRICT, LATER, STREET, person, put
from tests.places.test_api import get  # noqa: F401, the fixture
from tests.places.test_verbs import NOW, TREE, add_city, load

pytestmark = pytest.mark.django_db
NAME = {"zh": "上水井盖", "en": "Water supply manhole cover"}
LAYOUTS = {"CJT": "6+2+2+6", "GBT": "6+2+3+5", "SH": ""}
SPOT = {"lon": 121.005, "lat": 31.01}
COVER = "CJT/component/0101"
HEAD = "code,scheme,class,name,state,DeptName1,DeptCode1,lon,lat\n"


@pytest.fixture
def city() -> int:
    number = add_city()
    load(number, *TREE)
    kinds = [
        {
            "id": f"{scheme}/component/0101",
            "scheme": scheme,
            "major_code": "01",
            "minor_code": "01",
            "name": NAME,
            "major": NAME,
            "layout": layout,
            "near_m": 30.0,
        }
        for scheme, layout in LAYOUTS.items()
    ]
    assert verbs.load_component_kinds(SYSTEM, now=NOW, pack="t", kinds=kinds)["changed"] == 3
    assert verbs.load_component_kinds(SYSTEM, now=NOW, pack="t", kinds=kinds)["changed"] == 0
    return number


def bring(folder: Path, rows: str, **more: Any) -> Any:
    path = folder / "components.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return kind.bring_in(Asked(path, CITY, "survey", **more))


def one(**more: Any) -> Component:
    row = (1, f"t:{more.get('name', '')}", {**SPOT, "kind_id": COVER, **more})
    done = verbs.import_components(SYSTEM, now=NOW, city_no=CITY, rows=[row], source="test")
    assert done["rejects"] == []
    return Component.objects.latest("updated_at", "id")


def carried(set_id: Any, *names: str) -> None:
    for name in names:
        verb = getattr(verbs, f"{name}_set")
        verb(SYSTEM, now=LATER, set_id=set_id, **({"reason": "x"} if name == "roll_back" else {}))


def whole() -> dict[str, Any]:
    fields = ("scheme", "code", "state", "lon", "lat", "area_no", "grid_code", "name", "photos")
    rows = Component.objects.filter(valid_to=None)
    return {str(row.id): tuple(getattr(row, name) for name in fields) for row in rows}


def found(actor: Actor, finding: str, row: Component | None = None, **more: Any) -> Any:
    content = {k: v for k, v in more.items() if k not in ("photos", "area")}
    return verbs.record_finding(
        actor,
        now=NOW,
        area_no=more.get("area", STREET),
        finding=finding,
        component_id=row.id if row else None,
        content=content,
        photos=more.get("photos", ()),
    )


def test_a_file_is_located_coded_and_read_again_without_doubling(city: int, tmp_path: Path) -> None:
    verbs.generate_grids(SYSTEM, now=NOW, area_no=city, total=40)
    rows = (
        "3101010101000007,CJT,,a,完好,水务局,W1,121.005,31.01\n"
        "3101010100100007,GBT,,b,破损,,,121.006,31.01\n"
        ",CJT,0101,c,,,,121.007,31.01\n"
        ",SH,0101,d,,,,121.007,31.01\n"
        "3101010201000007,CJT,,e,,,,121.005,31.01\n"
        "3101010101000007,CJT,0101,f,odd,,,121.005,31.01\n"
        "3101010101000009,,,g,,,,121.005,31.01\n"
        ",CJT,0101,h,,,,,31.01\n"
    )
    told = bring(tmp_path, rows)
    counts = ("read", "created", "changed", "unchanged", "rejected")
    assert [told[name] for name in counts] == [8, 4, 0, 0, 4]
    with Path(told["rejects_file"]).open(encoding="utf-8-sig") as file:
        rejects = [(r["number"], r["field"], r["code"]) for r in csv.DictReader(file)]
    assert sorted(rejects) == [
        ("5", "code", "bad_code"),
        ("6", "state", "bad_state"),
        ("7", "scheme", "no_scheme"),
        ("8", "lon", "bad_place"),
    ]
    codes = dict(Component.objects.values_list("name", "code"))
    assert codes == {
        "a": "3101010101000007",
        "b": "3101010100100007",
        "c": "3101010101000008",
        "d": "",
    }
    a = Component.objects.get(name="a")
    assert (a.manager, a.manager_code, a.state) == ("水务局", "W1", "intact")
    assert a.grid_code.startswith("310101002001")
    assert a.area_no == reads.locate(CITY, 121.005, 31.01).area_no
    again = bring(tmp_path, rows)
    assert [again[name] for name in counts] == [8, 0, 0, 4, 4]
    assert Component.objects.count() == ComponentVersion.objects.count() == 4
    changed = bring(tmp_path, "3101010101000007,CJT,,a,丢失,水务局,W1,121.005,31.01\n")
    assert changed["changed"] == 1
    assert Component.objects.get(name="a").state == "missing"
    with pytest.raises(DatabaseError), transaction.atomic():
        ComponentVersion.objects.update(reason="x")


def test_an_export_is_taken_back_as_it_was(city: int, tmp_path: Path) -> None:
    one(name="=cmd()", note="x")
    one(name="b", kind_id="SH/component/0101")
    before = whole()
    said = "".join(reads.component_csv(CITY))
    assert "'=cmd()" in said
    path = tmp_path / "back.csv"
    path.write_text(said, encoding="utf-8")
    told = kind.bring_in(Asked(path, CITY, "back"))
    assert (told["unchanged"], told["rejected"]) == (2, 0)
    assert whole() == before
    rows = list(csv.DictReader(io.StringIO(said)))
    assert {row["scheme"] for row in rows} == {"CJT", "SH"}


def test_two_components_never_have_one_code(city: int) -> None:
    row = one(name="a", code="3101010101000001")
    twin = (1, "t:b", {**SPOT, "kind_id": COVER, "code": row.code})
    done = verbs.import_components(SYSTEM, now=NOW, city_no=CITY, rows=[twin], source="test")
    assert [(r["field"], r["code"]) for r in done["rejects"]] == [("code", "code_taken")]
    change = {"action": "add", "after": twin[2]}
    made = verbs.open_set(
        SYSTEM, now=NOW, area_no=CITY, subject="components", title="x", changes=[change]
    )
    with pytest.raises(Conflict) as refused:
        verbs.propose_set(SYSTEM, now=NOW, set_id=made["id"])
    assert refused.value.code == "has_problems"


def test_a_census_by_phone_is_proposed_reviewed_applied_and_undone(city: int) -> None:
    collector, leader = person("collector", STREET), person("leader")
    broken, gone, moved, same = (one(name=name) for name in "abcd")
    before = whole()
    assert found(collector, "intact", same)["set_id"] is None
    done = found(collector, "damaged", broken)
    assert found(collector, "missing", gone)["set_id"] == done["set_id"]
    found(collector, "moved", moved, lon=121.0055, lat=31.011)
    made = found(collector, "new", kind_id=COVER, lon=121.007, lat=31.01, name="e")
    assert (made["set_id"], made["count"]) == (done["set_id"], 4)
    assert whole() == before
    diffs = {
        row["target_id"]: {d["field"] for d in row["diff"]}
        for row in reads.changes_of(leader, UUID(made["set_id"]))[0]
    }
    assert diffs[str(broken.id)] == diffs[str(gone.id)] == {"state"}
    assert diffs[str(moved.id)] == {"lon", "lat"}
    verbs.propose_set(collector, now=NOW, set_id=made["set_id"])
    with pytest.raises(Forbidden):
        verbs.approve_set(collector, now=NOW, set_id=made["set_id"])
    verbs.approve_set(leader, now=NOW, set_id=made["set_id"])
    carried(made["set_id"], "apply")
    after = whole()
    broken.refresh_from_db()
    assert (broken.state, after[str(gone.id)][2]) == ("damaged", "missing")
    assert after[made["component_id"]][1] == "3101010101000005"
    assert len(ComponentInspection.objects.filter(finding="intact")) == 1
    carried(made["set_id"], "roll_back")
    assert whole() == before
    carried(made["set_id"], "replay")
    assert whole() == after
    then = reads.component_on(leader, broken.id, NOW.date())
    assert then["content"]["state"] == "intact"
    assert reads.component_on(leader, broken.id, LATER.date())["content"]["state"] == "damaged"
    with pytest.raises(NotFound):
        reads.component_on(leader, broken.id, NOW.date() - timedelta(days=1))
    page = reads.component(leader, broken.id)
    assert [line["finding"] for line in page["inspections"]] == ["damaged"]


def test_a_finding_needs_a_post_there_and_sound_content(city: int) -> None:
    row = one(name="a")
    with pytest.raises(Forbidden):
        found(person("auditor", STREET), "damaged", row)
    with pytest.raises(Forbidden):
        found(
            person("collector", STREET), "new", kind_id=COVER, lon=121.03, lat=31.01, area=DISTRICT
        )
    for finding, of, more, field in (
        ("moved", row, {}, "finding"),
        ("new", row, {}, "finding"),
        ("damaged", None, {}, "finding"),
        ("new", None, {"kind_id": "none", **SPOT}, "kind_id"),
        ("new", None, {"kind_id": COVER, "lon": 999.0, "lat": 1.0}, "lon"),
        ("damaged", row, {"photos": [new_id()]}, "photos"),
    ):
        with pytest.raises(Invalid) as refused:
            found(person("collector", STREET), finding, of, **more)
        assert field in {error.field for error in refused.value.errors}
    with pytest.raises(NotFound):
        verbs.record_finding(
            person("collector", STREET), now=NOW, area_no=STREET, finding="damaged",
            component_id=new_id(), content={},
        )  # fmt: skip
    assert ComponentInspection.objects.count() == 0


def test_photos_are_ones_own_and_those_of_the_component(city: int) -> None:
    collector, row = person("collector", STREET), one(name="a")
    mine, theirs = (
        Upload.objects.create(
            owner_id=owner, sha256=b"x", width=9, height=9, size=9, created_at=NOW
        )
        for owner in (collector.id, new_id())
    )
    with pytest.raises(Invalid):
        found(collector, "damaged", row, photos=[theirs.id])
    done = found(collector, "damaged", row, photos=[mine.id])
    mine.refresh_from_db()
    assert mine.used_at == NOW
    carried(done["set_id"], "propose", "approve", "apply")
    row.refresh_from_db()
    assert row.photos == [str(mine.id)]
    assert reads.photo_of(collector, row.id, mine.id)
    assert not reads.photo_of(collector, row.id, theirs.id)
    sneaky = {"action": "change", "target_id": str(row.id), "after": {"photos": [str(theirs.id)]}}
    made = verbs.open_set(
        collector, now=NOW, area_no=STREET, subject="components", title="x", changes=[sneaky]
    )
    with pytest.raises(Conflict) as refused:
        verbs.propose_set(collector, now=NOW, set_id=made["id"])
    assert refused.value.code == "has_problems"


def test_a_census_file_becomes_one_set_and_no_register(city: int, tmp_path: Path) -> None:
    a = one(name="a", code="3101010101000001", manager="水务局", manager_code="W1")
    b = one(name="b", code="3101010101000002")
    rows = (
        f"{a.code},CJT,,a,完好,水务局,W1,121.005,31.01\n"
        f"{b.code},CJT,,b,丢失,,,121.005,31.01\n"
        "3101010101000003,CJT,,c,完好,,,121.006,31.01\n"
    )
    before = whole()
    told = bring(tmp_path, rows, options={"census": "普查"})
    assert [told[n] for n in ("created", "changed", "unchanged", "rejected")] == [1, 1, 1, 0]
    assert whole() == before
    carried(told["set_id"], "propose", "approve", "apply")
    assert sorted((row[1], row[2]) for row in whole().values()) == [
        (a.code, "intact"),
        (b.code, "missing"),
        ("3101010101000003", "intact"),
    ]
    again = bring(tmp_path, rows, options={"census": "普查"})
    assert (again["unchanged"], again["set_id"]) == (3, "")


def test_a_link_to_an_address_is_one_in_force(city: int) -> None:
    (home,) = put({"road": "甲路", "lane": "10", "number": "3"})
    row = one(name="a", address_id=str(home.id))
    assert reads.component(SYSTEM, row.id)["address_in_force"]
    assert [line["id"] for line in reads.address(SYSTEM, home.id)["components"]] == [row.id]
    verbs.move_address(SYSTEM, now=LATER, address_id=home.id, move="retire", reason="x")
    assert not reads.component(SYSTEM, row.id)["address_in_force"]
    checks = {c["check"]: c["count"] for c in reads.address_quality(SYSTEM, CITY)["checks"]}
    assert checks["component_without_address"] == 1
    bad = (1, "t:b", {**SPOT, "kind_id": COVER, "address_id": str(home.id)})
    done = verbs.import_components(SYSTEM, now=NOW, city_no=CITY, rows=[bad], source="test")
    assert [r["code"] for r in done["rejects"]] == ["no_address"]


def test_the_nearest_come_first_and_none_beyond(city: int) -> None:
    near, far = one(name="a"), one(name="b", lon=121.0053)
    one(name="c", lon=121.02)
    found_so = reads.components_near(CITY, 121.00501, 31.01, [COVER], 40.0)
    assert [row.id for row, _ in found_so] == [near.id, far.id]
    assert [round(metres) for _, metres in found_so] == [1, 28]
    assert reads.components_near(CITY, 121.00501, 31.01, ["SH/component/0101"], 40.0) == []


def test_the_doors(city: int, get: Any) -> None:  # noqa: F811, the fixture
    row = one(name="a", manager="水务局", manager_code="W1")
    one(name="b", lon=121.03, state="damaged")
    leader = person("leader")
    for route in (
        *("/components", "/components.geojson?bbox=121,31,122,32", "/components.csv"),
        *("/component-kinds", f"/components/{row.id}", f"/components/{row.id}/then?on=2026-03-01"),
        f"/components/{row.id}/photos/{new_id()}",
    ):
        assert get(route, None).status_code == 401
    stranger = person("leader", 2 << 50)
    assert get(f"/components/{row.id}", stranger).status_code == 404
    assert get(f"/components/{new_id()}", leader).status_code == 404
    assert get(f"/components/{row.id}/photos/{new_id()}", leader).status_code == 404
    for query, names in (
        ("", ["a", "b"]),
        ("?unit=W1", ["a"]),
        ("?unit=水务局", ["a"]),
        ("?state=damaged", ["b"]),
        ("?bbox=121,31,121.01,31.02", ["a"]),
        (f"?kind={COVER}&q=3101010101", ["a", "b"]),
        (f"?area={STREET}", ["a"]),
        ("?scheme=GBT", []),
    ):
        items = get(f"/components{query}", leader).json()["items"]
        assert sorted(item["name"] for item in items) == names
    first = get("/components?limit=1", leader).json()
    second = get(f"/components?limit=1&cursor={first['next']}", leader).json()
    assert {first["items"][0]["name"], second["items"][0]["name"]} == {"a", "b"}
    assert second["next"] is None
    for query, field in (("bbox=1,2,3", "bbox"), ("bbox=9,9,1,1", "bbox"), ("state=odd", "state")):
        answer = get(f"/components?{query}", leader)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    box = get("/components.geojson?bbox=121,31,122,32", leader).json()
    assert (len(box["features"]), box["truncated"]) == (2, False)
    body = {"finding": "damaged", "component_id": str(row.id)}
    more = {"content_type": "application/json", "data": body}
    made = get("/components/findings", person("collector", STREET), "post", **more)
    assert made.status_code == 201
    assert made.json()["count"] == 1


def test_what_everybody_sees_holds_no_people(city: int) -> None:
    row = one(name="a", manager="水务局", owner="张三", note="call 138")
    shown = reads.public_component(row.id)
    assert shown["code"] == row.code
    assert not {"manager", "owner", "maintainer", "note", "photos", "inspections"} & set(shown)
    with pytest.raises(NotFound):
        reads.public_component(new_id())


def test_a_large_file_is_read_in_bounded_memory(city: int, tmp_path: Path) -> None:
    """Ten chunks need no more than two: what is kept does not grow with the file."""

    def peak(count: int) -> int:
        rows = "".join(
            f",SH,0101,{at},,,,{121 + at % 100 / 1e4},{31 + at / 1e7}\n" for at in range(count)
        )
        tracemalloc.start()
        told = bring(tmp_path, rows, dry_run=True)
        assert told["read"] == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    bring(tmp_path, ",SH,0101,a,,,,121.005,31.01\n", dry_run=True)
    assert peak(20_000) < 1.3 * peak(4_000) + 2_000_000


def test_the_demos_components_are_made_once_and_say_so(city: int) -> None:
    packs = catalog()
    install_components(packs, NOW)
    file = packs.pack("shanghai-demo").components
    assert file is not None
    begun = time.perf_counter()
    demo.build(file, city, lambda _said: None, NOW)
    assert time.perf_counter() - begun < 2
    rows = Component.objects.all()
    assert rows.count() == file.count
    assert rows.filter(synthetic=True, name__startswith="模拟").count() == file.count
    assert {row.scheme for row in rows} == {"GBT30428.2", "CJT214-2007"}
    assert not rows.filter(code="").exists()
    demo.build(file, city, lambda _said: None, NOW)
    assert rows.count() == file.count
