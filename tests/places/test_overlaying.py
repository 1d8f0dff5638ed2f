import numpy as np
import pytest
import shapely

from chengyun.places.decide.merging import cluster, dissolve
from chengyun.places.decide.metric import area_m2
from chengyun.places.decide.overlaying import overlay, prove

AREA = shapely.box(121.0, 31.0, 121.4, 31.2)


def boxes(*spans: tuple[float, float]) -> np.ndarray:
    """Columns of the area between the given longitudes."""
    return np.array([shapely.box(w, 31.0, e, 31.2) for w, e in spans], dtype=object)


def test_a_sound_layer() -> None:
    proof = prove("base", AREA, ["a", "b"], boxes((121.0, 121.1), (121.1, 121.4)))
    assert proof.sound
    assert proof.cells == 2
    assert proof.area_m2 == pytest.approx(area_m2(AREA), abs=1)


def test_gap_overlap_and_overreach_are_measured_apart() -> None:
    outlines = boxes((120.9, 121.1), (121.09, 121.2), (121.25, 121.4))
    proof = prove("base", AREA, ["a", "b", "c"], outlines)
    gap, twice = boxes((121.2, 121.25), (121.09, 121.1))
    beyond = shapely.box(120.9, 31.0, 121.0, 31.2)
    assert not proof.sound
    assert proof.gap_m2 == pytest.approx(area_m2(gap), rel=1e-5)
    assert proof.overlap_m2 == pytest.approx(area_m2(twice), rel=1e-5)
    assert proof.outside_m2 == pytest.approx(area_m2(beyond), rel=1e-5)
    assert proof.overlaps[0].codes == ("a", "b")
    assert proof.outside[0].codes == ("a",)
    assert proof.gaps[0][:2] == (121.225, 31.1)


def test_a_gap_cannot_hide_an_overlap_of_the_same_size() -> None:
    proof = prove("base", AREA, ["a", "b"], boxes((121.0, 121.2), (121.1, 121.3)))
    assert proof.gap_m2 == pytest.approx(proof.overlap_m2, rel=1e-6)
    assert proof.gap_m2 > 1e6


def test_an_empty_layer_is_one_gap() -> None:
    proof = prove("police", AREA, [], np.array([], dtype=object))
    assert proof.gap_m2 == pytest.approx(area_m2(AREA), rel=1e-3)
    assert not proof.sound


def test_overlay_gives_each_piece_one_code_per_layer() -> None:
    pieces = overlay(
        AREA,
        {
            "base": (["b1", "b2"], boxes((121.0, 121.1), (121.1, 121.4))),
            "police": (["p1", "p2"], boxes((121.0, 121.2), (121.2, 121.3))),
        },
    )
    assert [piece.codes for piece in pieces] == [
        ("b1", "p1"),
        ("b2", "p1"),
        ("b2", "p2"),
        ("b2", None),
    ]
    outlines = np.array([piece.outline for piece in pieces], dtype=object)
    assert prove("overlay", AREA, [str(n) for n in range(4)], outlines).sound


def test_overlapping_cells_of_a_layer_fall_to_the_lower_code() -> None:
    layer = (["z", "a"], boxes((121.0, 121.3), (121.2, 121.4)))
    pieces = {piece.codes[0]: piece.outline for piece in overlay(AREA, {"base": layer})}
    assert pieces["a"].bounds[0] == 121.2
    assert pieces["z"].bounds[2] == 121.2


@pytest.mark.parametrize(("points", "groups"), [(1, 1), (7, 3), (100, 9), (3, 8)])
def test_clusters_hold_every_point_once(points: int, groups: int) -> None:
    draw = np.random.default_rng(1)
    chosen = cluster(draw.uniform(0, 1, (points, 2)), draw.uniform(1, 2, points), groups)
    assert len(chosen) == points
    assert set(chosen) == set(range(min(points, groups)))


def test_clusters_weigh_about_the_same() -> None:
    draw = np.random.default_rng(2)
    chosen = cluster(draw.uniform(0, 1, (400, 2)), np.ones(400), 8)
    assert max(np.bincount(chosen)) <= 55


def test_dissolve_keeps_the_surface() -> None:
    merged = dissolve(boxes((121.0, 121.1), (121.1, 121.4)))
    assert merged.geom_type == "Polygon"
    assert merged.equals(AREA)
