"""A corrected place, through the doors: row, history, duty list, map, figures, erasure."""

import json
from dataclasses import asdict
from uuid import uuid4

import pytest

from chengyun.cases.models import Case
from chengyun.cases.reads.history import load_states
from chengyun.cases.reads.jitter import shown_at
from chengyun.cases.reads.similar import cell_of
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.models import Event
from chengyun.places import reads as places
from chengyun.places import verbs as places_verbs
from chengyun.places.models import Address
from chengyun.vitals.handlers import SILENT
from tests.app.world import NOW, SPOT
from tests.cases.desk import Desk, OneCase, as_owner

# The other street of the district, and the other district.
NORTH = {"lon": SPOT[0], "lat": SPOT[1] + 0.02}
EAST = {"lon": SPOT[0] + 0.05, "lat": SPOT[1]}
WHY = {"reason": "the pin was wrong"}


def row_of(case: OneCase) -> Case:
    with as_owner():
        return Case.objects.get(pk=case.id)


def true_to_history(case: OneCase) -> None:
    """Row and fold say the same place."""
    row = row_of(case)
    with as_owner():
        state = load_states([row.id])[row.id]
    assert state.place is not None
    wanted = asdict(state.place)
    assert {name: getattr(row, name) for name in wanted} == wanted
    assert row.cell == cell_of(row.lon, row.lat)


@pytest.fixture
def door(desk: Desk) -> Address:
    """One door in the northern street."""
    row = {"road": "鹤庆路", "lane": "358", "number": "81", **NORTH}
    with as_owner():
        done = places_verbs.import_addresses(
            SYSTEM, now=NOW, city_no=desk.world.city_no, rows=[(1, "t:1", row)], source="test"
        )
        assert done["rejects"] == []
        return Address.objects.get(text="鹤庆路358弄81号")


def test_a_point_moves_area_grid_and_cell_and_starts_no_clock(desk: Desk) -> None:
    case = desk.new(address="某路5号")
    before = case.detail()
    case.does("acceptor", "relocate", **NORTH, **WHY)
    after = case.detail()
    assert (after["lon"], after["lat"], after["state"]) == (*NORTH.values(), before["state"])
    assert after["area"]["no"] != before["area"]["no"]
    assert (after["due_at"], after["stage_clocks"]) == (before["due_at"], before["stage_clocks"])
    assert after["address"] == "某路5号", "the words stay until others are given"
    spot = places.locate(desk.world.city_no, *NORTH.values())
    row = row_of(case)
    assert (row.area_no, row.grid_code) == (spot.area_no, spot.grid_code)
    true_to_history(case)
    said = desk.get("acceptor", f"/cases/{case.id}/timeline")["items"][-1]["text"]
    assert "更正位置：由“" in said["zh"]
    assert said["zh"].endswith("，原因：the pin was wrong")
    assert said["en"].endswith(", because: the pin was wrong")
    assert case.track()["steps"][-1]["text"]["zh"] == "位置已更正。"


def test_an_address_gives_the_point_and_words_that_name_one_do_too(
    desk: Desk, door: Address
) -> None:
    for told in ({"address_id": str(door.id)}, {"address": "鹤庆路358弄81号"}):
        case = desk.new()
        case.does("dispatcher", "relocate", **told, **WHY)
        row = row_of(case)
        assert (row.address_id, row.address) == (door.id, door.text)
        assert (row.lon, row.lat, row.area_no) == (door.lon, door.lat, door.area_no)
        true_to_history(case)


def test_what_cannot_be_is_refused_by_the_name_of_its_field(desk: Desk, door: Address) -> None:
    case = desk.new()
    for told, field, code in (
        ({"lon": 10.0, "lat": 10.0}, "lon", "outside"),
        ({"lon": 1e6, "lat": 31.0}, "lon", "outside"),
        ({"lon": 121.0}, "lat", "missing"),
        ({}, "lon", "missing"),
        ({"address_id": str(uuid4())}, "address_id", "unknown_address"),
        ({"address": "没有这条路5号"}, "address", "doubtful"),
        ({"address": "x" * 600, **NORTH}, "address", "invalid"),
        ({"area_no": 5}, "area_no", "invalid"),
        ({**NORTH, "area_no": desk.world.city_no + 1}, "area_no", "invalid"),
        ({"lon": SPOT[0], "lat": SPOT[1], "address": ""}, "lon", "invalid"),
    ):
        refused = case.refused("acceptor", "relocate", 422, code, **told, **WHY)
        assert refused.fields == [f"params.{field}"], told
    refused = case.refused("acceptor", "relocate", 422, "missing", **NORTH, reason=" ")
    assert refused.fields == ["params.reason"]
    assert row_of(case).version == desk.get("acceptor", f"/cases/{case.id}")["version"]


