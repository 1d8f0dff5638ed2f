import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.places.decide.gridding import unit_grid
from chengyun.places.decide.locating import PolygonIndex
from chengyun.places.decide.subdividing import subdivide

# A bent outline with a hole: neither convex nor simple to cut.
TOWN = shapely.Polygon(
    [
        (121.40, 31.20),
        (121.47, 31.19),
        (121.50, 31.24),
        (121.46, 31.27),
        (121.44, 31.23),
        (121.41, 31.28),
    ],
    [[(121.445, 31.205), (121.455, 31.205), (121.455, 31.213), (121.446, 31.212)]],
)


def city() -> tuple[list[str], PolygonIndex]:
    codes: list[str] = []
    outlines: list[shapely.Geometry] = []
    for n, community in enumerate(subdivide(TOWN, 9, seed=7), start=1):
        for cell in unit_grid(community, f"310101001{n:03d}", count=1 + n * 3):
            codes.append(cell.code)
            outlines.append(cell.outline)
    return codes, PolygonIndex(np.array(outlines, dtype=object))


CODES, INDEX = city()
WEST, SOUTH, EAST, NORTH = TOWN.bounds


@settings(max_examples=300)
@given(st.floats(WEST - 0.01, EAST + 0.01), st.floats(SOUTH - 0.01, NORTH + 0.01))
def test_every_point_is_in_exactly_one_cell_or_outside(lon: float, lat: float) -> None:
    found = INDEX.find_one(lon, lat)
    inside = shapely.intersects_xy(TOWN, lon, lat)
    if inside:
        assert found >= 0
        assert INDEX.polygons[found].distance(shapely.Point(lon, lat)) <= 1e-9
    elif found >= 0:
        assert TOWN.distance(shapely.Point(lon, lat)) <= 1e-9


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_bulk_says_what_single_says(seed: int) -> None:
    draw = np.random.default_rng(seed)
    lons, lats = draw.uniform(WEST, EAST, 200), draw.uniform(SOUTH, NORTH, 200)
    single = [INDEX.find_one(x, y) for x, y in zip(lons, lats, strict=True)]
    assert INDEX.find(lons, lats).tolist() == single


def test_every_border_vertex_belongs_to_the_lowest_code_that_touches_it() -> None:
    corners = shapely.get_coordinates(INDEX.polygons)
    found = INDEX.find(corners[:, 0], corners[:, 1])
    assert (found >= 0).all()
    for (lon, lat), at in zip(corners.tolist(), found.tolist(), strict=True):
        touching = np.flatnonzero(shapely.intersects(INDEX.polygons, shapely.Point(lon, lat)))
        assert CODES[at] == min(CODES[i] for i in touching.tolist())


def test_points_along_shared_borders_belong_to_one_of_the_two() -> None:
    rng = random.Random(3)
    first, second = shapely.STRtree(INDEX.polygons).query(INDEX.polygons, predicate="touches")
    for a, b in rng.sample(list(zip(first.tolist(), second.tolist(), strict=True)), 200):
        border = INDEX.polygons[a].intersection(INDEX.polygons[b])
        if border.length == 0.0:  # only a corner in common
            continue
        spot = border.interpolate(rng.random(), normalized=True)
        found = INDEX.find_one(spot.x, spot.y)
        assert found >= 0
        assert INDEX.polygons[found].distance(spot) <= 1e-9


def test_overlapping_polygons_give_the_first() -> None:
    index = PolygonIndex(np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)], dtype=object))
    assert index.find(np.array([1.5, 2.5, 9.0]), np.array([1.5, 2.5, 9.0])).tolist() == [0, 1, -1]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_not_a_number_is_nowhere(bad: float) -> None:
    assert INDEX.find(np.array([bad, 121.45]), np.array([31.2, bad])).tolist() == [-1, -1]
    assert INDEX.find_one(bad, 31.2) == -1


def test_no_points_and_no_polygons() -> None:
    nothing = np.array([], dtype=np.float64)
    assert len(INDEX.find(nothing, nothing)) == 0
    empty = PolygonIndex(np.array([], dtype=object))
    assert empty.find_one(1.0, 1.0) == -1
    assert empty.find(np.array([1.0]), np.array([1.0])).tolist() == [-1]


def test_threads_share_an_index() -> None:
    draw = np.random.default_rng(5)
    lons, lats = draw.uniform(WEST, EAST, 3_000), draw.uniform(SOUTH, NORTH, 3_000)
    alone = INDEX.find(lons, lats).tolist()
    fresh = PolygonIndex(INDEX.polygons)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: fresh.find(lons, lats).tolist(), range(32)))
    assert all(one == alone for one in found)
