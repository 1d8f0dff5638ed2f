"""Tiles: what is written is read again, positions stay within half a unit, caps are said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.places.decide.tiling import (
    DEEPEST,
    EXTENT,
    Tile,
    bounds,
    to_degrees,
    to_units,
    within,
)
from chengyun.places.decide.vector_tiles import Spot, read, write

VALUES = st.one_of(
    st.text(max_size=20),
    st.booleans(),
    st.floats(allow_nan=False),
    st.integers(-(2**63), 2**63 - 1),
)
SPOTS = st.builds(
    Spot,
    st.integers(0, 2**63),
    st.integers(-EXTENT, 2 * EXTENT),
    st.integers(-EXTENT, 2 * EXTENT),
    st.dictionaries(st.text(max_size=10), VALUES, max_size=4),
)


@st.composite
def tiles(draw: st.DrawFn) -> Tile:
    z = draw(st.integers(0, DEEPEST))
    return Tile(z, draw(st.integers(0, 2**z - 1)), draw(st.integers(0, 2**z - 1)))


@given(st.lists(SPOTS, min_size=1, max_size=8))
def test_what_is_written_is_read_again(spots: list[Spot]) -> None:
    (again,) = read(write("cases", spots, most=100).body).values()
    assert again == spots
    kinds = [[type(value) for value in spot.says.values()] for spot in again]
    assert kinds == [[type(value) for value in spot.says.values()] for spot in spots]


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
        (x, y) for x in (0, 1) for y in (0, 1) if within(to_units(Tile(1, x, y), middle)).all()
    ]
    assert owners == [(1, 1)]


def test_the_cap_says_what_it_left_out() -> None:
    written = write("cases", [Spot(n, n, n, {}) for n in range(7)], most=5)
    assert ([spot.id for spot in read(written.body)["cases"]], written.left_out) == ([*range(5)], 2)


def test_bytes_of_the_specification() -> None:
    body = write("a", [Spot(1, 25, 17, {})], most=1).body
    assert bytes([0x22, 3, 9, 50, 34]) in body  # section 4.3.5.1: a point at (25, 17)


@pytest.mark.parametrize("tile", [Tile(-1, 0, 0), Tile(23, 0, 0), Tile(2, 4, 0), Tile(2, 0, -1)])
def test_there_is_no_tile_out_of_range(tile: Tile) -> None:
    assert not tile.exists


@given(st.binary(max_size=60))
def test_other_bytes_are_refused_by_value_error(body: bytes) -> None:
    try:
        read(body)
    except ValueError:
        return


def test_a_tile_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="ends too early"):
        read(write("cases", [Spot(1, 2, 3, {"a": "b"})], most=1).body[:-1])


def test_a_value_of_no_known_kind_is_refused() -> None:
    body = write("cases", [Spot(1, 2, 3, {"a": "bcd"})], most=1).body
    with pytest.raises(ValueError, match="no known kind"):
        read(body.replace(b"\x0a\x03bcd", b"\x12\x03bcd"))
