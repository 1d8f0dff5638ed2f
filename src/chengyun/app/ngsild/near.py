"""Geo-queries of CIM 009 §4.10 over GeoJSON values; distances in metres on the ground."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import shapely
from shapely.affinity import scale
from shapely.geometry import shape

from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.geometry import geometry
from chengyun.app.ngsild.terms import Terms

_METRES = 111_195.0
_NEAR = re.compile(r"near;(maxDistance|minDistance)==(\d+(?:\.\d+)?)")
_TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "within": shapely.within,
    "contains": shapely.contains,
    "overlaps": shapely.overlaps,
    "intersects": shapely.intersects,
    "equals": shapely.equals,
    "disjoint": shapely.disjoint,
}


@dataclass(frozen=True)
class Near:
    """A geo-query; `box` holds whatever can fit it (None: anything can)."""

    judge: Callable[[Any], bool]
    attribute: str
    box: tuple[float, float, float, float] | None

    def holds(self, entity: Mapping[str, Any]) -> bool:
        """Whether one of the places of an entity fits."""
        for one in entity["attrs"].get(self.attribute, ()):
            if one["type"] == "GeoProperty" and self.judge(shape(one["value"])):
                return True
        return False


def read_near(said: Mapping[str, Any], terms: Terms) -> Near | None:
    """The geo-query of some parameters, None where none is asked. Raises BadData."""
    given = {name: said[name] for name in ("georel", "geometry", "coordinates") if said.get(name)}
    if not given:
        return None
    if len(given) != 3:
        raise BadData("georel, geometry and coordinates are said together.")
    held = given["coordinates"]
    try:
        coordinates = orjson.loads(held) if isinstance(held, str) else held
    except orjson.JSONDecodeError as error:
        raise BadData("coordinates: is a list of numbers.") from error
    wanted = shape(geometry({"type": given["geometry"], "coordinates": coordinates}, "coordinates"))
    attribute = terms.expand(said.get("geoproperty") or "location")
    rel = given["georel"].replace("=>", "==")
    near = _NEAR.fullmatch(rel)
    if near:
        metres, most = float(near[2]), near[1] == "maxDistance"
        if not math.isfinite(metres):
            raise BadData("georel: the distance is out of range.")
        west, south, east, north = wanted.bounds
        wide = metres / _METRES
        far = wide / max(
            0.01, math.cos(math.radians(min(89.0, max(abs(south), abs(north)) + wide)))
        )
        box = (west - far, south - wide, east + far, north + wide) if most else None
        return Near(lambda one: (_distance(one, wanted) <= metres) is most, attribute, box)
    test = _TESTS.get(rel)
    if test is None:
        raise BadData(f"georel: is near;maxDistance==N, near;minDistance==N, {', '.join(_TESTS)}.")
    box = None if rel == "disjoint" else wanted.bounds
    return Near(lambda one: bool(test(one, wanted)), attribute, box)


def _distance(one: Any, other: Any) -> float:
    """Metres, on a plane that touches the earth between the two."""
    middle = (one.centroid.y + other.centroid.y) / 2
    flat = math.cos(math.radians(middle))
    squeezed = [scale(each, flat, 1.0, origin=(0, 0)) for each in (one, other)]
    return float(squeezed[0].distance(squeezed[1])) * _METRES
