"""Layers of the map and their features, now or as they were."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import shapely
from django.db.models import Q, QuerySet

from chengyun.kernel import audit
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject, Text
from chengyun.places.decide.celling import Box, ranges
from chengyun.places.decide.solids import Space, Unsound, space_of, standing
from chengyun.places.models import MapFeature, MapLayer

MOST_FEATURES = 10_000
_GRADED = 3
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class LayerLine:
    """A layer as the catalogue shows it."""

    id: UUID
    code: str
    name: Text
    owner: str
    grade: int
    public: bool
    source: str
    dated: Any
    licence: str
    role: str
    style: dict[str, Any]
    geometry: str
    properties: list[dict[str, str]]
    min_zoom: float
    max_zoom: float
    synthetic: bool
    version: int
    count: int
    bbox: tuple[float, float, float, float] | None
    changed_at: datetime


def layer_list(actor: Actor, city_no: int) -> list[LayerLine]:
    """The city's layers in sight, by code."""
    return [_line(row) for row in _seen(actor).filter(city_id=city_no).order_by("code")]


def layer(actor: Actor, layer_id: UUID) -> LayerLine:
    """One layer in sight. Raises NotFound."""
    return _line(_one(actor, layer_id))


def layer_versions(actor: Actor, layer_id: UUID) -> list[dict[str, Any]]:
    """What became of a layer, newest first. Raises NotFound."""
    fields = ("number", "at", "made_by_name", "source", "file_name", "set_id", "datum")
    counts = ("accuracy_m", "added", "changed", "retired")
    rows = _one(actor, layer_id).versions.order_by("-number").values(*fields, *counts)
    return list(rows[:200])


def layer_features(
    actor: Actor,
    layer_id: UUID,
    *,
    now: datetime,
    bbox: Box | None = None,
    at: datetime | None = None,
    limit: int = 1_000,
) -> dict[str, Any]:
    """A FeatureCollection of a layer's features that touch a box, as of a time (default: now).

    Features of a layer that stands in space tell it as "cy:space" (decide.solids). `truncated`
    says that there are more. Reading a layer graded 3 or 4 is audited.
    Raises NotFound, Invalid.
    """
    row = _one(actor, layer_id)
    if not 1 <= limit <= MOST_FEATURES:
        raise Invalid([FieldError("limit", f"from 1 to {MOST_FEATURES:,}", "bad_limit")])
    found = list(then(row, at, bbox).order_by("id")[: limit + 1])
    shapes = shapely.from_wkb([bytes(one.shape) for one in found])
    if bbox is not None:
        box = shapely.box(*bbox)
        hits = shapely.intersects(shapes, box).tolist() if found else []
    else:
        hits = [True] * len(found)
    space = space_of(row.style)
    features = [
        feature(one, shape, space)
        for one, shape, hit in zip(found[:limit], shapes, hits, strict=False)
        if hit
    ]
    if row.grade >= _GRADED:
        audit.write(actor, "places.read_layer", now=now, subject=row.id, count=len(features))
    return {
        "type": "FeatureCollection",
        "features": features,
        "truncated": len(found) > limit,
    }


def feature(row: MapFeature, shape: Any, space: Space | None = None) -> dict[str, Any]:
    """One feature as GeoJSON, with what its coordinates are worth and how it stands in space."""
    return {
        "type": "Feature",
        "id": row.key,
        "geometry": shapely.geometry.mapping(shape),
        "properties": {
            **row.properties,
            "cy:valid_from": row.valid_from,
            "cy:valid_to": row.valid_to,
            "cy:datum": row.datum,
            "cy:accuracy_m": row.accuracy_m,
            **({"cy:space": _stood(space, row)} if space else {}),
        },
    }


def _stood(space: Space, row: MapFeature) -> JsonObject | None:
    """None where its words make nothing: it came before its layer was said to stand."""
    try:
        return standing(space, row.properties)
    except Unsound:
        return None


def then(row: MapLayer, at: datetime | None, bbox: Box | None) -> "QuerySet[MapFeature]":
    """A layer's features as of a time whose boxes touch a box. Raises Invalid."""
    found = MapFeature.objects.filter(layer=row)
    if at is None:
        found = found.filter(valid_to=None)
    else:
        found = found.filter(valid_from__lte=at).filter(Q(valid_to=None) | Q(valid_to__gt=at))
    if bbox is None:
        return found
    west, south, east, north = bbox
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid([FieldError("bbox", "must be west,south,east,north in degrees", "bad_bbox")])
    near = Q()
    for low, high in ranges(bbox):
        near |= Q(cell__range=(low, high))
    return found.filter(near, west__lte=east, east__gte=west, south__lte=north, north__gte=south)


def layer_style(city_no: int, code: str) -> dict[str, Any]:
    """What a layer's entry says of its look; empty where there is no such layer."""
    row = MapLayer.objects.filter(city_id=city_no, code=code).first()
    return row.style if row else {}


def based(city_no: int) -> list[MapLayer]:
    """The public layers that make the base map, by code."""
    rows = MapLayer.objects.filter(city_id=city_no, public=True, count__gt=0).exclude(role="")
    return list(rows.order_by("code"))


def every_feature(row: MapLayer) -> Iterator[tuple[str, Sequence[Any], dict[str, Any]]]:
    """Every feature now: key, WKB and properties; memory stays flat."""
    rows = MapFeature.objects.filter(layer=row, valid_to=None).order_by("id")
    fields = ("key", "shape", "properties")
    yield from rows.values_list(*fields).iterator(chunk_size=_CHUNK)


def _seen(actor: Actor) -> "QuerySet[MapLayer]":
    return MapLayer.objects.visible_to(actor)


def _one(actor: Actor, layer_id: UUID) -> MapLayer:
    row = _seen(actor).filter(pk=layer_id).first()
    if row is None:
        raise NotFound("There is no such layer.")
    return row


def _line(row: MapLayer) -> LayerLine:
    edges = (row.west, row.south, row.east, row.north)
    west, south, east, north = edges
    known = west is not None and south is not None and east is not None and north is not None
    return LayerLine(
        id=row.id,
        code=row.code,
        name={"zh": row.name_zh, "en": row.name_en or row.name_zh},
        owner=row.owner_name,
        grade=row.grade,
        public=row.public,
        source=row.source,
        dated=row.dated,
        licence=row.licence,
        role=row.role,
        style=row.style,
        geometry=row.geometry,
        properties=row.schema,
        min_zoom=row.min_zoom,
        max_zoom=row.max_zoom,
        synthetic=row.synthetic,
        version=row.version,
        count=row.count,
        bbox=(west, south, east, north) if known else None,  # type: ignore[arg-type]
        changed_at=row.changed_at,
    )