def test_another_district_is_for_whoever_is_over_both(desk: Desk) -> None:
    case = desk.new()
    case.refused("acceptor", "relocate", 403, "not_yours", **EAST, **WHY)
    assert desk.ask("stranger", "GET", f"/cases/{case.id}").status == 404
    desk.ask("stranger", "POST", f"/cases/{case.id}/moves", {"move": "relocate", "params": EAST})
    assert row_of(case).lon == SPOT[0]


def test_the_duty_list_s_unit_is_offered_and_not_sent(desk: Desk) -> None:
    case = desk.new()
    first, then = desk.world.unit("310101001-san"), desk.world.unit("310101002-san")
    answer = case.try_("acceptor", "relocate", **NORTH, **WHY)
    assert answer.status == 200, answer
    assert answer["redispatch"]["id"] == str(then)
    shown = case.detail("dispatcher")
    assert (shown["state"], shown["lead_unit"]["id"]) == ("pending_handle", str(first))
    assert shown["candidates"][0]["unit"]["id"] == str(then)
    case.does("dispatcher", "redispatch", unit=str(then), reason="its place was corrected")
    assert case.detail("dispatcher")["lead_unit"]["id"] == str(then)
    again = case.try_("acceptor", "relocate", lon=NORTH["lon"] + 0.001, lat=NORTH["lat"], **WHY)
    assert (again.status, again["redispatch"]) == (200, None)


def test_many_at_once_each_from_its_own_place(desk: Desk) -> None:
    some = [desk.new(lon=SPOT[0] + step) for step in (0, 0.003)]
    desk.clock.pass_(minutes=1)
    body = {
        "move": "relocate",
        "params": NORTH | WHY,
        "items": [{"id": one.id} for one in some],
    }
    answer = desk.ask("acceptor", "POST", "/cases/moves", body)
    assert [one["ok"] for one in answer["results"]] == [True, True], answer
    for one in some:
        assert (row_of(one).lon, row_of(one).lat) == tuple(NORTH.values())
        true_to_history(one)


def test_the_public_map_shows_the_new_place_displaced_as_before(desk: Desk) -> None:
    case = desk.new()
    case.does("acceptor", "relocate", **NORTH, **WHY)
    found = desk.get(None, "/public/map")["features"]
    shown = found[0]["geometry"]["coordinates"]
    assert tuple(shown) == shown_at(row_of(case).id, *NORTH.values())
    assert tuple(shown) != tuple(NORTH.values())
    assert "the pin was wrong" not in json.dumps(found)


def test_who_saw_it_there_hears_that_it_is_gone(desk: Desk) -> None:
    case = desk.new()
    old = row_of(case).area_no
    case.does("acceptor", "relocate", **NORTH, **WHY)
    with as_owner():
        event = Event.objects.get(subject_id=case.id, name="cases.CaseRelocated")
    assert event.area_no == old
    assert "cases.CaseRelocated" not in {f"cases.{one}" for one in SILENT}


def test_an_erased_address_is_gone_from_the_history_of_places_too(
    desk: Desk, door: Address
) -> None:
    case = desk.new(address="张三家门口")
    case.does("acceptor", "relocate", address_id=str(door.id), **WHY)
    body = {"what": "address", "reason": "personal-data", "target": ""}
    answer = desk.ask("shift_leader", "POST", f"/moderation/{case.id}/erase", body)
    assert answer.status == 200, answer
    with as_owner():
        event = Event.objects.get(subject_id=case.id, name="cases.CaseRelocated")
    said = json.dumps(event.data, ensure_ascii=False)
    assert "张三" not in said
    assert door.text not in said
    assert desk.get("acceptor", f"/cases/{case.id}/timeline").status == 200
    true_to_history(case)
