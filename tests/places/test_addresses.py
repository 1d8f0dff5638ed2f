"""The address register over the database: life, change sets, undoing, quality, rights."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor, Grant
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from chengyun.places import reads, verbs
from chengyun.places.models import Address, AddressVersion, Entity
from tests.places.test_api import get  # noqa: F401, the fixture
from tests.places.test_verbs import NOW, TREE, add_city, load

pytestmark = pytest.mark.django_db
CITY, DISTRICT, STREET = areas.pack(1), areas.pack(1, 1), areas.pack(1, 1, 1)
RULES = {
    "widths": [4, 4, 4],
    "degree_decimals": 6,
    "height_decimals": 1,
    "approve_posts": ["leader"],
    "source": "test",
    "verified": False,
}
UNIT = "91330100799655058B"
LATER = NOW + timedelta(days=3)


def person(post: str, area_no: int = CITY) -> Actor:
    return Actor("user", new_id(), post, (Grant(post, new_id(), area_no),))


@pytest.fixture
def city() -> int:
    number = add_city()
    load(number, *TREE)
    verbs.load_address_rules(SYSTEM, now=NOW, pack="test", pack_version="1", content=RULES)
    return number


def put(*rows: dict[str, Any], now: Any = NOW) -> list[Address]:
    """Addresses of a file, published; on one point unless they say otherwise."""
    point = {"lon": 121.005, "lat": 31.01}
    given = [(at, f"t:{row.get('id', at)}", point | row) for at, row in enumerate(rows, 1)]
    done = verbs.import_addresses(SYSTEM, now=now, city_no=CITY, rows=given, source="test")
    assert done["rejects"] == []
    return list(Address.objects.order_by("text"))


def lane(*numbers: int, lane_: str = "10", road: str = "甲路") -> list[dict[str, Any]]:
    return [{"id": f"{road}{lane_}-{n}", "road": road, "lane": lane_, "number": n} for n in numbers]


def whole() -> dict[str, Any]:
    """All that a register says, without bookkeeping."""
    fields = ("text", "area_no", "grid_code", "code", "point_code", "names", "state", "search")
    return {
        str(row.id): tuple(getattr(row, name) for name in fields)
        for row in Address.objects.exclude(state="retired")
    }


def carried(set_id: Any, *names: str, now: Any = LATER) -> None:
    for name in names:
        verb = getattr(verbs, f"{name}_set")
        verb(SYSTEM, now=now, set_id=set_id, **({"reason": "x"} if name == "roll_back" else {}))


def test_an_address_is_located_and_coded_when_written(city: int) -> None:
    verbs.generate_grids(SYSTEM, now=NOW, area_no=city, total=40)
    (row,) = put({"road": "甲路", "lane": "10", "number": "3", "height": 4.2})
    assert row.grid_code.startswith("310101002001")
    assert row.code == "310101002001" + "0001" + "0001" + "0000"
    assert row.point_code == "E121005000N31010000H00042"
    spot = reads.locate(CITY, 121.005, 31.01)
    assert row.area_no == spot.area_no
    put({"id": 9, "road": "甲路", "lane": "10", "number": "4"})
    assert Address.objects.get(number="4号").code.endswith("000100020000")


def test_life_from_proposed_to_retired_needs_a_second_person(city: int) -> None:
    collector, leader = person("collector", STREET), person("leader")
    content = {"road": "甲路", "number": "5", "lon": 121.005, "lat": 31.01}
    done = verbs.propose_address(collector, now=NOW, city_no=city, content=content)
    one = UUID(done["id"])
    with pytest.raises(Forbidden):
        verbs.move_address(collector, now=NOW, address_id=one, move="approve")
    with pytest.raises(Conflict):
        verbs.move_address(leader, now=NOW, address_id=one, move="publish")
    verbs.move_address(leader, now=NOW, address_id=one, move="approve")
    verbs.move_address(leader, now=NOW, address_id=one, move="publish")
    with pytest.raises(Invalid):
        verbs.move_address(leader, now=LATER, address_id=one, move="retire")
    verbs.move_address(leader, now=LATER, address_id=one, move="retire", reason="demolished")
    states = [line["state"] for line in reads.address(leader, one)["history"]]
    assert states == ["retired", "published", "approved", "proposed"]
    assert reads.addresses(leader)[0] == []
    assert reads.addresses(leader, state="retired")[0][0]["valid_to"] == LATER.date()
    mine = verbs.propose_address(leader, now=NOW, city_no=city, content=content)["id"]
    with pytest.raises(Forbidden) as refused:
        verbs.move_address(leader, now=NOW, address_id=UUID(mine), move="approve")
    assert refused.value.code == "second_person"


def test_where_one_may_not_work_one_proposes_nothing(city: int) -> None:
    content = {"road": "甲路", "number": "5", "lon": 121.03, "lat": 31.01}
    with pytest.raises(Forbidden):
        verbs.propose_address(person("collector", STREET), now=NOW, city_no=city, content=content)
    with pytest.raises(Invalid) as refused:
        verbs.propose_address(SYSTEM, now=NOW, city_no=city, content={"lane": "1", "lon": 1.0})
    assert {error.field for error in refused.value.errors} == {"road", "lat"}


def test_a_street_is_renamed_undone_and_renamed_again(city: int) -> None:
    put(*lane(1, 2, 3), *lane(1, road="丙路"))
    before = whole()
    done = verbs.restructure_addresses(
        SYSTEM, now=NOW, area_no=city, action="change", where={"road": "甲路"},
        becomes={"road": "乙路"}, title="甲路 is 乙路",
    )  # fmt: skip
    assert done["count"] == 3
    carried(done["id"], "propose", "approve", "apply")
    after = whole()
    assert sorted(row[0] for row in after.values()) == [
        *("丙路10弄1号", "乙路10弄1号", "乙路10弄2号", "乙路10弄3号"),
    ]
    old = Address.objects.get(text="乙路10弄1号")
    assert old.names == [{"kind": "old_name", "name": "甲路10弄1号"}]
    assert reads.addresses(SYSTEM, q="甲路10弄1号")[0][0]["text"] == "乙路10弄1号"
    carried(done["id"], "roll_back")
    assert whole() == before
    carried(done["id"], "replay")
    assert whole() == after
    then = reads.address_on(SYSTEM, old.id, NOW.date())
    assert then["text"] == "甲路10弄1号"
    assert reads.address_on(SYSTEM, old.id, LATER.date())["text"] == "乙路10弄1号"
    with pytest.raises(NotFound):
        reads.address_on(SYSTEM, old.id, NOW.date() - timedelta(days=1))


def test_a_lane_is_split_and_lanes_are_merged(city: int) -> None:
    put(*lane(1, 2, 3), *lane(9, lane_="20"))
    split = verbs.restructure_addresses(
        SYSTEM, now=NOW, area_no=city, action="split", where={"road": "甲路", "lane": "10"},
        becomes={"lane": "12"}, numbers=["2", "3"], title="split",
    )  # fmt: skip
    carried(split["id"], "propose", "approve", "apply")
    texts = set(Address.objects.values_list("text", flat=True))
    assert texts == {"甲路10弄1号", "甲路12弄2号", "甲路12弄3号", "甲路20弄9号"}
    merge = verbs.restructure_addresses(
        SYSTEM, now=NOW, area_no=city, action="merge", where={"road": "甲路", "lane": "20"},
        becomes={"lane": "12"}, title="merge",
    )  # fmt: skip
    carried(merge["id"], "propose", "approve", "apply")
    assert Address.objects.filter(lane="12弄").count() == 3
    with pytest.raises(Invalid):
        verbs.restructure_addresses(
            SYSTEM, now=NOW, area_no=city, action="change", where={"room": "1"},
            becomes={"road": "x"}, title="t",
        )  # fmt: skip


def test_a_set_says_what_is_wrong_with_each_address(city: int) -> None:
    put(*lane(1))
    changes = [
        {"action": "add", "target_id": str(new_id()), "after": {"lane": "3"}},
        {"action": "add", "target_id": "no-uuid", "after": {"road": "x"}},
        {
            "action": "add",
            "target_id": str(new_id()),
            "after": {"road": "甲路", "lane": "10弄", "number": "1", "lon": 121.03, "lat": 31.01},
        },
    ]
    done = verbs.open_set(
        SYSTEM, now=NOW, area_no=STREET, subject="addresses", title="t", changes=changes
    )
    with pytest.raises(Conflict) as refused:
        carried(done["id"], "propose")
    assert {one["code"] for one in refused.value.extra["problems"]} == {
        *("no_road", "bad_id", "outside_area"),
    }


OPS = st.lists(
    st.tuples(st.sampled_from(["change", "retire", "add"]), st.integers(0, 3), st.integers(1, 99)),
    min_size=1,
    max_size=6,
    unique_by=lambda op: op[1] if op[0] != "add" else (op[0], op[2]),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ops=OPS)
def test_whatever_a_set_does_undoing_gives_it_back(city: int, ops: Any) -> None:
    put(*lane(1, 2, 3, 4))
    rows = list(Address.objects.exclude(state="retired").order_by("text"))
    before, changes = whole(), []
    for action, at, number in ops:
        target = str(new_id()) if action == "add" else str(rows[at].id)
        after = {"road": "丁路", "number": str(number), "lon": 121.015, "lat": 31.01}
        changes.append({"action": action, "target_id": target, "after": after})
    with transaction.atomic():
        set_id = verbs.open_set(
            SYSTEM, now=NOW, area_no=CITY, subject="addresses", title="t", changes=changes
        )["id"]
        carried(set_id, "propose", "approve", "apply")
        after_all = whole()
        carried(set_id, "roll_back")
        assert whole() == before
        carried(set_id, "replay")
        assert whole() == after_all
        carried(set_id, "roll_back")


def test_a_file_read_again_doubles_nothing_and_undoes_nothing(city: int) -> None:
    put(*lane(1, 2))
    done = verbs.restructure_addresses(
        SYSTEM, now=NOW, area_no=city, action="change", where={"road": "甲路"},
        becomes={"road": "乙路"}, title="t",
    )  # fmt: skip
    carried(done["id"], "propose", "approve", "apply")
    put(*lane(1, 2), now=LATER)
    assert sorted(Address.objects.values_list("text", flat=True)) == ["乙路10弄1号", "乙路10弄2号"]
    versions = AddressVersion.objects.count()
    put(*lane(1, 2), now=LATER)
    assert AddressVersion.objects.count() == versions == 4


def test_history_is_only_added_to(city: int) -> None:
    put(*lane(1))
    for act in ("UPDATE places_addressversion SET text = ''", "DELETE FROM places_addressversion"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)


def entity(address: Address, **more: Any) -> dict[str, Any]:
    return {"address_id": str(address.id), "kind": "facility", "name": "消火栓"} | more


def test_all_that_is_real_hangs_on_one_address(city: int) -> None:
    house, other = put(*lane(1, 2))
    leader = person("leader")
    for content in (
        entity(house),
        entity(house, kind="unit", name="某公司", code=UNIT),
        entity(house, kind="population", name="", count=12),
        entity(house, kind="population", name="", count=3),
    ):
        verbs.save_entity(leader, now=NOW, city_no=city, content=content)
    found = reads.address(leader, house.id)
    assert found["entity_counts"] == {"facility": 1, "unit": 1, "population": 15}
    page, _ = reads.entities(leader, code=UNIT)
    assert [(one["name"], one["address"]) for one in page] == [("某公司", "甲路10弄1号")]
    private = entity(house, attributes={"户主": "张三"})
    with pytest.raises(Invalid) as refused:
        verbs.save_entity(leader, now=NOW, city_no=city, content=private)
    assert refused.value.errors[0].code == "personal"
    content = entity(other, address_id=str(new_id()))
    with pytest.raises(NotFound):
        verbs.save_entity(leader, now=NOW, city_no=city, content=content)
    ended = Entity.objects.get(kind="facility")
    verbs.end_entity(leader, now=NOW, entity_id=ended.id)
    assert "facility" not in reads.address(leader, house.id)["entity_counts"]


def test_duplicates_and_orphans_are_found(city: int) -> None:
    rows = put(*lane(1, 2), {"id": "x", "road": "甲路", "lane": "10", "number": "1"})
    put({"id": "r", "road": "戊路", "number": "7", "room": "101"})
    put({"id": "aux", "road": "己路", "number": "8", "main_id": str(rows[2].id)})
    home = Address.objects.get(text="甲路10弄2号")
    verbs.save_entity(SYSTEM, now=NOW, city_no=city, content=entity(home))
    verbs.save_entity(
        SYSTEM, now=NOW, city_no=city, content=entity(rows[0], kind="unit", code=UNIT)
    )
    verbs.save_entity(
        SYSTEM, now=NOW, city_no=city, content=entity(rows[1], kind="unit", code=UNIT)
    )
    Address.objects.filter(pk=home.pk).update(state="retired")
    found = {
        check["check"]: check["count"] for check in reads.address_quality(SYSTEM, city)["checks"]
    }
    assert found["duplicate"] == 1
    assert found["orphan_main"] == 1
    assert found["orphan_room"] == 1
    assert found["entity_without_address"] == 1
    assert found["unit_twice"] == 1
    assert found["no_area"] == 0
    with pytest.raises(NotFound):
        reads.address_quality(person("leader", areas.pack(2)), city)


def test_another_city_sees_nothing(city: int, get: Any) -> None:  # noqa: F811
    (row,) = put(*lane(1))
    stranger = person("leader", areas.pack(2))
    assert reads.addresses(stranger)[0] == []
    for route in (f"/addresses/{row.id}", f"/addresses/{row.id}/then?on=2026-03-01"):
        assert get(route, stranger).status_code == 404
        assert get(route, None).status_code == 401
        assert get(route).status_code == 200


def test_over_http(city: int, get: Any) -> None:  # noqa: F811
    put(*lane(1, 2, 3))
    leader, json = person("leader"), {"content_type": "application/json", "method": "post"}
    page = get("/addresses?q=甲路&limit=2", leader).json()
    assert [one["text"] for one in page["items"]] == ["甲路10弄1号", "甲路10弄2号"]
    assert page["items"][0]["area_names"][-1]["zh"] == "310101002001"
    rest = get(f"/addresses?q=甲路&limit=2&cursor={page['next']}", leader).json()
    assert [one["text"] for one in rest["items"]] == ["甲路10弄3号"]
    body = {"road": "新路", "number": "1", "lon": 121.0095, "lat": 31.008, "datum": "GCJ02"}
    made = get("/addresses", leader, data=body, **json)
    assert made.status_code == 201
    found = get(f"/addresses/{made.json()['id']}", leader).json()
    assert found["datum"] == "GCJ02"
    assert 0.003 < 121.0095 - found["lon"] < 0.007
    assert found["moves"] == ["retire", "change"]
    assert get("/addresses", leader, data={"lane": "1"}, **json).status_code == 422
    assert get("/addresses?state=gone", leader).status_code == 422
    assert get(f"/addresses/{new_id()}", leader).status_code == 404
    table = get("/addresses.csv", leader)
    assert b"".join(table.streaming_content).decode().count("\n") == 5
    assert get("/addresses/quality", leader).json()["checks"]
    renaming = {"where": {"road": "甲路"}, "becomes": {"road": "乙路"}, "title": "t"}
    opened = get("/addresses/restructure", leader, data=renaming, **json)
    assert (opened.status_code, opened.json()["count"]) == (201, 3)
    thing = {"address_id": made.json()["id"], "kind": "device", "name": "探头"}
    assert get("/entities", leader, data=thing, **json).status_code == 201
    assert get("/entities?kind=device", leader).json()["items"][0]["address"] == "新路1号"
