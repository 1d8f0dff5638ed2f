"""Tiles: what is written is read again by another decoder, shapes stay what they are."""

import math
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.places.decide.tile_shapes import MARGIN, fitted
from chengyun.places.decide.tiling import (
    DEEPEST,
    EXTENT,
    Tile,
    bounds,
    to_degrees,
    to_units,
    within,
)
from chengyun.places.decide.vector_tiles import Sheet, write

VALUES = st.one_of(
    st.text(max_size=20),
    st.booleans(),
    st.floats(allow_nan=False),
    st.integers(-(2**63), 2**63 - 1),
)
SAYS = st.dictionaries(st.text(max_size=10), VALUES, max_size=4)
WORLD = Tile(0, 0, 0)


def read(body: bytes) -> dict[str, Any]:
    """Each layer of a tile by another implementation, y downwards."""
    return mapbox_vector_tile.decode(body, default_options={"y_coord_down": True})


def shapes(*wkt: str) -> Any:
    return np.array([shapely.from_wkt(one) for one in wkt], dtype=object)


def in_units(tile: Tile, units: shapely.Geometry) -> shapely.Geometry:
    """A shape in units of a tile as lon/lat degrees."""
    return shapely.transform(units, lambda points: to_degrees(tile, points))


def drawn(tile: Tile, shape: shapely.Geometry) -> list[dict[str, Any]]:
    held = np.array([shape], dtype=object)
    layers = read(write(tile, [Sheet("a", [7], [{}], shapes=held)], 10).body)
    return layers["a"]["features"] if layers else []


@st.composite
def tiles(draw: st.DrawFn) -> Tile:
    z = draw(st.integers(0, DEEPEST))
    return Tile(z, draw(st.integers(0, 2**z - 1)), draw(st.integers(0, 2**z - 1)))


@given(
    st.lists(
        st.tuples(st.integers(0, 2**63), st.integers(0, 4095), st.integers(0, 4095), SAYS),
        min_size=1,
        max_size=8,
    )
)
def test_points_are_read_again_with_their_types(spots: list[tuple[int, int, int, Any]]) -> None:
    tile = Tile(14, 13722, 6689)
    points = to_degrees(tile, np.array([[x, y] for _, x, y, _ in spots]))
    sheet = Sheet("cases", [one[0] for one in spots], [one[3] for one in spots], points)
    found = read(write(tile, [sheet], most=100).body)["cases"]["features"]
    for (ident, x, y, says), again in zip(spots, found, strict=True):
        assert (again["id"], again["geometry"]["coordinates"]) == (ident, [x, y])
        assert again["properties"] == says
        for key, value in says.items():
            assert type(again["properties"][key]) is type(value)


@settings(max_examples=60, deadline=None)
@given(
    tiles(),
    st.lists(
        st.tuples(st.integers(-3000, 7000), st.integers(-3000, 7000), st.integers(5, 2500)),
        min_size=1,
        max_size=4,
    ),
)
def test_areas_keep_their_ground_inside_the_tile(
    tile: Tile, circles: list[tuple[int, int, int]]
) -> None:
    whole = shapely.union_all([shapely.Point(x, y).buffer(r) for x, y, r in circles])
    frame = shapely.box(-MARGIN, -MARGIN, EXTENT + MARGIN, EXTENT + MARGIN)
    # Beyond the poles of the projection there is no tile.
    degrees = in_units(tile, whole)
    seen = shapely.transform(degrees, lambda p: to_units(tile, p)).buffer(0)
    wanted = shapely.intersection(seen, frame)
    found = [shapely.geometry.shape(one["geometry"]) for one in drawn(tile, degrees)]
    again = shapely.union_all([one.buffer(0) for one in found])
    # Half a unit of rounding and one of simplifying along the outline.
    assert again.symmetric_difference(wanted).area <= 2.5 * wanted.length + 8
    fit = fitted(tile, np.array([degrees], dtype=object))[0]
    assert fit.is_valid
    # What shrank to a line is no area any more.
    assert (shapely.area(fit) == 0) == (not found)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-6000, 9000), st.integers(-6000, 9000)), min_size=2, max_size=12)
)
def test_lines_stay_near_and_inside(track: list[tuple[int, int]]) -> None:
    tile = Tile(12, 3430, 1672)
    line = shapely.LineString(track)
    frame = shapely.box(-MARGIN, -MARGIN, EXTENT + MARGIN, EXTENT + MARGIN)
    found = drawn(tile, in_units(tile, line))
    wanted = shapely.intersection(line, frame)
    if not found:
        assert wanted.length <= 3
        return
    again = shapely.geometry.shape(found[0]["geometry"])
    assert shapely.hausdorff_distance(again, wanted) <= 4 or wanted.length <= 6
    assert frame.buffer(1).covers(again)


