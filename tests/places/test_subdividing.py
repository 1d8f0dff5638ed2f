import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.places.decide.overlaying import prove
from chengyun.places.decide.subdividing import subdivide

ISLANDS = shapely.MultiPolygon(
    [shapely.box(121.0, 31.0, 121.2, 31.1), shapely.box(121.25, 31.0, 121.27, 31.02)]
)
BENT = shapely.Polygon(
    [(121, 31), (121.3, 31), (121.3, 31.3), (121.28, 31.3), (121.28, 31.02), (121, 31.02)]
)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([ISLANDS, BENT]), st.integers(1, 40), st.integers(0, 2**31))
def test_cells_cover_the_area_once(area: shapely.Geometry, count: int, seed: int) -> None:
    cells = subdivide(area, count, seed)
    assert len(cells) == count
    assert all(cell.area > 0 for cell in cells)
    proof = prove("street", area, [str(i) for i in range(count)], np.array(cells, dtype=object))
    assert proof.sound, proof


def test_the_seed_decides() -> None:
    assert subdivide(BENT, 12, 5) == subdivide(BENT, 12, 5)
    assert subdivide(BENT, 12, 5) != subdivide(BENT, 12, 6)


def test_cells_are_of_similar_size() -> None:
    sizes = [cell.area for cell in subdivide(shapely.box(121, 31, 121.3, 31.3), 30, 2)]
    assert max(sizes) / min(sizes) < 4


def test_cells_grow_with_the_distance_from_the_middle() -> None:
    area, middle = shapely.box(121, 31, 121.8, 31.6), (121.0, 31.0)
    cells = subdivide(area, 120, 4, dense_at=middle)
    assert cells == subdivide(area, 120, 4, dense_at=middle)
    away = [cell.centroid.distance(shapely.Point(middle)) for cell in cells]
    assert away[0] < 0.15
    assert away[-1] > 0.7
    assert np.median([cell.area for cell in cells[:30]]) * 2 < np.median(
        [cell.area for cell in cells[-30:]]
    )
    proof = prove("street", area, [str(n) for n in range(120)], np.array(cells, dtype=object))
    assert proof.sound


def test_needs_a_count() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        subdivide(BENT, 0, 1)
