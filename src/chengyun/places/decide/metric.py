"""Square metres of lon/lat geometry, by an equal-area projection of the CGCS2000 ellipsoid."""

from typing import overload

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]
Geometries = npt.NDArray[np.object_]

_SEMI_MAJOR = 6378137.0
_ECCENTRICITY = 0.0818191910428158  # CGCS2000 (GB 22021-2008), equal to GRS80 in every digit here


def equal_area(points: Floats) -> Floats:
    """Project (n, 2) lon/lat degrees to metres so that planar area is ellipsoidal area."""
    sine = np.sin(np.radians(points[:, 1]))
    e = _ECCENTRICITY
    authalic = (1.0 - e * e) * (
        sine / (1.0 - (e * sine) ** 2) - np.log((1.0 - e * sine) / (1.0 + e * sine)) / (2.0 * e)
    )
    return np.column_stack([_SEMI_MAJOR * np.radians(points[:, 0]), _SEMI_MAJOR * authalic / 2.0])


def areas_m2(geometries: Geometries) -> Floats:
    """Area of each lon/lat geometry in square metres."""
    projected = shapely.transform(geometries, equal_area)
    return np.asarray(shapely.area(projected), dtype=np.float64)


def area_m2(geometry: BaseGeometry) -> float:
    """Area of one lon/lat geometry in square metres."""
    return float(areas_m2(np.array([geometry], dtype=object))[0])


@overload
def metres_per_degree(latitude: float) -> tuple[float, float]: ...


@overload
def metres_per_degree(latitude: Floats) -> tuple[Floats, Floats]: ...


def metres_per_degree(latitude: float | Floats) -> tuple[float, float] | tuple[Floats, Floats]:
    """Metres in one degree of longitude and of latitude at `latitude`."""
    phi = np.radians(latitude)
    magic = 1.0 - (_ECCENTRICITY * np.sin(phi)) ** 2
    east = np.radians(_SEMI_MAJOR * np.cos(phi) / np.sqrt(magic))
    north = np.radians(_SEMI_MAJOR * (1.0 - _ECCENTRICITY**2) / magic**1.5)
    return east, north
