import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.places.decide.gridding import GridError, shares, split, unit_grid
from chengyun.places.decide.metric import area_m2, areas_m2
from chengyun.places.decide.overlaying import prove
from chengyun.places.decide.subdividing import subdivide

BLOCK = shapely.box(121.47, 31.23, 121.475, 31.234)


@st.composite
def outlines(draw: st.DrawFn) -> shapely.Polygon:
    """Star-shaped polygons with 5–25 corners, some of them very pointed, some with a hole."""
    corners = draw(st.integers(5, 25))
    radii = [draw(st.floats(0.0008, 0.02)) for _ in range(corners)]
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    ring = [(121.5 + r * np.cos(t), 31.2 + r * np.sin(t)) for r, t in zip(radii, turn, strict=True)]
    hole = [(121.5002, 31.2), (121.5, 31.2002), (121.4998, 31.2)]
    return shapely.Polygon(ring, [hole] if draw(st.booleans()) else [])


@settings(max_examples=60, deadline=None)
@given(outlines().filter(lambda p: p.is_valid), st.integers(1, 60))
def test_any_polygon_is_covered_exactly_once(area: shapely.Polygon, count: int) -> None:
    cells = unit_grid(area, "310101002001", count=count)
    assert len(cells) == count == len({cell.code for cell in cells})
    proof = prove("base", area, [c.code for c in cells], np.array([c.outline for c in cells]))
    assert proof.sound, proof


def test_cells_have_about_the_unit_size_and_valid_codes() -> None:
    cells = unit_grid(BLOCK, "310101002001")
    sizes = areas_m2(np.array([cell.outline for cell in cells]))
    assert len(cells) == round(area_m2(BLOCK) / 10_000)
    assert sizes.min() > 9_000
    assert sizes.max() < 11_000
    assert [cell.code for cell in cells] == [
        f"310101002001{n:03d}" for n in range(1, len(cells) + 1)
    ]


def test_no_slivers_in_made_up_communities() -> None:
    for community in subdivide(shapely.Point(121.4, 31.2).buffer(0.05), 40, seed=1):
        cells = unit_grid(community, "310101002001", count=20)
        sizes = areas_m2(np.array([cell.outline for cell in cells]))
        assert sizes.min() > 0.5 * sizes.mean()


def test_the_same_polygon_gives_the_same_cells() -> None:
    assert unit_grid(BLOCK, "310101002001") == unit_grid(BLOCK, "310101002001")


def test_refuses_what_three_digits_cannot_number() -> None:
    with pytest.raises(GridError, match="001–999"):
        unit_grid(shapely.box(121, 31, 121.2, 31.2), "310101002001")
    with pytest.raises(GridError, match="no surface"):
        unit_grid(shapely.Polygon(), "310101002001")
    with pytest.raises(GridError):
        unit_grid(BLOCK, "310101002001", count=0)


def test_split_gives_equal_shares() -> None:
    sizes = [piece.area for piece in split(BLOCK, 7)]
    assert len(sizes) == 7
    assert max(sizes) / min(sizes) < 1.1


@given(st.lists(st.floats(1.0, 1e8), min_size=1, max_size=50), st.integers(0, 3_000))
def test_shares_add_up(sizes: list[float], more: int) -> None:
    total = min(len(sizes) + more, len(sizes) * 999)
    given_out = shares(np.array(sizes), total)
    assert sum(given_out) == total
    assert min(given_out) >= 1
    assert max(given_out) <= 999


def test_shares_refuse_the_impossible() -> None:
    with pytest.raises(GridError):
        shares(np.array([1.0, 2.0]), 1)
