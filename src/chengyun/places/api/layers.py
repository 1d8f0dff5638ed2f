"""The layer catalogue and the features of a layer over HTTP; public layers answer everybody."""

from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

from ninja import Router

from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.places import reads, verbs
from chengyun.places.api.areas import bbox_asked, city_asked
from chengyun.places.schemas.areas import FeatureCollection
from chengyun.places.schemas.layers import (
    LayerKept,
    LayerVersionsOut,
    MapLayerIn,
    MapLayerOut,
    MapLayersOut,
)

router = Router()


@router.get("/layers", response=MapLayersOut)
def list_map_layers(request: Request, city: int = 0) -> JsonObject:
    """The city's layers that the asker may see: owner, grade, source, date, licence, style."""
    return {
        "items": [asdict(one) for one in reads.layer_list(request.actor, city_asked(None, city))]
    }


@router.get("/layers/{uuid:layer_id}", response=MapLayerOut)
def show_layer(request: Request, layer_id: UUID) -> JsonObject:
    """One layer's entry in the catalogue."""
    return asdict(reads.layer(request.actor, layer_id))


@router.get("/layers/{uuid:layer_id}/versions", response=LayerVersionsOut)
def list_layer_versions(request: Request, layer_id: UUID) -> JsonObject:
    """What became of a layer: each import and change set, newest first."""
    return {"items": reads.layer_versions(request.actor, layer_id)}


@router.get("/layers/{uuid:layer_id}/features.geojson", response=FeatureCollection)
def layer_features(
    request: Request, layer_id: UUID, bbox: str = "", at: str = "", limit: int = 1_000
) -> JsonObject:
    """A layer's features that touch a box, as they are or as they were at a time."""
    box = bbox_asked(bbox) if bbox else None
    when = time_asked(at)
    return reads.layer_features(
        request.actor, layer_id, now=request.now, bbox=box, at=when, limit=limit
    )


@router.put("/layers/{str:code}/entry", response=LayerKept)
def keep_layer(request: Request, code: str, data: MapLayerIn, city: int = 0) -> JsonObject:
    """Enter a layer into the catalogue, or change what its entry says."""
    return verbs.put_layer(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        city_no=city_asked(None, city),
        code=code,
        **data.dict(exclude_none=True),
    )


def time_asked(text: str) -> datetime | None:
    """A day or an instant (ISO 8601; UTC without a zone); None for nothing. Raises Invalid."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        said = "must be a day or an instant, ISO 8601"
        raise Invalid([FieldError("at", said, "bad_time")]) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
