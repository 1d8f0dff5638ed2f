"""GCJ-02, the shifted datum of Chinese web maps, from and to WGS84 (≈ CGCS2000, < 1 m apart).

The shift was never published; this is the reverse-engineered series everybody uses (constants as in
`eviltransform`, MIT, and npm `gcoord`, MIT). The inverse has no closed form: it is solved by
fixed-point iteration, which converges below 1e-9 degrees (0.1 mm) in at most 8 rounds.
"""

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Floats = npt.NDArray[np.float64]

_SEMI_MAJOR = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_ROUNDS = 8
# Outside this box the web maps publish unshifted coordinates.
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271


def wgs84_to_gcj02(points: Floats) -> Floats:
    """Shift (n, 2) lon/lat degrees to GCJ-02; points outside mainland China's box stay."""
    out = np.array(points, dtype=np.float64)
    inside = _in_box(out)
    out[inside] += _shift(out[inside])
    return out


def gcj02_to_wgs84(points: Floats) -> Floats:
    """Undo the shift of (n, 2) lon/lat degrees; round trip error below 1 mm."""
    target = np.array(points, dtype=np.float64)
    inside = _in_box(target)
    wanted = target[inside]
    guess = wanted.copy()
    for _ in range(_ROUNDS):
        guess = wanted - _shift(guess)
    target[inside] = guess
    return target


def geometry_to_wgs84(geometry: BaseGeometry) -> BaseGeometry:
    """Convert every vertex of a GCJ-02 geometry; shared borders stay shared."""
    return shapely.transform(geometry, gcj02_to_wgs84)


def _in_box(points: Floats) -> npt.NDArray[np.bool_]:
    lon, lat = points[:, 0], points[:, 1]
    return (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)


def _shift(points: Floats) -> Floats:
    """Degrees that GCJ-02 adds at WGS84 points (n, 2)."""
    x, y = points[:, 0] - 105.0, points[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    common = (20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    latitude = np.radians(points[:, 1])
    magic = 1.0 - _ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian = _SEMI_MAJOR * (1.0 - _ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    parallel = _SEMI_MAJOR / np.sqrt(magic) * np.cos(latitude)
    return np.column_stack([np.degrees(east / parallel), np.degrees(north / meridian)])
