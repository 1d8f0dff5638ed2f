"""st_* and geo.* functions. Shapes are compared in process (no PostGIS is needed): the box of the
shape narrows in the database, Shapely decides, and the condition becomes a list of ids.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import orjson
import shapely
from django.db import connection
from shapely.geometry import shape as of_json

from chengyun.app.sensorthings.faults import BadRequest, NotOffered, TooCostly
from chengyun.app.sensorthings.grammar import Literal, Node
from chengyun.app.sensorthings.sql import Sql

MOST = 50_000
_TESTS: dict[str, Callable[..., Any]] = {
    "equals": shapely.equals,
    "disjoint": shapely.disjoint,
    "touches": shapely.touches,
    "within": shapely.within,
    "overlaps": shapely.overlaps,
    "crosses": shapely.crosses,
    "intersects": shapely.intersects,
    "contains": shapely.contains,
}
_NEAR = [test for name, test in _TESTS.items() if name != "disjoint"]
_SHAPES = {
    "Locations": "SELECT no, said FROM sensing_location UNION ALL"
    " SELECT no, jsonb_build_object('type', 'Point', 'coordinates', jsonb_build_array(lon, lat))"
    " FROM sensing_thingplace WHERE locations IS NULL AND {box}",
    "FeaturesOfInterest": "SELECT no, said FROM sensing_feature WHERE {box} UNION ALL"
    " SELECT p.no, coalesce(l.said, jsonb_build_object('type', 'Point', 'coordinates',"
    " jsonb_build_array(p.lon, p.lat))) FROM sensing_thingplace p"
    " LEFT JOIN sensing_location l ON l.no = p.locations[1]",
}


class Arg(Protocol):
    """What the compiler made of an argument."""

    @property
    def kind(self) -> str: ...
    @property
    def sql(self) -> Sql: ...
    @property
    def owner(self) -> str: ...


def geometry(said: str) -> Any:
    """A geometry in WKT, WGS84 degrees. Raises BadRequest."""
    text = said.partition(";")[2] if said.upper().startswith("SRID=") else said
    try:
        found = shapely.from_wkt(text) if len(text) <= 100_000 else None
    except shapely.errors.ShapelyError as error:
        raise BadRequest(f"{said[:60]!r} is no WKT geometry.") from error
    if found is None or found.is_empty or not all(map(_finite, found.bounds)):
        raise BadRequest(f"{said[:60]!r} is no WKT geometry.")
    return found


def _finite(number: float) -> bool:
    return abs(number) < 1e9


def compiled(name: str, nodes: Sequence[Node], args: Sequence[Arg]) -> tuple[str, Sql]:
    """Type and SQL of a spatial function. Raises BadRequest."""
    verb = name.removeprefix("st_").removeprefix("geo.")
    if name == "geo.length" and len(args) == 1:
        if not isinstance(nodes[0], Literal):
            raise NotOffered("geo.length is worked out of a literal only.")
        return "number", Sql("%s::float8", (geometry(str(nodes[0].value)).length,))
    if len(args) < 2 or {args[0].kind, args[1].kind} > {"geometry", "shape"}:
        raise BadRequest(f"{name} takes two geometries.")
    if [one.kind for one in args[:2]] not in (["geometry", "shape"], ["shape", "geometry"]):
        raise BadRequest(f"{name} takes a location or feature and geography'…'.")
    first = args[0].kind == "geometry"
    held, said = (args[0], nodes[1]) if first else (args[1], nodes[0])
    wanted = geometry(str(said.value)) if isinstance(said, Literal) else None
    if name == "geo.distance" and len(args) == 2:
        return "number", _distance(held, wanted)
    if verb == "relate" and len(args) == 3 and isinstance(nodes[2], Literal):
        mask = str(nodes[2].value)
        if len(mask) != 9 or set(mask) - set("TF*012"):
            raise BadRequest("st_relate takes a pattern of nine of T, F, *, 0, 1, 2.")
        return "truth", _among(held, wanted, lambda a, b: shapely.relate_pattern(a, b, mask), first)
    test = _TESTS.get(verb)
    if test is None or len(args) != 2 or (name.startswith("geo.") and verb != "intersects"):
        raise BadRequest(f"There is no function {name[:60]!r} of {len(args)} arguments.")
    return "truth", _among(held, wanted, test, first)


def _distance(held: Arg, wanted: Any) -> Sql:
    """Degrees between points, as OData has it: in the units of the reference system."""
    if wanted.geom_type != "Point":
        raise NotOffered("geo.distance is worked out from points only.")
    alias = held.owner.partition(":")[2]
    point = (wanted.x, wanted.y)
    return Sql(f"sqrt(power({alias}.lon - %s, 2) + power({alias}.lat - %s, 2))", point)


def _among(held: Arg, wanted: Any, test: Callable[..., Any], first: bool) -> Sql:
    entity, _, alias = held.owner.partition(":")
    # Places of the register are points, so that the box narrows; posted shapes are all looked at.
    near = entity == "Locations" and test in _NEAR
    rows = _rows(entity, wanted.bounds if near else (-180.0, -90.0, 180.0, 90.0))
    shapely.prepare(wanted)
    found = []
    for number, said in rows:
        one = _shape(said)
        if one is not None and (test(one, wanted) if first else test(wanted, one)):
            found.append(number)
    return Sql(f"({alias}.id = ANY(%s::bigint[]))", (found,))


def _rows(entity: str, box: tuple[float, ...]) -> list[tuple[int, Any]]:
    with connection.cursor() as cursor:
        asked = _SHAPES[entity].replace("{box}", "lon BETWEEN %s AND %s AND lat BETWEEN %s AND %s")
        west, south, east, north = box
        values = [west, east, south, north] if "%s" in asked else []
        cursor.execute(f"{asked} LIMIT {MOST + 1}", values)
        rows: list[tuple[int, Any]] = cursor.fetchall()
    if len(rows) > MOST:
        raise TooCostly(f"More than {MOST:,} places would have to be compared.")
    return rows


def _shape(said: Any) -> Any:
    try:
        held = orjson.loads(said) if isinstance(said, str) else said
        return of_json(held.get("geometry", held))
    except (
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
        shapely.errors.ShapelyError,
    ):
        return None