def test_holes_stay_holes_and_rings_wind_as_specified() -> None:
    tile = Tile(10, 857, 418)
    outer = shapely.box(100, 100, 3000, 3000, ccw=False)
    holed = shapely.Polygon(outer.exterior, [shapely.box(500, 500, 900, 900).exterior])
    two = shapely.MultiPolygon([holed, shapely.box(3200, 3200, 3900, 3900)])
    for shape in (holed, two):
        (found,) = drawn(tile, in_units(tile, shape))
        again = shapely.geometry.shape(found["geometry"])
        assert again.equals(shape)
    # The bytes: MoveTo, LineTo of three, ClosePath, and a positive area by the surveyor's formula.
    square = in_units(tile, shapely.box(0, 0, 10, 10))
    body = write(tile, [Sheet("a", [1], [{}], shapes=np.array([square], dtype=object))], 9).body
    ring = [(0, 0), *_ring(body)]
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))
    assert twice == 200


def _ring(body: bytes) -> list[tuple[int, int]]:
    """The corners after the first of the one square in a tile."""
    start = body.index(bytes([0x22, 0x0B])) + 2
    said = body[start : start + 11]
    assert (said[0], said[3], said[10]) == (9, 26, 15)
    unzigzag = [n >> 1 ^ -(n & 1) for n in said[1:3] + said[4:10]]
    x, y, found = 0, 0, []
    for dx, dy in zip(unzigzag[::2], unzigzag[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found[1:] if found[0] == (0, 0) else found


def test_what_is_too_small_or_elsewhere_is_left_out() -> None:
    tiny = shapely.Point(121.4, 31.2).buffer(1e-7)
    assert drawn(WORLD, tiny) == []
    assert drawn(Tile(10, 0, 0), shapely.box(121, 31, 122, 32)) == []
    assert write(WORLD, [Sheet("a", [], [], shapes=shapes())], 5).body == b""


def test_mixed_collections_and_invalid_shapes_are_drawn() -> None:
    mixed = shapes("GEOMETRYCOLLECTION (POINT (1 1), POLYGON ((0 0, 60 0, 60 60, 0 60, 0 0)))")[0]
    assert [one["type"] for one in (f["geometry"] for f in drawn(WORLD, mixed))] == ["Polygon"]
    bow = shapes("POLYGON ((0 0, 60 60, 60 0, 0 60, 0 0))")[0]
    (found,) = drawn(WORLD, bow)
    assert shapely.geometry.shape(found["geometry"]).is_valid
    spots = shapes("MULTIPOINT ((10 10), (20 20))")[0]
    (found,) = drawn(WORLD, spots)
    assert len(found["geometry"]["coordinates"]) == 2


def test_an_area_of_many_corners_is_drawn_with_few() -> None:
    turn = np.linspace(0, 2 * math.pi, 200_000, endpoint=False)
    ring = np.column_stack([121.4 + 0.2 * np.cos(turn), 31.2 + 0.2 * np.sin(turn)])
    (found,) = drawn(Tile(8, 214, 104), shapely.Polygon(ring))
    assert 20 < len(found["geometry"]["coordinates"][0]) < 2_000


@given(tiles(), st.integers(0, EXTENT), st.integers(0, EXTENT))
def test_units_come_back_from_degrees(tile: Tile, x: int, y: int) -> None:
    units = np.array([[x, y]], dtype=np.int64)
    assert to_units(tile, to_degrees(tile, units)).tolist() == [[x, y]]


@given(tiles(), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_point_inside_the_bounds_is_the_tiles_own(tile: Tile, right: float, up: float) -> None:
    west, south, east, north = bounds(tile)
    point = np.array([[west + (east - west) * right, south + (north - south) * up]])
    assert within(to_units(tile, point)).all()


def test_a_point_on_an_edge_belongs_to_one_tile() -> None:
    middle = np.array([[0.0, 0.0]])
    owners = [
        (x, y)
        for x in (0, 1)
        for y in (0, 1)
        if write(Tile(1, x, y), [Sheet("a", [1], [{}], middle)], 5).count
    ]
    assert owners == [(1, 1)]


def test_the_cap_is_marked_in_the_tile() -> None:
    points = np.column_stack([np.arange(7.0), np.arange(7.0)])
    written = write(WORLD, [Sheet("a", range(7), [{}] * 7, points)], most=5)
    layers = read(written.body)
    assert [one["id"] for one in layers["a"]["features"]] == [*range(5)]
    assert layers["truncated"]["features"][0]["properties"] == {"layer": "a"}
    assert (written.count, written.truncated) == (5, True)
    assert not write(WORLD, [Sheet("a", range(7), [{}] * 7, points)], most=7).truncated


def test_values_of_other_kinds_are_written_as_json_and_nothing_is_left_out() -> None:
    says = {"none": None, "list": [1, "二"], "big": 2**70}
    sheet = Sheet("a", [1], [says], np.array([[1.0, 1.0]]))
    (found,) = read(write(WORLD, [sheet], 5).body)["a"]["features"]
    assert found["properties"] == {"list": '[1,"二"]', "big": str(2**70)}


@pytest.mark.parametrize("tile", [Tile(-1, 0, 0), Tile(23, 0, 0), Tile(2, 4, 0), Tile(2, 0, -1)])
def test_there_is_no_tile_out_of_range(tile: Tile) -> None:
    assert not tile.exists
