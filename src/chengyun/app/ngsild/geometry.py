"""GeoJSON geometries of a body."""

from typing import Any

import orjson
from shapely import errors as shape_errors
from shapely.geometry import shape

from chengyun.app.ngsild.faults import wrong

GEOMETRIES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
}  # fmt: skip


def is_geometry(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") in GEOMETRIES and "coordinates" in value


def geometry(value: Any, field: str) -> dict[str, Any]:
    """GeoJSON in WGS84 degrees, also as text. Raises BadData."""
    try:
        held = orjson.loads(value) if isinstance(value, str) else value
        if not is_geometry(held):
            raise ValueError
        found = shape(held)
        west, south, east, north = found.bounds
        if found.is_empty or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise ValueError
        return {"type": held["type"], "coordinates": held["coordinates"]}
    except (ValueError, TypeError, AttributeError, IndexError, shape_errors.ShapelyError) as error:
        raise wrong(field, "is a GeoJSON geometry in WGS84 degrees") from error
