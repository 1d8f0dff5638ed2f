import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from chengyun.places.decide.datum import gcj02_to_wgs84, geometry_to_wgs84, wgs84_to_gcj02
from chengyun.places.decide.metric import metres_per_degree

# Computed once with npm gcoord 1.0.7 (MIT), an implementation nobody here wrote:
# point, GCJ02 → WGS84 of it, WGS84 → GCJ02 of it.
GCOORD = [
    (
        (121.4737, 31.2304),
        (121.46916230821292, 31.23232927151486),
        (121.47822305927693, 31.22845773757727),
    ),
    (
        (121.4568, 31.22),
        (121.45221492732499, 31.221893731813438),
        (121.46137292356897, 31.218095343546125),
    ),
    (
        (121.2, 31.0),
        (121.19554194147, 31.002095603471073),
        (121.20445007242209, 30.997895905510628),
    ),
    (
        (121.9, 30.87),
        (121.8959189550642, 30.87239727776739),
        (121.90407847578346, 30.867600665043796),
    ),
    (
        (121.7, 31.6),
        (121.69563456208742, 31.60197255540973),
        (121.70437241672414, 31.598034637819605),
    ),
    (
        (116.404, 39.915),
        (116.39775550083061, 39.91359571849836),
        (116.41024449916938, 39.91640428150164),
    ),
    (
        (113.9, 22.5),
        (113.89513151762475, 22.503054019334446),
        (113.90486389528537, 22.496945031454228),
    ),
    ((87.6, 43.8), (87.59716102772838, 43.79878796970792), (87.60283897227161, 43.80121203029208)),
]


@pytest.mark.parametrize(("point", "back", "forth"), GCOORD)
def test_agrees_with_an_independent_implementation(
    point: tuple[float, float], back: tuple[float, float], forth: tuple[float, float]
) -> None:
    at = np.array([point])
    assert np.abs(wgs84_to_gcj02(at) - [forth]).max() < 1e-10
    # gcoord's own inverse stops within metres in places; ours must be nearer to its forward shift.
    assert np.abs(gcj02_to_wgs84(at) - [back]).max() < 2e-5
    assert np.abs(wgs84_to_gcj02(gcj02_to_wgs84(at)) - at).max() < 1e-9


@given(st.floats(73.5, 135.0), st.floats(18.0, 53.5))
def test_round_trip_is_within_half_a_metre(lon: float, lat: float) -> None:
    there = gcj02_to_wgs84(np.array([[lon, lat]]))
    again = wgs84_to_gcj02(there)[0]
    per_lon, per_lat = metres_per_degree(lat)
    assert abs(again[0] - lon) * per_lon < 0.5
    assert abs(again[1] - lat) * per_lat < 0.5


def test_points_outside_the_box_stay() -> None:
    away = np.array([[-118.25, 34.05], [2.35, 48.85]])
    assert (wgs84_to_gcj02(away) == away).all()
    assert (gcj02_to_wgs84(away) == away).all()


def test_neighbours_keep_their_common_border() -> None:
    west, east = shapely.box(121.4, 31.2, 121.5, 31.3), shapely.box(121.5, 31.2, 121.6, 31.3)
    moved_west, moved_east = geometry_to_wgs84(west), geometry_to_wgs84(east)
    border = moved_west.intersection(moved_east)
    assert border.geom_type == "LineString"
    assert border.length > 0.09
