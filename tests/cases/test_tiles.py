"""Live tiles of cases over every door: rows as the asker may see them, fresh, capped, tagged."""

import time
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest

from chengyun.cases.models import Case
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.places.decide.tiling import EXTENT, Tile, bounds, placed
from tests.app.world import SPOT
from tests.cases.desk import API, NOBODY, Answer, Desk, as_owner

TEXT = "某女士 13800138000 说垃圾没人清"


def tile_at(z: int, lon: float = SPOT[0], lat: float = SPOT[1]) -> Tile:
    """The tile that holds a point."""
    x, y = (placed(Tile(z, 0, 0), np.array([[lon, lat]]))[0] / EXTENT).tolist()
    return Tile(z, int(x), int(y))


def door(tile: Tile, collection: str = "cases", more: str = "") -> str:
    return f"/tiles/{collection}/{tile.z}/{tile.x}/{tile.y}.mvt{more}"


def features(answer: Answer, layer: str = "cases") -> list[dict[str, Any]]:
    assert answer.status == 200, answer
    layers = mapbox_vector_tile.decode(answer.body)
    return [one["properties"] for one in layers.get(layer, {"features": []})["features"]]


def again(desk: Desk, who: str, path: str, tag: str) -> int:
    bind(NOBODY)
    answer = desk.client(who).get(API + path, headers={"If-None-Match": tag})
    return answer.status_code


def test_a_tile_holds_the_askers_cases_and_nobody_elses(desk: Desk) -> None:
    mine = desk.new(text=TEXT)
    theirs = desk.new("stranger", lon=SPOT[0] + 0.05)
    wide = tile_at(11)
    assert tile_at(11, SPOT[0] + 0.05) == wide
    near, far = tile_at(16), tile_at(16, SPOT[0] + 0.05)
    assert [one["id"] for one in features(desk.get("acceptor", door(near)))] == [mine.id]
    assert features(desk.get("acceptor", door(far))) == []
    assert [one["id"] for one in features(desk.get("stranger", door(far)))] == [theirs.id]
    assert features(desk.get("stranger", door(near))) == []
    # Sums are of what is in sight, too; a leader of the city sees both.
    counts = {who: sum(one["n"] for one in features(desk.get(who, door(wide)))) for who in WHO}
    assert counts == {"acceptor": 1, "stranger": 1, "leader": 2, "auditor": 0}


WHO = ("acceptor", "stranger", "leader", "auditor")


def test_the_units_that_handle_a_case_see_it_and_others_do_not(desk: Desk) -> None:
    case = desk.new()
    with as_owner():
        row = Case.objects.get(pk=case.id)
        seen = {
            who: Case.objects.visible_to(desk.world.actor(who)).filter(pk=row.pk).exists()
            for who in ("department", "handler", "other_department")
        }
    for who, expected in seen.items():
        assert bool(features(desk.get(who, door(tile_at(16))))) is expected


def test_nothing_that_is_masked_is_in_the_bytes(desk: Desk) -> None:
    desk.new(text=TEXT)
    for z in (8, 14, 18):
        answer = desk.get("acceptor", door(tile_at(z)))
        for said in ("13800138000", "某女士", "垃圾"):
            assert said.encode() not in answer.body
    (one,) = features(desk.get("acceptor", door(tile_at(18))))
    wanted = {"id", "no", "state", "clock", "level", "kind_id", "simulated"}
    assert wanted - {"level"} <= set(one) <= {*wanted, "reported_at", "due_at"}


def test_low_zooms_sum_by_level(desk: Desk) -> None:
    for n in range(3):
        desk.new(lon=SPOT[0] + n * 1e-5)
    with as_owner():
        levels = list(Case.objects.values_list("level", flat=True))
    (one,) = features(desk.get("acceptor", door(tile_at(10))))
    assert (one["cluster"], one["n"], one["late"]) == (True, 3, 0)
    for level in (1, 2, 3, 4):
        assert one[f"level_{level}"] == levels.count(level)
    desk.clock.pass_(days=60)
    (one,) = features(desk.get("acceptor", door(tile_at(10))))
    assert one["late"] == 3


def test_a_new_case_is_in_the_tile_at_once_and_the_old_tag_is_void(desk: Desk) -> None:
    path = door(tile_at(16))
    desk.new()
    first = desk.get("acceptor", path)
    tag = first.headers["ETag"]
    assert again(desk, "acceptor", path, tag) == 304
    assert again(desk, "acceptor", path, f"W/{tag}") == 304
    begun = time.monotonic()
    fresh = desk.new(lon=SPOT[0] + 2e-5)
    while fresh.id not in [one["id"] for one in features(desk.get("acceptor", path))]:
        assert time.monotonic() - begun < 2
    assert again(desk, "acceptor", path, tag) == 200


@pytest.mark.parametrize("where", ["23/0/0", "2/4/0", "2/0/4", "99/0/0", f"{10**30}/1/1", "1/-1/0"])
def test_there_is_no_tile_out_of_range(desk: Desk, where: str) -> None:
    answer = desk.ask("acceptor", "GET", f"/tiles/cases/{where}.mvt")
    assert (answer.status, answer.kind) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "name", ["nothing", "layers.nothing", "layers.", "cases.x", "%00", "a" * 900]
)
def test_an_unknown_collection_is_not_there(desk: Desk, name: str) -> None:
    answer = desk.ask("acceptor", "GET", f"/tiles/{name}/2/0/0.mvt")
    assert (answer.status, answer.kind) == (404, "application/problem+json")


def test_the_public_gets_outlines_and_no_cases(desk: Desk) -> None:
    assert features(desk.get(None, door(tile_at(12), "regions.street")), "regions.street")
    for name in ("cases", "components", "addresses", "grids.base"):
        assert desk.ask(None, "GET", door(tile_at(12), name)).status == 404
    listed = [one["id"] for one in desk.get(None, "/tiles")["items"]]
    assert "regions.district" in listed
    assert not {"cases", "components", "addresses"} & set(listed)
    assert {"cases", "components"} <= {one["id"] for one in desk.get("acceptor", "/tiles")["items"]}


def test_the_present_alone_has_no_past(desk: Desk) -> None:
    answer = desk.ask("acceptor", "GET", door(tile_at(12), "cases", "?at=2026-01-01"))
    assert (answer.status, answer.fields) == (422, ["at"])
    answer = desk.ask("acceptor", "GET", door(tile_at(12), "cases", "?at=yesterday"))
    assert (answer.status, answer.fields) == (422, ["at"])


def test_a_tile_covers_its_ground() -> None:
    west, south, east, north = bounds(tile_at(14))
    assert west <= SPOT[0] <= east
    assert south <= SPOT[1] <= north
    assert SYSTEM.scope().everything
