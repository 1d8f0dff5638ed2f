"""Layers: whole files as versions, as it was, change sets, sight."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import shapely

from chengyun.kernel import areas
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor, Grant
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict, Forbidden, Invalid, NotFound
from chengyun.places import reads, verbs
from chengyun.places.decide.celling import cells, ranges
from chengyun.places.decide.cleaning import MOST_VERTICES, clean
from chengyun.places.decide.featuring import Chunk
from chengyun.places.models import MapFeature
from tests.places.test_verbs import NOW, add_city

LATER = NOW + timedelta(days=1)
CITY = areas.pack(1)


def shapes(*wkt: str | None) -> Any:
    out = np.empty(len(wkt), dtype=object)
    out[:] = [None if one is None else shapely.from_wkt(one) for one in wkt]
    return out


def person(post: str, area_no: int = CITY, org: UUID | None = None) -> Actor:
    return Actor("user", new_id(), post, (Grant(post, org or new_id(), area_no),))


def put(code: str = "wells", **more: Any) -> UUID:
    done = verbs.put_layer(SYSTEM, now=NOW, city_no=CITY, code=code, **more)
    return UUID(str(done["id"]))


def bring(
    layer: UUID, points: dict[str, tuple[float, float]], now: datetime = NOW, **more: Any
) -> Any:
    held = shapes(*(f"POINT ({x} {y})" for x, y in points.values()))
    chunk = Chunk(held, [{"n": key} for key in points], list(points), 0.5)
    return verbs.import_layer(SYSTEM, now=now, layer_id=layer, chunks=[chunk], source="t", **more)


def keys(layer: UUID, actor: Actor = SYSTEM, **more: Any) -> set[str]:
    found = reads.layer_features(actor, layer, now=NOW, **more)
    return {one["id"] for one in found["features"]}


@pytest.fixture
def city(db: None) -> int:
    return add_city()


def test_the_map_as_it_was(city: int) -> None:
    layer = put()
    first = bring(layer, {"a": (121.1, 31.1), "b": (121.2, 31.2)})
    assert (first["created"], first["version"]) == (2, 1)
    again = bring(layer, {"a": (121.1, 31.1), "b": (121.2, 31.2)}, LATER)
    assert (again["unchanged"], again["count"], again["version"]) == (2, 0, 1)
    second = bring(layer, {"a": (121.15, 31.1), "c": (121.3, 31.3)}, LATER)
    assert [second[n] for n in ("created", "changed", "retired", "version")] == [1, 1, 1, 2]
    assert keys(layer) == {"a", "c"}
    assert keys(layer, at=NOW + timedelta(hours=1)) == {"a", "b"}
    assert keys(layer, at=NOW - timedelta(hours=1)) == set()
    assert keys(layer, bbox=(121.14, 31.0, 121.2, 31.2)) == {"a"}
    assert keys(layer, bbox=(121.0, 31.0, 121.12, 31.2), at=NOW) == {"a"}
    told = reads.layer_versions(SYSTEM, layer)
    assert [(one["number"], one["retired"]) for one in told] == [(2, 1), (1, 0)]
    added = bring(layer, {"d": (121.4, 31.4)}, LATER, whole=False)
    assert added["retired"] == 0
    assert reads.layer(SYSTEM, layer).count == 3


def test_a_key_twice_or_a_time_before_the_newest_is_refused(city: int) -> None:
    layer = put()
    bring(layer, {"a": (121.1, 31.1)}, LATER)
    chunk = Chunk(shapes("POINT (1 1)", "POINT (2 2)"), [{}, {}], ["x", "x"], 0.0)
    with pytest.raises(Conflict):
        verbs.import_layer(SYSTEM, now=LATER, layer_id=layer, chunks=[chunk], source="t")
    with pytest.raises(Invalid):
        bring(layer, {"b": (121.1, 31.1)}, LATER, effective=NOW)
    assert MapFeature.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"grade": 5}, "grade"),
        ({"public": True, "grade": 2}, "public"),
        ({"role": "ufo"}, "role"),
        ({"style": {"color": "url(http://x)"}}, "style"),
        ({"min_zoom": 9.0, "max_zoom": 3.0}, "min_zoom"),
    ],
)
def test_an_entry_must_make_sense(city: int, more: Any, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        put(**more)
    assert [one.field for one in caught.value.errors] == [field]


def test_who_sees_which_layer(city: int) -> None:
    own = new_id()
    for code, more in {
        "public": {"public": True, "grade": 1},
        "plain": {},
        "graded": {"grade": 3, "owner_id": own},
    }.items():
        bring(put(code, **more), {"a": (121.1, 31.1)})

    def seen(actor: Actor) -> set[str]:
        return {one.code for one in reads.layer_list(actor, CITY)}

    assert seen(PUBLIC) == {"public"}
    assert seen(person("collector")) == {"public", "plain"}
    assert seen(person("department", org=own)) == {"public", "plain", "graded"}
    assert seen(person("system_admin")) == {"public", "plain", "graded"}
    assert seen(person("system_admin", areas.pack(2))) == {"public"}
    graded = next(one.id for one in reads.layer_list(SYSTEM, CITY) if one.code == "graded")
    with pytest.raises(NotFound):
        keys(graded, person("leader"))
    with pytest.raises(Forbidden):
        verbs.put_layer(person("leader"), now=NOW, city_no=CITY, code="x")


def test_changes_of_a_layer_are_reviewed_applied_and_rolled_back(city: int) -> None:
    layer = put()
    bring(layer, {"a": (121.1, 31.1), "b": (121.2, 31.2)})
    author, boss = person("collector"), person("leader")
    moved = {"geometry": {"type": "Point", "coordinates": [121.11, 31.1]}}
    steps = [
        {"action": "change", "target_id": "a", "after": moved},
        {"action": "retire", "target_id": "b"},
        {"action": "add", "target_id": "c", "after": moved | {"properties": {"n": "c"}}},
    ]
    opened = verbs.open_set(
        author,
        now=LATER,
        area_no=CITY,
        subject="layer",
        subject_id=str(layer),
        title="t",
        changes=steps,
    )
    number = UUID(str(opened["id"]))
    verbs.propose_set(author, now=LATER, set_id=number)
    verbs.approve_set(boss, now=LATER, set_id=number)
    verbs.apply_set(boss, now=LATER, set_id=number)
    assert keys(layer) == {"a", "c"}
    assert keys(layer, at=NOW) == {"a", "b"}
    after = LATER + timedelta(hours=1)
    verbs.roll_back_set(boss, now=after, set_id=number, reason="mistake")
    assert keys(layer) == {"a", "b"}
    assert keys(layer, at=LATER) == {"a", "c"}
    assert reads.layer(SYSTEM, layer).version == 3


def test_a_change_to_a_broken_shape_is_stopped(city: int) -> None:
    layer = put()
    bow = {
        "type": "Polygon",
        "coordinates": [[[121, 31], [122, 32], [122, 31], [121, 32], [121, 31]]],
    }
    steps = [{"action": "add", "target_id": "x", "after": {"geometry": bow, "properties": {}}}]
    author = person("collector")
    opened = verbs.open_set(
        author,
        now=NOW,
        area_no=CITY,
        subject="layer",
        subject_id=str(layer),
        title="t",
        changes=steps,
    )
    with pytest.raises(Conflict) as caught:
        verbs.propose_set(author, now=NOW, set_id=UUID(str(opened["id"])))
    assert caught.value.code == "has_problems"


def test_a_change_to_what_cannot_stand_is_stopped(city: int) -> None:
    layer = put(style={"space": {"is": "pipe"}})
    line = {"type": "LineString", "coordinates": [[121.1, 31.1], [121.2, 31.1]]}
    author = person("collector")
    for depth, stopped in ((-1, True), (1.5, False)):
        said = {"kind": "gas", "depth": depth}
        after = {"geometry": line, "properties": said}
        opened = verbs.open_set(
            author,
            now=NOW,
            area_no=CITY,
            subject="layer",
            subject_id=str(layer),
            title="t",
            changes=[{"action": "add", "target_id": f"p{depth}", "after": after}],
        )
        number = UUID(str(opened["id"]))
        if stopped:
            with pytest.raises(Conflict) as caught:
                verbs.propose_set(author, now=NOW, set_id=number)
            assert caught.value.code == "has_problems"
        else:
            verbs.propose_set(author, now=NOW, set_id=number)


def test_boxes_find_what_touches_them_and_cells_lose_nothing() -> None:
    draw = np.random.default_rng(5)
    corner = draw.uniform((119, 29), (123, 33), (4_000, 2))
    size = 10.0 ** draw.uniform(-6, 0.5, (4_000, 1)) * draw.uniform(0, 1, (4_000, 2))
    boxes = np.hstack([corner, corner + size])
    numbers = cells(boxes)
    for _ in range(60):
        west, south = draw.uniform((119, 29), (123, 33))
        side = 10.0 ** draw.uniform(-4, 0.5)
        box = (west, south, west + side, south + side)
        held = np.zeros(len(boxes), dtype=bool)
        for low, high in ranges(box):
            held |= (numbers >= low) & (numbers <= high)
        touching = (boxes[:, 0] <= box[2]) & (boxes[:, 2] >= box[0])
        touching &= (boxes[:, 1] <= box[3]) & (boxes[:, 3] >= box[1])
        assert not (touching & ~held).any()
        assert len(ranges(box)) < 200


NEAR = (120.8, 30.6, 122.2, 31.9)


@pytest.mark.parametrize(
    ("wkt", "frame", "said"),
    [
        (None, "WGS84", "empty"),
        ("POLYGON EMPTY", "WGS84", "empty"),
        ("POINT (500000 3450000)", "WGS84", "degrees"),
        ("POINT (2.35 48.85)", "WGS84", "far outside"),
        ("POLYGON ((121 31, 121.1 31, 121.2 31, 121 31))", "WGS84", "no surface"),
        ("POLYGON ((121 31, 122 31.9, 122 31, 121 31.9, 121 31))", "WGS84", "reshape"),
        ("LINESTRING (121 31, 121 31)", "WGS84", "no length"),
        ("GEOMETRYCOLLECTION (POINT (121 31))", "WGS84", "collection"),
        ("POINT (121.4 31.2)", "EPSG:4549", "far outside"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(wkt: str, frame: str, said: str) -> None:
    looked = clean(shapes("POINT (121.4 31.2)", wkt), frame, near=NEAR)
    assert said in looked.rejects[1]
    assert looked.shapes[1] is None
    if frame == "WGS84":
        assert 0 not in looked.rejects


def test_what_can_be_mended_is_mended_and_says_where() -> None:
    spike = "POLYGON ((121 31, 121.5 31, 121.5 31.5, 121.6 31.6, 121.5 31.5, 121 31.5, 121 31))"
    looked = clean(shapes("POINT (31.2 121.4)", spike), "WGS84", near=NEAR)
    assert looked.shapes[0] == shapely.Point(121.4, 31.2)
    assert "swapped" in looked.repairs[0]
    assert looked.shapes[1].is_valid
    assert "[121" in looked.repairs[1]


def test_ten_million_vertices_are_refused_quickly() -> None:
    angle = np.linspace(0, 2 * np.pi, 10_000_000)
    ring = np.column_stack([121.4 + np.cos(angle) / 10, 31.2 + np.sin(angle) / 10])
    ring[-1] = ring[0]
    held = np.array([shapely.Polygon(ring), shapely.Point(121.4, 31.2)], dtype=object)
    looked = clean(held, "GCJ02", near=NEAR)
    assert f"{MOST_VERTICES:,}" in looked.rejects[0]
    assert looked.accuracy_m == 0.5
    assert looked.shapes[1] is not None


def test_a_transform_is_logged_and_seen_by_its_user_only(city: int) -> None:
    user, other = person("leader"), person("leader")
    done = verbs.transform(
        user, now=NOW, points=[[121.4, 31.2], [31.2, 121.4]], source="gcj02", target="wgs84"
    )
    assert done["points"][1] is None
    assert done["accuracy_m"] == 0.5
    assert done["bad"][0]["row"] == 1
    line = reads.transform_uses(user)[0]
    assert (line["source"], line["rows"], line["refused"]) == ("GCJ02", 2, 1)
    assert reads.transform_uses(other) == []
    assert len(reads.transform_uses(person("audit_admin"))) == 1
    with pytest.raises(Invalid):
        verbs.transform(user, now=NOW, points=[[1, 1]], source="mars", target="wgs84")
