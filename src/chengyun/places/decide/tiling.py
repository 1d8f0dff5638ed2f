"""Tiles of the Web Mercator quad tree (OGC 17-083r4, WebMercatorQuad), purely.

A tile is named by zoom, column from the west and row from the north. Inside it, positions are
whole units: 0 at its west and north edge, EXTENT at the east and south edge.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Units = npt.NDArray[np.int64]

EXTENT = 4096
DEEPEST = 22
NORTHMOST = math.degrees(math.atan(math.sinh(math.pi)))


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile; whether there is such a tile is told by `exists`."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """True when the zoom is one we serve and column and row lie within it."""
        return 0 <= self.z <= DEEPEST and 0 <= self.x < 1 << self.z and 0 <= self.y < 1 << self.z


def bounds(tile: Tile, margin: int = 0) -> tuple[float, float, float, float]:
    """West, south, east, north in WGS84 degrees, `margin` tile units wider on each side."""
    corners = to_degrees(
        tile, np.array([[-margin, EXTENT + margin], [EXTENT + margin, -margin]], dtype=np.int64)
    )
    return (*map(float, corners[0]), *map(float, corners[1]))  # type: ignore[return-value]


def placed(tile: Tile, points: Floats) -> Floats:
    """(n, 2) WGS84 lon/lat degrees in units of the tile, not rounded; latitudes are clamped."""
    lat = np.radians(np.clip(points[:, 1], -NORTHMOST, NORTHMOST))
    across = (points[:, 0] + 180.0) / 360.0
    down = (1.0 - np.arcsinh(np.tan(lat)) / np.pi) / 2.0
    side = float(1 << tile.z)
    return np.column_stack([across * side - tile.x, down * side - tile.y]) * EXTENT


def to_units(tile: Tile, points: Floats) -> Units:
    """(n, 2) WGS84 lon/lat degrees as the nearest units of the tile; latitudes are clamped."""
    return np.rint(placed(tile, points)).astype(np.int64)


def to_degrees(tile: Tile, units: Units) -> Floats:
    """(n, 2) units of the tile as WGS84 lon/lat degrees."""
    side = float(1 << tile.z)
    across = (units[:, 0] / EXTENT + tile.x) / side
    down = (units[:, 1] / EXTENT + tile.y) / side
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * down))))
    return np.column_stack([across * 360.0 - 180.0, lat])


def within(units: Units) -> npt.NDArray[np.bool_]:
    """Which points are this tile's own: west and north edge are in, east and south are not."""
    inside: npt.NDArray[np.bool_] = np.all((units >= 0) & (units < EXTENT), axis=1)
    return inside
