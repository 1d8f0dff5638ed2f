"""Coordinates in the reference systems that are offered (OGC 18-058r1)."""

from functools import cache
from typing import Any

import numpy as np
import orjson
import shapely
from pyproj import Transformer

from chengyun.kernel.problems import Problem
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.drawing import Box

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
OFFERED = (CRS84, f"{_EPSG}4326", f"{_EPSG}4490", f"{_EPSG}3857")
_LAT_FIRST = (f"{_EPSG}4326", f"{_EPSG}4490")


def named(said: str) -> str:
    """A system that is offered. Raises Problem."""
    if not said:
        return CRS84
    if said not in OFFERED:
        raise Problem(f"Reference systems are {', '.join(OFFERED)}.", code="unknown_crs")
    return said


def written(shape: Any, crs: str) -> JsonObject | None:
    """A shape in lon/lat degrees as GeoJSON geometry with coordinates of a system."""
    if shape is None:
        return None
    if crs != CRS84:
        shape = shapely.transform(shape, lambda points: _out(points, crs))
    found: JsonObject = orjson.loads(shapely.to_geojson(shape))
    return found


def box_from(numbers: tuple[float, float, float, float], crs: str) -> Box:
    """A box given in a system, in lon/lat degrees."""
    if crs == CRS84:
        return numbers
    a, b, c, d = numbers
    if crs in _LAT_FIRST:
        return b, a, d, c
    corners = _mercator().transform([a, c], [b, d], direction="INVERSE")
    return corners[0][0], corners[1][0], corners[0][1], corners[1][1]


def _out(points: Any, crs: str) -> Any:
    if crs in _LAT_FIRST:
        # CGCS2000 and WGS84 agree within a metre; no published way between them is applied.
        return points[:, ::-1]
    return np.column_stack(_mercator().transform(points[:, 0], points[:, 1]))


@cache
def _mercator() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
