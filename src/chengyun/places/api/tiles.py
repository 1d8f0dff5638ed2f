"""Live vector tiles over HTTP; collections that everybody may see answer without sign-in."""

from django.http import HttpResponse
from ninja import Router

from chengyun.kernel.problems import NotFound
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.kernel.throttle import caller_of, knock
from chengyun.places import reads
from chengyun.places.api.areas import city_asked
from chengyun.places.api.layers import time_asked
from chengyun.places.decide.drawing import Collection
from chengyun.places.decide.tiling import Tile
from chengyun.places.schemas.tiles import TileCollectionsOut

router = Router()
TYPE = "application/vnd.mapbox-vector-tile"
PUBLIC_TILES = 20_000
"""Tiles an hour to one address without sign-in."""
_DEEPER = 30


@router.get("/tiles", response=TileCollectionsOut, operation_id="tile_collections")
def list_collections(request: Request, city: int = 0) -> JsonObject:
    """What can be drawn as tiles, for the asker."""
    number = city_asked(None, city)
    return {"items": [_entry(one) for one in reads.collections_seen(request.actor, number)]}


@router.get(
    "/tiles/{collection}/{int:z}/{int:x}/{int:y}.mvt",
    response={200: bytes, 304: None},
    operation_id="tile",
)
def tile(
    request: Request, collection: str, z: int, x: int, y: int, city: int = 0, at: str = ""
) -> HttpResponse:
    """One tile of a collection as it is now, or as it was at a time; 304 to a known ETag."""
    if request.actor.kind == "public":
        knock("tile", caller_of(request), limit=PUBLIC_TILES, seconds=3_600, now=request.now)
    if z > _DEEPER:
        raise NotFound("There is no such tile.")
    look = reads.look_of(
        request.actor,
        city_asked(None, city),
        collection[:200].replace("\x00", ""),
        now=request.now,
        at=time_asked(at),
    )
    return answered(request, reads.tile_of(look, Tile(z, x, y), known=tag_known(request)))


def answered(request: Request, made: reads.MadeTile) -> HttpResponse:
    """A tile as an answer; asked again each time, since it may have changed."""
    if made.body is None:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(made.body, content_type=TYPE)
        answer["X-Features"] = str(made.count)
        if made.truncated:
            answer["X-Truncated"] = "1"
    answer["ETag"] = made.tag
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Cookie, Authorization"
    return answer


def tag_known(request: Request) -> str:
    """The tag of the asker's copy, "" if there is none."""
    # A compressing door between marks tags as weak.
    return request.headers.get("If-None-Match", "").removeprefix("W/")


def _entry(one: Collection) -> JsonObject:
    return {
        "id": one.id,
        "title": one.title,
        "geometry": one.geometry,
        "fields": dict(one.fields),
        "bbox": one.bbox,
        "min_zoom": one.min_zoom,
        "own_rows": one.by_row,
        "history": one.history,
        "url": f"/api/v1/tiles/{one.id}/{{z}}/{{x}}/{{y}}.mvt?city={one.city_no}",
    }
