"""BD-09, the second shift that one map provider puts on top of GCJ-02.

Published as code by that provider's own converters and in every open library (`eviltransform`, MIT;
`prcoords`, CC0). The forward shift is closed; the inverse is solved by fixed-point iteration to
below 1e-9 degrees, where the usual closed inverse stops at decimetres.
"""

import numpy as np
import numpy.typing as npt

from chengyun.places.decide.datum import gcj02_to_wgs84, wgs84_to_gcj02

Floats = npt.NDArray[np.float64]

_LON, _LAT = 0.0065, 0.006
_WAVE = np.pi * 3000.0 / 180.0
_ROUNDS = 8


def gcj02_to_bd09(points: Floats) -> Floats:
    """Shift (n, 2) GCJ-02 lon/lat degrees to BD-09."""
    lon, lat = points[:, 0], points[:, 1]
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _WAVE)
    return np.column_stack([radius * np.cos(angle) + _LON, radius * np.sin(angle) + _LAT])


def bd09_to_gcj02(points: Floats) -> Floats:
    """Undo the shift of (n, 2) lon/lat degrees; round trip error below 1 mm."""
    wanted = np.array(points, dtype=np.float64)
    guess = wanted - (_LON, _LAT)
    for _ in range(_ROUNDS):
        guess = guess + (wanted - gcj02_to_bd09(guess))
    return guess


def wgs84_to_bd09(points: Floats) -> Floats:
    """Both shifts, one after the other."""
    return gcj02_to_bd09(wgs84_to_gcj02(points))


def bd09_to_wgs84(points: Floats) -> Floats:
    """Both shifts undone."""
    return gcj02_to_wgs84(bd09_to_gcj02(points))
