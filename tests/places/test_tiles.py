"""Live tiles of the map's own registers: fresh, as it was, summed, shared, without a trace."""

import threading
import time
from datetime import timedelta
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from django.db import connection

from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from chengyun.kernel.problems import Invalid, NotFound, Unavailable
from chengyun.places import reads
from chengyun.places.decide.drawing import Look
from chengyun.places.decide.featuring import Chunk
from chengyun.places.decide.tiling import EXTENT, Tile, placed
from chengyun.places.models import Address, City, Component, ComponentCell
from chengyun.places.reads.flights import Flights
from chengyun.places.reads.tiles import bounded
from chengyun.places.verbs import import_layer
from tests.places.test_addresses import CITY, DISTRICT, person
from tests.places.test_layers import LATER, bring, put
from tests.places.test_verbs import NOW, TREE, add_city, load

pytestmark = pytest.mark.django_db
LON, LAT = 121.005, 31.01


@pytest.fixture
def city() -> int:
    number = add_city()
    load(number, *TREE)
    return number


def tile_at(z: int, lon: float = LON, lat: float = LAT) -> Tile:
    x, y = (placed(Tile(z, 0, 0), np.array([[lon, lat]]))[0] / EXTENT).tolist()
    return Tile(z, int(x), int(y))


def look(name: str, actor: Actor = SYSTEM, **more: Any) -> Look:
    return reads.look_of(actor, CITY, name, now=NOW, **more)


def features(name: str, z: int, actor: Actor = SYSTEM, **more: Any) -> list[dict[str, Any]]:
    made = reads.tile_of(look(name, actor, **more), tile_at(z))
    assert made.body is not None
    layers = mapbox_vector_tile.decode(made.body)
    return [one["properties"] for one in layers.get(name, {"features": []})["features"]]


def cover(n: int, lon: float = LON, lat: float = LAT, **more: Any) -> Component:
    return Component.objects.create(
        **{
            "city_no": CITY,
            "area_no": CITY,
            "scheme": "CJT",
            "kind_id": "CJT/component/0101",
            "code": f"{n:016d}",
            "name": f"井盖{n}",
            "state": "intact",
            "lon": lon,
            "lat": lat,
            "origin": f"t:{n}",
            "valid_from": NOW.date(),
            "updated_at": NOW,
            **more,
        }
    )


def test_regions_and_grids_are_areas_with_their_names(city: int) -> None:
    (district,) = features("regions.district", 12, PUBLIC)
    assert district["code"] == "310101"
    assert {"name_zh", "name_en", "synthetic", "id"} <= set(district)
    assert features("regions.district", 0, PUBLIC) == []  # smaller than a unit
    with pytest.raises(NotFound):
        look("regions.nothing")
    with pytest.raises(NotFound):
        reads.look_of(PUBLIC, 12345, "regions.city", now=NOW)


def test_the_revision_of_the_map_is_the_tag_of_its_outlines(city: int) -> None:
    first = reads.tile_of(look("regions.street"), tile_at(12))
    assert reads.tile_of(look("regions.street"), tile_at(12), first.tag).body is None
    City.objects.get(pk=city).touch()
    assert reads.tile_of(look("regions.street"), tile_at(12), first.tag).body is not None


def test_a_component_is_counted_by_the_database_whoever_writes_it(city: int) -> None:
    rows = [cover(n, LON + n * 1e-5, state=("intact", "damaged")[n % 2]) for n in range(6)]
    assert [one["id"] for one in features("components", 17)] == [str(one.id) for one in rows]
    for z in (0, 9, 13, 14, 15):
        (one,) = features("components", z)
        assert (one["cluster"], one["n"], one["bad"]) == (True, 6, 3)
    Component.objects.filter(pk=rows[0].pk).update(state="missing")
    Component.objects.filter(pk=rows[1].pk).update(valid_to=NOW.date())
    Component.objects.filter(pk=rows[2].pk).update(lon=LON + 0.01)
    rows[3].delete()
    found = {(one["n"], one["bad"]) for one in features("components", 13)}
    assert found == {(3, 2), (1, 0)}
    Component.objects.all().delete()
    assert features("components", 9) == []
    assert sum(ComponentCell.objects.values_list("n", flat=True)) == 0


def test_a_write_is_in_the_tile_and_voids_its_tag(city: int) -> None:
    cover(1)
    first = reads.tile_of(look("components"), tile_at(17))
    assert reads.tile_of(look("components"), tile_at(17), first.tag).body is None
    begun = time.monotonic()
    cover(2, LON + 1e-5)
    second = reads.tile_of(look("components"), tile_at(17), first.tag)
    assert (second.count, second.tag == first.tag) == (2, False)
    assert time.monotonic() - begun < 2


