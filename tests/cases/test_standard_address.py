"""A report that names one standard address, by words or by its point, is filed under it."""

from uuid import uuid4

import pytest

from chengyun.cases.models import Case
from chengyun.kernel.actor import SYSTEM
from chengyun.places import verbs as places
from chengyun.places.models import Address
from tests.app.world import LITTER, NOW, SPOT
from tests.cases.desk import Desk, as_owner

ROWS = (
    {"road": "鹤庆路", "lane": "358", "number": "81", "lon": SPOT[0], "lat": SPOT[1]},
    {
        "road": "鹤庆路",
        "lane": "358",
        "number": "81",
        "room": "302",
        "lon": SPOT[0],
        "lat": SPOT[1],
    },
    {"road": "鹤庆路", "lane": "358", "number": "83", "lon": SPOT[0] + 0.002, "lat": SPOT[1]},
)


@pytest.fixture
def door(desk: Desk) -> Address:
    """Two doors and a room in the register."""
    rows = [(at, f"t:{at}", row) for at, row in enumerate(ROWS, start=1)]
    with as_owner():
        done = places.import_addresses(
            SYSTEM, now=NOW, city_no=desk.world.city_no, rows=rows, source="test"
        )
        assert done["rejects"] == []
        return Address.objects.get(text="鹤庆路358弄81号")


def filed(desk: Desk, **told: object) -> Case:
    answer = desk.ask("acceptor", "POST", "/cases", {"kind": LITTER, "text": "垃圾", **told})
    assert answer.status == 201, answer.body
    with as_owner():
        return Case.objects.get(pk=answer["id"])


def test_words_that_name_one_address_give_the_case_its_place(desk: Desk, door: Address) -> None:
    case = filed(desk, address="鹤庆路358弄81号")
    assert (case.address_id, case.location, case.lon) == (door.id, "text", None)
    assert case.area_no == door.area_no
    shown = desk.get("acceptor", f"/cases/{case.pk}")
    assert shown["address_id"] == str(door.id)


def test_a_point_on_one_doorstep_gives_it_too(desk: Desk, door: Address) -> None:
    assert filed(desk, lon=SPOT[0], lat=SPOT[1]).address_id == door.id
    assert filed(desk, lon=SPOT[0] + 0.001, lat=SPOT[1]).address_id is None


@pytest.mark.parametrize(
    "told",
    [
        {"address": "鹤庆路358弄"},
        {"address": "没有这条路5号"},
        {"address": "鹤庆路358弄81号", "lon": SPOT[0] + 0.03, "lat": SPOT[1]},
    ],
)
def test_what_is_not_sure_is_left_open(desk: Desk, door: Address, told: dict[str, object]) -> None:
    assert filed(desk, **told).address_id is None


def test_the_figures_of_an_address_open_their_cases(desk: Desk, door: Address) -> None:
    told = {"lon": SPOT[0], "lat": SPOT[1]}
    first = desk.new(**told).closed()
    desk.clock.pass_(days=1)
    again = desk.new(**told)
    other = desk.new(kind=None, **told)
    desk.new(lon=SPOT[0] + 0.001)
    figures = desk.get("acceptor", f"/addresses/{door.id}/figures")
    names = ("total", "open", "closed", "recurring")
    assert [figures[name] for name in names] == [3, 2, 1, 1]
    litter = next(one for one in figures["kinds"] if one["kind"])
    assert [litter[name] for name in names] == [2, 1, 1, 1]
    base = f"/cases?queue=all&sort=-reported&address={door.id}"
    for query, wanted in (
        ("", {first.id, again.id, other.id}),
        (f"&kind={LITTER}", {first.id, again.id}),
        (f"&kind={LITTER}&open=true", {again.id}),
        ("&open=false", {first.id}),
        ("&recurring=true", {again.id}),
        ("&since=2026-03-03T00:00:00Z", {again.id, other.id}),
    ):
        found = desk.get("acceptor", base + query)["items"]
        assert {one["id"] for one in found} == wanted, query
    late = desk.get("acceptor", f"/addresses/{door.id}/figures?since=2026-03-03T00:00:00Z")
    assert (late["total"], late["closed"]) == (2, 0)


def test_a_house_has_the_cases_of_its_rooms_and_a_room_only_its_own(
    desk: Desk, door: Address
) -> None:
    at_door = filed(desk, address="鹤庆路358弄81号")
    in_room = filed(desk, address="鹤庆路358弄81号302室")
    next_door = filed(desk, address="鹤庆路358弄83号")
    with as_owner():
        room = Address.objects.get(text__endswith="302室")
    assert in_room.address_id == room.pk
    for address, wanted in ((door, {at_door.pk, in_room.pk}), (room, {in_room.pk})):
        figures = desk.get("acceptor", f"/addresses/{address.pk}/figures")
        assert figures["total"] == len(wanted)
        found = desk.get("acceptor", f"/cases?queue=all&sort=-reported&address={address.pk}")
        assert {one["id"] for one in found["items"]} == {str(one) for one in wanted}
    assert next_door.address_id not in (door.pk, room.pk, None)


def test_figures_and_cases_of_an_address_stay_inside_ones_sight(desk: Desk, door: Address) -> None:
    desk.new(lon=SPOT[0], lat=SPOT[1])
    assert desk.get("stranger", f"/addresses/{door.id}/figures")["total"] == 0
    assert desk.get("stranger", f"/cases?queue=all&address={door.id}")["items"] == []
    assert desk.ask("acceptor", "GET", f"/addresses/{uuid4()}/figures").status == 404
    wrong = desk.ask("acceptor", "GET", f"/addresses/{door.id}/figures?since=x")
    assert (wrong.status, wrong.fields) == (422, ["since"])
    assert desk.ask("acceptor", "GET", "/cases?address=x").status == 422
