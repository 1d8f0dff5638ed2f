"""One outline from untrusted GeoJSON: bounded, finite, in degrees, closed, valid."""

import math
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from chengyun.places.decide.datum import gcj02_to_wgs84

Area = Polygon | MultiPolygon
Datum = Literal["WGS84", "CGCS2000", "GCJ02"]
"""Where coordinates come from; CGCS2000 and WGS84 are the same here (less than 1 m apart)."""

MOST_VERTICES = 200_000
MOST_RINGS = 20_000
_WORST_REPAIR = 0.2
"""A repair that changes the surface by more than this share is no repair."""


class BadOutline(ValueError):
    """The geometry cannot be used; the message says why."""


def outline_of(geometry: Any, datum: Datum = "WGS84") -> tuple[Area, str]:
    """A valid polygon from a GeoJSON geometry, and what had to be repaired ("" if nothing).

    Raises BadOutline.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise BadOutline("A boundary must be a Polygon or a MultiPolygon.")
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list) or not coordinates:
        raise BadOutline("The geometry has no coordinates.")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    if sum(len(rings) for rings in polygons if isinstance(rings, list)) > MOST_RINGS:
        raise BadOutline(f"The geometry has more than {MOST_RINGS} rings.")
    repairs: list[str] = []
    parts = [_polygon(rings, repairs, datum) for rings in polygons]
    if sum(shapely.get_num_coordinates(part) for part in parts) > MOST_VERTICES:
        raise BadOutline(f"The geometry has more than {MOST_VERTICES} vertices.")
    whole: Area = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return _made_valid(whole, repairs)


def point_of(lon: Any, lat: Any, datum: Datum = "WGS84") -> tuple[float, float]:
    """A finite lon/lat pair in degrees. Raises BadOutline."""
    try:
        x, y = float(lon), float(lat)
    except (TypeError, ValueError) as error:
        raise BadOutline("Longitude and latitude must be numbers.") from error
    _check_degrees(np.array([[x, y]]))
    if datum == "GCJ02":
        x, y = gcj02_to_wgs84(np.array([[x, y]]))[0].tolist()
    return x, y


def _polygon(rings: Any, repairs: list[str], datum: Datum) -> Polygon:
    if not isinstance(rings, list) or not rings:
        raise BadOutline("A polygon needs at least one ring.")
    shell, *holes = [_ring(ring, repairs, datum) for ring in rings]
    return Polygon(shell, holes)


def _ring(ring: Any, repairs: list[str], datum: Datum) -> np.ndarray[Any, np.dtype[np.float64]]:
    if not isinstance(ring, list) or len(ring) < 3:
        raise BadOutline("A ring needs at least three different points.")
    if len(ring) > MOST_VERTICES:
        raise BadOutline(f"The geometry has more than {MOST_VERTICES} vertices.")
    if not all(isinstance(point, list) and 2 <= len(point) <= 4 for point in ring):
        raise BadOutline("Each point must be a list of longitude and latitude.")
    if not all(type(n) in (int, float) and math.isfinite(n) for point in ring for n in point[:2]):
        raise BadOutline("Each coordinate must be a finite number.")
    points = np.array([point[:2] for point in ring], dtype=np.float64)
    _check_degrees(points)
    if not np.array_equal(points[0], points[-1]):
        points = np.vstack([points, points[:1]])
        repairs.append("An open ring was closed.")
    if len(points) < 4:
        raise BadOutline("A ring needs at least three different points.")
    return gcj02_to_wgs84(points) if datum == "GCJ02" else points


def _check_degrees(points: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    if not np.isfinite(points).all():
        raise BadOutline("Each coordinate must be a finite number.")
    lon, lat = np.abs(points[:, 0]).max(), np.abs(points[:, 1]).max()
    if lat > 90.0 and lon <= 90.0:
        raise BadOutline("Longitude and latitude look swapped; GeoJSON puts longitude first.")
    if lon > 180.0 or lat > 90.0:
        raise BadOutline("Coordinates must be degrees within ±180 and ±90.")


def _made_valid(whole: Area, repairs: list[str]) -> tuple[Area, str]:
    if whole.is_valid:
        if whole.area == 0.0:
            raise BadOutline("The geometry has no surface.")
        return whole, " ".join(dict.fromkeys(repairs))
    reason = shapely.is_valid_reason(whole)
    fixed = shapely.make_valid(whole, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(fixed) if isinstance(part, Polygon)]
    surface = sum(part.area for part in parts)
    if not parts or surface == 0.0:
        raise BadOutline(f"The geometry is invalid and has no surface: {reason}.")
    if abs(surface - whole.area) > _WORST_REPAIR * surface:
        raise BadOutline(f"The geometry is invalid and a repair would reshape it: {reason}.")
    repairs.append(f"An invalid outline was repaired: {reason}.")
    repaired: Area = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return repaired, " ".join(dict.fromkeys(repairs))