def test_a_tile_is_capped_and_says_so(city: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chengyun.places.reads.tiles.MOST_FEATURES", 4)
    for n in range(5):
        cover(n, LON + n * 1e-6)
    made = reads.tile_of(look("components"), tile_at(18))
    assert (made.count, made.truncated) == (4, True)
    assert made.body is not None
    (mark,) = mapbox_vector_tile.decode(made.body)["truncated"]["features"]
    assert mark["properties"] == {"layer": "components"}


def test_registers_are_for_those_with_a_post_in_the_city(city: int) -> None:
    cover(1)
    assert len(features("components", 17, person("collector", DISTRICT))) == 1
    for actor in (PUBLIC, person("collector", CITY + (1 << 48))):
        for name in ("components", "addresses", "cases"):
            if actor is PUBLIC or name != "cases":
                with pytest.raises(NotFound):
                    look(name, actor)


def test_published_addresses_alone_are_drawn(city: int) -> None:
    for n, state in enumerate(("published", "approved", "retired")):
        Address.objects.create(
            city_no=CITY,
            area_no=CITY,
            kind="number",
            text=f"某路{n}号",
            search=f"某路{n}号",
            lon=LON,
            lat=LAT,
            state=state,
            origin=f"t:{n}",
            valid_from=NOW.date(),
            updated_at=NOW,
        )
    (one,) = features("addresses", 17)
    assert one["text"] == "某路0号"
    assert features("addresses", 10)[0]["n"] == 1


def test_a_layer_is_drawn_as_it_was(city: int) -> None:
    layer = put(public=True, grade=1)
    bring(layer, {"a": (LON, LAT), "b": (LON + 1e-4, LAT)})
    bring(layer, {"a": (LON, LAT), "c": (LON - 1e-4, LAT)}, LATER)
    for name in ("layers.wells", f"layers.{layer}"):
        said = reads.tile_of(look(name, PUBLIC), tile_at(16)).body
        then = look(name, PUBLIC, at=NOW + timedelta(hours=1))
        was = reads.tile_of(then, tile_at(16)).body
        assert said is not None
        assert was is not None
        ids = [
            {
                one["properties"]["id"]
                for one in mapbox_vector_tile.decode(body)["layers.wells"]["features"]
            }
            for body in (said, was)
        ]
        assert ids == [{"a", "c"}, {"a", "b"}]
    with pytest.raises(Invalid):
        look("components", at=NOW)


def test_a_layer_out_of_sight_has_no_tiles(city: int) -> None:
    put("secret", grade=4)
    stranger = person("collector", DISTRICT)
    for actor in (PUBLIC, stranger):
        with pytest.raises(NotFound):
            look("layers.secret", actor)
    assert look("layers.secret", person("system_admin", CITY)).collection.id == "layers.secret"


def test_many_points_of_a_layer_are_summed_and_specks_left_out(city: int) -> None:
    layer = put("dots")
    bring(layer, {str(n): (LON + n * 1e-6, LAT) for n in range(2_100)})
    (one,) = features("layers.dots", 10)
    assert one["n"] == 2_100
    areas = put("houses")
    shapes = np.array(
        [shapely.box(LON, LAT, LON + 1e-4, LAT + 1e-4), shapely.box(LON, LAT, LON + 1, LAT + 1)]
    )
    chunk = Chunk(shapes, [{"n": 1}, {"n": 2}], ["small", "large"], 0.5)
    import_layer(SYSTEM, now=NOW, layer_id=areas, chunks=[chunk], source="t")
    assert {one["id"] for one in features("layers.houses", 8)} == {"large"}
    assert {one["id"] for one in features("layers.houses", 15)} == {"small", "large"}


def test_several_that_ask_at_once_are_answered_by_one() -> None:
    flights: Flights[int] = Flights(5)
    gate, made, got = threading.Event(), [0], list[int]()

    def make() -> int:
        made[0] += 1
        assert gate.wait(5)
        return 7

    threads = [
        threading.Thread(target=lambda: got.append(flights.get("key", make))) for _ in range(8)
    ]
    for one in threads:
        one.start()
    while made[0] == 0:
        time.sleep(0.001)
    time.sleep(0.05)
    gate.set()
    for one in threads:
        one.join(5)
    assert (got, made[0]) == ([7] * 8, 1)
    # Nothing is kept: the next one makes its own.
    assert flights.get("key", lambda: 8) == 8
    with pytest.raises(ZeroDivisionError):
        flights.get("key", lambda: 1 // 0)
    assert flights.get("key", lambda: 9) == 9


def test_what_takes_too_long_is_said_so_and_the_limit_ends() -> None:
    with pytest.raises(Unavailable), bounded(0.05), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(2)")
    with bounded(5), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        assert cursor.fetchone()[0] == "0"
