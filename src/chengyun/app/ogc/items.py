"""Features of a collection: by box, time, property and filter, in pages by key."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Q, QuerySet

from chengyun.app.ogc.answers import GEOJSON, HTML, JSON, QUERYABLES, SCHEMA, link, url
from chengyun.app.ogc.filtering import Filter, parsed
from chengyun.app.ogc.frames import CRS84, box_from, named, written
from chengyun.app.ogc.spatial import BadFilter, Ground
from chengyun.kernel.problems import NotFound, Problem
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.drawing import Box, Look, Shown
from chengyun.places.ports import TileSource
from chengyun.places.reads import bounded, source_of, within_box

USUAL, MOST = 100, 5_000
LONGEST_S = 5
_ASKED = {
    *("f", "city", "limit", "bbox", "bbox-crs", "crs", "datetime", "cursor"),
    *("filter", "filter-lang", "filter-crs"),
}
_LANGUAGES = ("cql2-text", "cql2-json")


def page(request: Request, look: Look) -> tuple[JsonObject, str]:
    """A page of features and the reference system of its coordinates.

    Raises Problem (a parameter is wrong), Unavailable (it takes too long).
    """
    source, asked = source_of(look.collection), request.GET
    paths = source.paths(look)
    unknown = set(asked) - _ASKED - set(paths)
    if unknown:
        raise Problem(f"There is no parameter {min(unknown)[:60]!r}.", code="bad_parameter")
    crs = named(asked.get("crs", ""))
    size = _limit(asked.get("limit", ""))
    box = _bbox(asked.get("bbox", ""), named(asked.get("bbox-crs", "")))
    rows = _during(source.rows(look, box), look, asked.get("datetime", ""))
    rows = _filtered(request, rows, look, source)
    found, following = _taken(rows, asked.get("cursor", ""), size)
    shown = source.shown(look, found)
    if box is not None:
        shown = within_box(shown, box)
    features = [feature(one, crs) for one in shown]
    own = {name: value for name, value in asked.items() if isinstance(value, str)}
    here = f"/collections/{look.collection.id}/items"
    links = [
        link(url(request, here, **own), "self", GEOJSON),
        link(url(request, here, **{**own, "f": "html"}), "alternate", HTML),
        link(url(request, f"/collections/{look.collection.id}"), "collection", JSON),
        link(url(request, f"/collections/{look.collection.id}/queryables"), QUERYABLES, SCHEMA),
    ]
    if following:
        links.append(link(url(request, here, **{**own, "cursor": following}), "next", GEOJSON))
    return {
        "type": "FeatureCollection",
        "timeStamp": look.now.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "numberReturned": len(features),
        "features": features,
        "links": links,
    }, crs


def one(request: Request, look: Look, feature_id: str) -> tuple[JsonObject, str]:
    """One feature and the reference system of its coordinates. Raises NotFound."""
    source = source_of(look.collection)
    crs = named(request.GET.get("crs", ""))
    row = source.one(look, feature_id)
    if row is None:
        raise NotFound("There is no such feature.")
    here = f"/collections/{look.collection.id}"
    return {
        **feature(source.shown(look, [row])[0], crs),
        "links": [
            link(url(request, f"{here}/items/{feature_id}"), "self", GEOJSON),
            link(url(request, f"{here}/items/{feature_id}", f="html"), "alternate", HTML),
            link(url(request, here), "collection", JSON),
        ],
    }, crs


def feature(shown: Shown, crs: str = CRS84) -> JsonObject:
    """A feature as GeoJSON."""
    return {
        "type": "Feature",
        "id": shown.id,
        "geometry": written(shown.shape, crs),
        "properties": dict(shown.says),
    }


def _taken(rows: "QuerySet[Any]", cursor: str, size: int) -> tuple[list[Any], str]:
    """A page of rows by primary key, and the key that the next goes on after."""
    if cursor:
        try:
            after = rows.model._meta.pk.to_python(cursor)  # noqa: SLF001 - Django's own way in
        except (ValidationError, ValueError) as error:
            raise Problem("That cursor is of another list.", code="bad_cursor") from error
        rows = rows.filter(pk__gt=after)
    try:
        with bounded(LONGEST_S):
            found = list(rows.order_by("pk")[: size + 1])
    except DataError as error:
        raise BadFilter("A value in the data is not of the type it is declared as.") from error
    return found[:size], str(found[size - 1].pk) if len(found) > size else ""


def _filtered(request: Request, rows: Any, look: Look, source: TileSource) -> Any:
    """The rows that `filter` and parameters named like properties leave."""
    paths = source.paths(look)

    def near(box: Box) -> Any:
        return source.rows(look, box).order_by().values("pk")

    def shapes(box: Box, most: int) -> list[tuple[Any, Any]]:
        with bounded(LONGEST_S):
            some = list(source.rows(look, box).order_by("pk")[:most])
        return [(r.pk, s.shape) for r, s in zip(some, source.shown(look, some), strict=True)]

    said = request.GET.get("filter", "")
    language = request.GET.get("filter-lang", _LANGUAGES[0])
    if language not in _LANGUAGES:
        raise BadFilter(f"Languages are {' and '.join(_LANGUAGES)}.")
    if named(request.GET.get("filter-crs", "")) != CRS84:
        raise BadFilter("Coordinates in a filter are in CRS84.")
    ground = Ground(look.collection.geometry == "point", near, shapes)
    condition = Filter(look.collection.fields, paths, ground)
    if said:
        rows = condition.applied(rows, parsed(said, language))
    for name in set(request.GET) & set(paths) - _ASKED:
        rows = condition.equal(rows, name, request.GET[name])
    return rows


def _during(rows: Any, look: Look, said: str) -> Any:
    """Those of a time: by when the feature holds, or by its first property that is a time."""
    if not said:
        return rows
    begin, end = _interval(said)
    if look.collection.history:
        # One that holds now held from its beginning on; an instant was looked at already.
        return rows.filter(valid_from__lte=end) if end and look.at is None else rows
    timed = [name for name, kind in look.collection.fields.items() if kind == "time"]
    path = source_of(look.collection).paths(look).get(timed[0]) if timed else None
    if path is None:
        return rows
    wanted = Q()
    if begin:
        wanted &= Q(**{f"{path}__gte": begin})
    if end:
        wanted &= Q(**{f"{path}__lte": end})
    return rows.filter(wanted)


def instant_of(said: str) -> datetime | None:
    """The one instant a `datetime` names; None for intervals and nothing. Raises Problem."""
    return None if not said or "/" in said else _interval(said)[0]


def _interval(said: str) -> tuple[datetime | None, datetime | None]:
    parts = said.split("/")
    if len(parts) > 2 or all(part in ("", "..") for part in parts):
        raise Problem("datetime is an instant or an interval of two.", code="bad_time")
    begin, end = _instant(parts[0]), _instant(parts[-1])
    if begin and end and begin > end:
        raise Problem("datetime ends before it begins.", code="bad_time")
    return begin, end


def _instant(said: str) -> datetime | None:
    if said in ("", ".."):
        return None
    try:
        found = datetime.fromisoformat(said)
    except ValueError as error:
        raise Problem("datetime is written as in RFC 3339.", code="bad_time") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _limit(said: str) -> int:
    if not said:
        return USUAL
    if not (said.isascii() and said.isdigit()) or int(said[:9]) < 1:
        raise Problem("limit is a number from 1.", code="bad_limit")
    return min(int(said[:9]), MOST)


def _bbox(said: str, crs: str) -> Box | None:
    if not said:
        return None
    try:
        numbers = [float(part) for part in said.split(",")]
    except ValueError as error:
        raise Problem("bbox is four numbers.", code="bad_bbox") from error
    if len(numbers) == 6:
        del numbers[5], numbers[2]
    if len(numbers) != 4:
        raise Problem("bbox is four numbers.", code="bad_bbox")
    box = box_from((numbers[0], numbers[1], numbers[2], numbers[3]), crs)
    west, south, east, north = box
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Problem("bbox is west, south, east, north on the earth.", code="bad_bbox")
    return box
