"""Which polygon holds a point: exactly one or none, also on borders.

The rule, in order: (1) a polygon whose closed area holds the point; (2) of several (a border is of
each neighbour) the one listed first; callers list polygons by ascending code, so a border
belongs to the lower code; (3) if none holds it, the first listed within `SNAP` degrees, because a
border vertex rounded to floating point may open a gap far narrower than that between neighbours.
"""

import math

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.int64]
Geometries = npt.NDArray[np.object_]

SNAP = 1e-9
"""Degrees, 0.1 mm: points this near to a border are on it."""


_STRIP = 0.02


class PolygonIndex:
    """An immutable spatial index over polygons in order of precedence; safe to share by threads."""

    def __init__(self, polygons: Geometries) -> None:
        self.polygons = polygons
        self._tree = shapely.STRtree(polygons)
        # Prepared polygons answer faster, but build their own index on first use, which is no
        # business of two threads at once: a first question to each makes them ready to be shared.
        shapely.prepare(polygons)
        if len(polygons):
            corners = shapely.get_coordinates(
                shapely.get_point(shapely.get_exterior_ring(shapely.get_geometry(polygons, 0)), 0)
            )
            shapely.intersects_xy(polygons, corners)

    def __len__(self) -> int:
        return len(self.polygons)

    def touching(self, shape: shapely.Geometry) -> Indexes:
        """Positions of the polygons that touch a shape, ascending."""
        return np.sort(self._tree.query(shape, predicate="intersects"))

    def find_one(self, lon: float, lat: float) -> int:
        """Position of the polygon that holds the point, or -1."""
        if not (math.isfinite(lon) and math.isfinite(lat)):
            return -1
        point = shapely.Point(lon, lat)
        hits = self._tree.query(point, predicate="intersects")
        if not len(hits):
            hits = self._tree.query(point, predicate="dwithin", distance=SNAP)
        return int(hits.min()) if len(hits) else -1

    def find(self, lons: Floats, lats: Floats) -> Indexes:
        """Positions of the polygons that hold each point, -1 where none does (or not a number)."""
        found = np.full(len(lons), -1, dtype=np.int64)
        real = np.flatnonzero(np.isfinite(lons) & np.isfinite(lats))
        # Neighbours in space ask the same branches of the tree: strips make that 2-3 times faster.
        order = real[np.lexsort((lons[real], np.floor(lats[real] / _STRIP)))]
        xy = np.column_stack([lons[order], lats[order]])
        points = np.asarray(shapely.points(xy), dtype=object)
        near = self._tree.query(points)
        hit = shapely.intersects_xy(self.polygons[near[1]], xy[near[0]])
        found[order] = _first(near[:, hit], len(order))
        missed = np.flatnonzero(found[order] < 0)
        if len(missed):
            close = self._tree.query(points[missed], predicate="dwithin", distance=SNAP)
            found[order[missed]] = _first(close, len(missed))
        return found


def _first(pairs: Indexes, count: int) -> Indexes:
    """Lowest polygon per point from (2, k) pairs of point and polygon, sorted by point."""
    lowest = np.full(count, -1, dtype=np.int64)
    point, polygon = pairs
    lowest[point] = polygon
    shared = np.flatnonzero(point[1:] == point[:-1])
    if len(shared):
        # Only border points have several polygons, so the slow minimum sees a handful of pairs.
        several = np.union1d(shared, shared + 1)
        lowest[point[several]] = np.iinfo(np.int64).max
        np.minimum.at(lowest, point[several], polygon[several])
    return lowest
