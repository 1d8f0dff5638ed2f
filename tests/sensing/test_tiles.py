"""Things on live tiles, each for whoever may see it."""

from collections.abc import Iterator
from typing import Any

import pytest

from chengyun.sensing.models import Thing
from chengyun.sensing.reads.streams import forget_streams
from tests.app.world import SPOT
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import Desk, as_owner
from tests.cases.test_tiles import door, features, tile_at
from tests.sensing.senses import declare

__all__ = ["city", "clock", "desk", "world"]


@pytest.fixture
def two(desk: Desk) -> Iterator[list[Any]]:
    """A gauge in the first district and one in the second."""
    forget_streams()
    with as_owner():
        declare()
    made = []
    for who, east in (("shift_leader", 0.0), ("leader", 0.05)):
        thing = {"code": f"t-{who}", "kind": "gauge", "lon": SPOT[0] + east, "lat": SPOT[1]}
        made.append(desk.ask(who, "POST", "/things", thing).body)
    yield made
    forget_streams()


def test_a_tile_holds_things_in_sight_and_nobody_elses(desk, two):
    near, far, wide = tile_at(16), tile_at(16, SPOT[0] + 0.05), tile_at(10)

    def seen(who: str, tile: Any) -> list[str]:
        return [one["id"] for one in features(desk.get(who, door(tile, "things")), "things")]

    assert seen("shift_leader", near) == [two[0]["id"]]
    assert seen("shift_leader", far) == []
    assert seen("leader", far) == [two[1]["id"]]
    assert seen("stranger", near) == []
    sums = features(desk.get("leader", door(wide, "things")), "things")
    assert sum(one["n"] for one in sums) == 2
    sums = features(desk.get("shift_leader", door(wide, "things")), "things")
    assert sum(one["n"] for one in sums) == 1
    with as_owner():
        Thing.objects.update(state="retired")
    assert seen("leader", far) == []


def test_a_thing_on_a_tile_tells_its_health(desk, two):
    [told] = features(desk.get("shift_leader", door(tile_at(16), "things")), "things")
    assert (told["code"], told["health"], told["simulated"]) == ("t-shift_leader", "silent", False)
