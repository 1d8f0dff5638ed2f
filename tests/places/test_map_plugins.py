"""What the map offers: by post, city and rank of packs; addresses as points."""

from typing import Any

import pytest

from chengyun.kernel import areas
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor, Grant
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Forbidden, Invalid
from chengyun.places import reads, verbs
from chengyun.places.models import Address, MapPlugins
from tests.places.test_verbs import NOW, add_city

CITY = areas.pack(1)


def person(post: str, area_no: int = CITY) -> Actor:
    return Actor("user", new_id(), post, (Grant(post, new_id(), area_no),))


def layer(one: str, **more: Any) -> dict[str, Any]:
    source = {"collection": "regions", "part": "district", "where": {}}
    style = {"shape": "line", "color": "brand"}
    return {
        "id": one,
        "title": {"zh": one, "en": one},
        "group": "areas",
        "source": source,
        "style": style,
        "note": None,
        "min_zoom": 0.0,
        "max_zoom": 24.0,
        "opacity": 1.0,
        "on": False,
        "posts": [],
        "public": False,
    } | more


def load(pack: str, rank: int, *layers: dict[str, Any], cities: tuple[int, ...] = ()) -> Any:
    content = {"rank": rank, "cities": list(cities), "groups": [], "tools": [], "layers": layers}
    content["layers"] = list(layers)
    return verbs.load_map_plugins(SYSTEM, now=NOW, pack=pack, pack_version="1", content=content)


def ids(actor: Actor, city: int = CITY) -> list[str]:
    return [one["id"] for one in reads.map_plugins(actor, city)["layers"]]


@pytest.fixture
def city(db: None) -> int:
    return add_city()


def test_each_post_is_offered_its_own(city: int) -> None:
    load("base", 0, layer("open", public=True), layer("all"), layer("own", posts=["dispatcher"]))
    assert ids(PUBLIC) == ["open"]
    assert ids(person("collector")) == ["open", "all"]
    assert ids(person("dispatcher")) == ["open", "all", "own"]
    # A post in another city says nothing here.
    assert ids(person("dispatcher", areas.pack(2))) == ["open"]
    shown = reads.map_plugins(PUBLIC, CITY)["layers"][0]
    assert "posts" not in shown
    assert shown["pack"] == "base"


def test_a_citys_pack_replaces_and_adds_in_its_city_alone(city: int) -> None:
    load("base", 0, layer("one", public=True), layer("two", public=True))
    load("town", 1, layer("one", public=True, on=True), layer("three", public=True), cities=(1,))
    load("elsewhere", 2, layer("four", public=True), cities=(2,))
    found = reads.map_plugins(PUBLIC, CITY)["layers"]
    assert [(one["id"], one["pack"]) for one in found] == [
        ("one", "town"),
        ("two", "base"),
        ("three", "town"),
    ]


def test_the_same_again_changes_nothing_and_removed_is_removed(city: int) -> None:
    assert load("empty", 3) == {"changed": False}
    assert not MapPlugins.objects.filter(pack="empty").exists()
    assert load("base", 0, layer("one")) == {"changed": True}
    assert load("base", 0, layer("one")) == {"changed": False}
    assert load("base", 0) == {"changed": True}
    assert ids(SYSTEM) == []
    with pytest.raises(Forbidden):
        verbs.load_map_plugins(
            person("leader"), now=NOW, pack="x", pack_version="1", content={"layers": []}
        )


def test_addresses_of_a_box_by_sight(city: int) -> None:
    rows = (("in", 121.4, "published"), ("far", 122.9, "published"), ("gone", 121.4, "retired"))
    for text, lon, state in rows:
        Address.objects.create(
            city_no=CITY,
            area_no=CITY,
            kind="number",
            text=text,
            search=text,
            origin=text,
            state=state,
            lon=lon,
            lat=31.2,
            valid_from=NOW.date(),
            updated_at=NOW,
        )
    box = (121.0, 31.0, 122.0, 31.5)
    found = reads.address_features(person("collector"), box)
    assert [one["properties"]["text"] for one in found["features"]] == ["in"]
    assert found["features"][0]["geometry"] == {"type": "Point", "coordinates": [121.4, 31.2]}
    assert reads.address_features(person("collector", areas.pack(2)), box)["features"] == []
    with pytest.raises(Invalid, match="bbox"):
        reads.address_features(SYSTEM, (122.0, 31.0, 121.0, 31.5))
