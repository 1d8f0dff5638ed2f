"""CQL2's spatial functions: a feature's geometry compared with one that is written in the filter.

The database finds what touches the box of the written geometry; what is near is then compared
exactly, in memory and bounded in number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely

from chengyun.kernel.problems import Problem
from chengyun.places.decide.drawing import Box

MOST_COMPARED = 20_000
MOST_POINTS = 10_000
GEOMETRY = ("geometry", "geom")
_Compare = Callable[[Any, Any], Any]
COMPARED: dict[str, _Compare] = {
    "s_intersects": shapely.intersects,
    "s_disjoint": shapely.intersects,  # and then the others
    "s_equals": shapely.equals,
    "s_touches": shapely.touches,
    "s_crosses": shapely.crosses,
    "s_overlaps": shapely.overlaps,
    "s_within": shapely.within,
    "s_contains": shapely.contains,
}
_TURNED = {"s_within": "s_contains", "s_contains": "s_within"}


class BadFilter(Problem):
    """A filter that is no CQL2, names what is not there, or asks for more than is offered."""

    code = "bad_filter"


@dataclass(frozen=True, slots=True)
class Ground:
    """What spatial conditions are asked of.

    Attributes:
        points: the collection is of points, for which touching a box is exact.
        touching: the keys of the rows that touch a box, and maybe a few around it.
        shapes: at most so many of those rows, as (key, geometry).
    """

    points: bool
    touching: Callable[[Box], Any]
    shapes: Callable[[Box, int], Sequence[tuple[Any, Any]]]


def keys_of(op: str, args: Sequence[Any], ground: Ground) -> tuple[Any, bool]:
    """The keys of the rows that meet a condition, and whether it is those that do not.

    Raises BadFilter.
    """
    if len(args) != 2:
        raise BadFilter(f"{op} compares two geometries.")
    first, second = args
    if not _own(first):
        first, second, op = second, first, _TURNED.get(op, op)
    if not _own(first) or _own(second):
        raise BadFilter(f"{op} is asked of the geometry and a written one.")
    written, box = _written(second)
    exact = written is None or (ground.points and shapely.box(*box).equals(written))
    if exact and ground.points and op in ("s_intersects", "s_disjoint"):
        return ground.touching(box), op == "s_disjoint"
    if written is None:
        written = shapely.box(*box)
    near = ground.shapes(box, MOST_COMPARED + 1)
    if len(near) > MOST_COMPARED:
        raise BadFilter(f"Over {MOST_COMPARED:,} things lie in that box; ask for a smaller one.")
    if not near:
        return [], op == "s_disjoint"
    shapely.prepare(written)
    held = COMPARED[op](np.array([shape for _, shape in near], dtype=object), written)
    return [key for (key, _), one in zip(near, held, strict=True) if one], op == "s_disjoint"


def _own(node: Any) -> bool:
    return isinstance(node, dict) and node.get("property") in GEOMETRY


def _written(node: Any) -> tuple[Any, Box]:
    """The geometry of a filter (None: just the box) and its box. Raises BadFilter."""
    if not isinstance(node, dict):
        raise BadFilter("That is no geometry.")
    box = node.get("bbox")
    if "type" not in node and isinstance(box, list):
        if len(box) == 6:
            box = [*box[:2], *box[3:5]]
        if len(box) != 4:
            raise BadFilter("A box is west, south, east, north in degrees.")
        return None, _checked((box[0], box[1], box[2], box[3]))
    try:
        found = shapely.from_geojson(orjson.dumps(node))
    except (shapely.errors.GEOSException, TypeError) as error:
        raise BadFilter("That is no geometry of GeoJSON.") from error
    if found.is_empty or not shapely.is_valid(found):
        raise BadFilter(f"That geometry is not valid: {shapely.is_valid_reason(found)[:100]}.")
    if shapely.get_num_coordinates(found) > MOST_POINTS:
        raise BadFilter(f"A geometry in a filter has at most {MOST_POINTS:,} points.")
    west, south, east, north = (float(edge) for edge in found.bounds)
    return shapely.force_2d(found), _checked((west, south, east, north))


def _checked(box: Box) -> Box:
    west, south, east, north = box
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadFilter("A box is west, south, east, north in degrees.")
    return box
