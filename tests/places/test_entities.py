"""Entities of an address by form: every field at fault named, what they were kept."""

from uuid import uuid4

import pytest

from chengyun.kernel.actor import SYSTEM
from chengyun.places import verbs as places
from chengyun.places.models import Address
from tests.app.world import NOW, SPOT
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import Desk, as_owner

__all__ = ["city", "clock", "desk", "world"]
CODE = "91350100M000100Y43"


@pytest.fixture
def door(desk: Desk) -> Address:
    row = {"road": "鹤庆路", "lane": "358", "number": "81", "lon": SPOT[0], "lat": SPOT[1]}
    with as_owner():
        places.import_addresses(
            SYSTEM, now=NOW, city_no=desk.world.city_no, rows=[(1, "t:1", row)], source="test"
        )
        return Address.objects.get(text="鹤庆路358弄81号")


def test_added_changed_and_retired_with_its_history(desk: Desk, door: Address) -> None:
    told = {"address_id": str(door.id), "kind": "unit", "name": "某某公司", "code": CODE}
    made = desk.ask("collector", "POST", "/entities", told)
    assert made.status == 201, made
    path = f"/entities/{made['id']}"
    desk.clock.pass_(days=1)
    again = desk.ask("collector", "PUT", path, told | {"name": "某某有限公司"})
    assert again.status == 200, again
    shown = desk.get("collector", f"/addresses/{door.id}")
    assert [one["name"] for one in shown["entities"]] == ["某某有限公司"]
    assert shown["entity_moves"] == ["add", "change"]
    assert desk.get("leader", f"/addresses/{door.id}")["entity_moves"][-1] == "retire"
    assert desk.ask("collector", "POST", f"{path}/end").status == 403
    assert desk.ask("leader", "POST", f"{path}/end").status == 200
    one = desk.get("collector", path)
    assert one["valid_to"] is not None
    said = [(was["version"], (was["content"] or {}).get("name")) for was in one["history"]]
    assert said == [(3, None), (2, "某某有限公司"), (1, "某某公司")]
    assert [was["actor_name"] for was in one["history"]] == ["leader", "collector", "collector"]
    assert desk.ask("collector", "PUT", path, told).status == 404, "it is not in force any more"


def test_every_field_at_fault_is_named(desk: Desk, door: Address) -> None:
    told = {"address_id": str(door.id), "kind": "unit", "name": "", "code": CODE[:-1] + "4"}
    wrong = desk.ask("collector", "POST", "/entities", told)
    assert (wrong.status, sorted(wrong.fields)) == (422, ["code", "name"])
    good = told | {"name": "公司", "code": CODE}
    made = desk.ask("collector", "POST", "/entities", good)
    private = good | {"attributes": {"手机": "13912345678"}}
    refused = desk.ask("collector", "PUT", f"/entities/{made['id']}", private)
    assert (refused.status, refused.fields) == (422, ["attributes.手机"])
    gone = desk.ask(
        "collector", "PUT", f"/entities/{made['id']}", good | {"address_id": str(uuid4())}
    )
    assert (gone.status, gone.fields) == (422, ["address_id"])


def test_an_entity_goes_to_no_address_where_one_has_no_post(desk: Desk, door: Address) -> None:
    far = {"road": "别处路", "number": "5", "lon": SPOT[0] + 0.05, "lat": SPOT[1]}
    with as_owner():
        places.import_addresses(
            SYSTEM, now=NOW, city_no=desk.world.city_no, rows=[(2, "t:2", far)], source="test"
        )
        there = Address.objects.get(text="别处路5号")
    told = {"address_id": str(door.id), "kind": "facility", "name": "电梯"}
    made = desk.ask("collector", "POST", "/entities", told)
    moved = told | {"address_id": str(there.id)}
    assert desk.ask("collector", "PUT", f"/entities/{made['id']}", moved).status == 403
    assert desk.ask("collector", "POST", "/entities", moved).status == 403


def test_who_has_no_post_there_changes_nothing(desk: Desk, door: Address) -> None:
    told = {"address_id": str(door.id), "kind": "facility", "name": "电梯"}
    made = desk.ask("collector", "POST", "/entities", told)
    assert desk.ask("stranger", "PUT", f"/entities/{made['id']}", told).status == 403
    assert desk.ask("collector", "GET", f"/entities/{uuid4()}").status == 404
