import numpy as np
import pyproj
import pytest
import shapely

from chengyun.places.decide.metric import area_m2, areas_m2, metres_per_degree

GEOD = pyproj.Geod(ellps="GRS80")


@pytest.mark.parametrize("lat", [-60.0, -1.0, 0.0, 22.5, 31.2, 45.0, 52.0])
def test_area_agrees_with_geodesic_area(lat: float) -> None:
    box = shapely.box(121.4, lat, 121.402, lat + 0.002)
    exact = abs(GEOD.geometry_area_perimeter(box)[0])
    assert area_m2(box) == pytest.approx(exact, rel=1e-6)


def test_many_areas_at_once() -> None:
    boxes = np.array([shapely.box(0, 31, 0.01, 31.01), shapely.Polygon()], dtype=object)
    sizes = areas_m2(boxes)
    assert sizes[0] > 1e6
    assert sizes[1] == 0.0


def test_a_degree_at_shanghai() -> None:
    per_lon, per_lat = metres_per_degree(31.2)
    assert per_lon == pytest.approx(GEOD.line_length([121, 122], [31.2, 31.2]), rel=1e-3)
    assert per_lat == pytest.approx(GEOD.line_length([121, 121], [30.7, 31.7]), rel=1e-4)
