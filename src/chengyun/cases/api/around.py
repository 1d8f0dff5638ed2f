"""The city for everybody: a map, photos that were approved, places by name, warnings."""

import hashlib
from uuid import UUID

import orjson
from django.http import FileResponse, HttpResponse
from ninja import Router

from chengyun.cases import reads, schemas
from chengyun.cases.api import photos
from chengyun.cases.api.filters import box
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.kernel.throttle import caller_of, knock

router = Router(tags=["public"])
HOUR = 3600


@router.get("/map", response=schemas.PublicMapOut)
def public_map(
    request: Request,
    bbox: str | None = None,
    area: int | None = None,
    kind: str | None = None,
    state: str | None = None,
    days: int = 30,
) -> HttpResponse:
    """Public cases as GeoJSON, each somewhere in its neighbourhood; 304 to a known ETag."""
    knock("map", caller_of(request), limit=3_000, seconds=HOUR, now=request.now)
    look = reads.Look(box(bbox) if bbox else None, area, kind, state, days)
    body = orjson.dumps(reads.public_map(look, now=request.now), default=str)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, content_type="application/geo+json")
    answer["ETag"] = tag
    answer["Cache-Control"] = "public, max-age=60"
    return answer


@router.get("/cases/{number}/photos/{uuid:upload_id}")
def public_photo(
    request: Request, number: str, upload_id: UUID, thumb: bool = False
) -> FileResponse:
    """A photo of a result that a moderator approved, covered where it had to be."""
    answer = photos.serve(reads.photo_for_all(number, upload_id), thumb)
    # What is taken out of sight must not live on in a cache between.
    answer["Cache-Control"] = "no-cache"
    return answer


@router.get("/stoppers", response=schemas.StoppersOut)
def stoppers(request: Request) -> JsonObject:
    """When not to report but to call."""
    return {"items": list(reads.public_rules().stoppers)}
