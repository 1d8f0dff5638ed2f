"""Regions, grids and point location over HTTP.

All of it is public reference data except the owner list and the report; which routes answer
without sign-in is decided where the router is mounted.
"""

from dataclasses import asdict
from datetime import date

from django.http import HttpRequest, HttpResponse
from ninja import Router
from shapely.geometry import mapping

from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.places import reads, verbs
from chengyun.places.policy import check_may_see_owners
from chengyun.places.schemas.areas import (
    FeatureCollection,
    GridsOut,
    LayersOut,
    LocateOut,
    OwnerIn,
    OwnersOut,
    RegionsOut,
    RegionThenOut,
)

router = Router()


@router.get("/regions", response=RegionsOut)
def list_regions(
    request: HttpRequest, level: str = "", parent: int | None = None, q: str = "", city: int = 0
) -> JsonObject:
    """Regions of a level, below a parent, or by name or code."""
    found = reads.regions(city_asked(parent, city), level=level, parent=parent, q=q[:100])
    return {"items": [asdict(info) for info in found]}


@router.get("/regions.geojson", response={200: FeatureCollection})
def region_outlines(
    request: HttpRequest, level: str = "district", parent: int | None = None, city: int = 0
) -> HttpResponse:
    """Outlines of a level for maps, simplified; answers 304 to a matching If-None-Match."""
    city_no = city_asked(parent, city)
    tag = f'"{reads.revision(city_no)}-{level}-{parent or city_no}"'
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        body = reads.region_features(city_no, level, parent)
        answer = HttpResponse(body, content_type="application/geo+json")
    answer["ETag"] = tag
    answer["Cache-Control"] = "no-cache"
    return answer


@router.get("/regions/{int:number}", response=RegionThenOut)
def region_then(request: HttpRequest, number: int, on: date) -> JsonObject:
    """A region as it was on a day: its code, names and outline of then."""
    found = reads.region_on(number, on)
    outline = None if found.boundary is None else mapping(found.boundary)
    return {
        "no": found.no,
        "code": found.code,
        "name": found.name,
        "level": areas.level(found.no),
        "valid_from": found.valid_from,
        "boundary": outline,
    }


@router.get("/locate", response=LocateOut)
def locate(request: HttpRequest, lon: float, lat: float) -> JsonObject:
    """The path of areas that hold a point, and its base grid; 404 outside every city."""
    _check_point(lon, lat)
    city_no = reads.city_of(lon, lat)
    if city_no is None:
        raise NotFound("The point is in no city of this node.", code="outside")
    spot = reads.locate(city_no, lon, lat)
    path = reads.area_path(spot.area_no or city_no)
    grid = {"code": spot.grid_code} if spot.grid_code else None
    return {"areas": [asdict(info) for info in path], "grid": grid}


@router.get("/grid-layers", response=LayersOut)
def list_layers(request: HttpRequest, city: int = 0) -> JsonObject:
    """The grid layers of a city."""
    found = reads.layers(city_asked(None, city))
    return {"items": [{"code": code, "name": name} for code, name in found.items()]}


@router.get("/grids", response=GridsOut)
def list_grids(
    request: HttpRequest,
    area: int,
    layer: str = "base",
    cursor: str | None = None,
    limit: int | None = None,
) -> JsonObject:
    """A layer's grids inside an area, by code."""
    items, more = reads.grids(_area(area), layer, cursor=cursor, limit=limit)
    return {"items": [asdict(line) for line in items], "next": more}


@router.get("/grids.geojson", response=FeatureCollection)
def grid_outlines(
    request: HttpRequest, bbox: str, layer: str = "base", city: int = 0
) -> JsonObject:
    """Outlines of a layer's grids that touch a box; `truncated` beyond 5,000."""
    return reads.grid_features(city_asked(None, city), layer, bbox_asked(bbox))


@router.get("/grids/owners", response=OwnersOut)
def list_owners(
    request: Request, area: int, cursor: str | None = None, limit: int | None = None
) -> JsonObject:
    """The one owner list of an area in scope: who answers for each base grid in every layer."""
    check_may_see_owners(request.actor, _area(area))
    lines, more = reads.owner_list(area, cursor=cursor, limit=limit)
    items = [
        asdict(line.grid)
        | {
            "layers": {
                layer: [{"code": c, "owner": o, "share": s} for c, o, s in held]
                for layer, held in line.layers.items()
            }
        }
        for line in lines
    ]
    return {"items": items, "next": more}


@router.put("/grids/{layer}/{code}/owner", response=JsonObject)
def set_owner(request: Request, layer: str, code: str, data: OwnerIn, city: int = 0) -> JsonObject:
    """Say who answers for a grid from today on."""
    return verbs.assign_grid_owner(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        city_no=city_asked(None, city),
        layer=layer,
        codes=[code],
        owner_name=data.owner_name,
        owner_id=data.owner_id,
    )


@router.get("/grids/report", response=JsonObject)
def report(request: HttpRequest, area: int) -> JsonObject:
    """Does each layer cover the area exactly once? Gaps, overlaps and overreach in m²."""
    return reads.overlay_report(_area(area))


def city_asked(parent: int | None, city: int) -> int:
    """The city asked for: of the parent, by number, or the only or first one of this node."""
    if parent:
        return areas.city_of(_area(parent))
    if city:
        return areas.city_of(_area(city))
    found = reads.cities()
    if not found:
        raise NotFound("There is no city on this node yet.")
    return found[0].area.no


def _area(number: int) -> int:
    """An area number from outside. Raises NotFound for one that no tree can hold."""
    if not 0 < number < 1 << 58:
        raise NotFound("There is no such area.")
    return reads.area(number).no


def _check_point(lon: float, lat: float) -> None:
    errors = [
        FieldError(name, f"must lie within ±{most:g} degrees", "bad_coordinate")
        for name, value, most in (("lon", lon, 180.0), ("lat", lat, 90.0))
        if not -most <= value <= most
    ]
    if errors:
        raise Invalid(errors)


def bbox_asked(text: str) -> tuple[float, float, float, float]:
    """A box from outside: west, south, east, north. Raises Invalid."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid([FieldError("bbox", "must be four numbers: w,s,e,n", "bad_bbox")]) from error
    return west, south, east, north
