"""The component register over HTTP; one door for everybody, behind the code on a component."""

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import FileResponse, StreamingHttpResponse
from ninja import Query, Router, Status

from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.kernel.throttle import caller_of, knock
from chengyun.kernel.uploads import path_of
from chengyun.places import reads, verbs
from chengyun.places.api.geocoding import public
from chengyun.places.policy import see_city
from chengyun.places.schemas import components as shapes

router = Router()
ONE = "/components/{uuid:component_id}"
PUBLIC_LOOKS = 600
"""Codes scanned an hour from one address without sign-in."""
_GIVEN = ("kind_id", "code", "name", "state", "lon", "lat", "accuracy_m", "address_id", "datum")


@router.get("/components", response=shapes.ComponentPage, operation_id="components")
def list_components(
    request: Request, query: Annotated[shapes.ComponentsQuery, Query()]
) -> JsonObject:
    """Components by box, class, state, unit and text."""
    asked = query.model_dump()
    asked["bbox"] = _box(query.bbox) if query.bbox else None
    rows, following = reads.components(request.actor, **asked)
    return {"items": rows, "next": following}


@router.get(
    "/components.geojson", response=shapes.ComponentFeatures, operation_id="component_features"
)
def features(
    request: Request, query: Annotated[shapes.ComponentFeaturesQuery, Query()]
) -> JsonObject:
    """Components of a box as points, at most 5,000."""
    return reads.component_features(
        request.actor,
        bbox=_box(query.bbox),
        kind=query.kind,
        state=query.state,
        unit=query.unit,
    )


@router.get("/components.csv", response={200: str}, operation_id="components_csv")
def export(request: Request, area: int | None = None) -> StreamingHttpResponse:
    """The components of an area as a table that the import takes back."""
    number = reads.own_area(request.actor, area)
    see_city(request.actor, areas.city_of(number))
    answer = StreamingHttpResponse(reads.component_csv(number), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="components.csv"'
    return answer


@router.get("/component-kinds", response=shapes.ComponentKinds, operation_id="component_kinds")
def kinds(request: Request, city: int | None = None) -> JsonObject:
    """The classes of components that may be registered."""
    city_no = areas.city_of(reads.own_area(request.actor, city))
    see_city(request.actor, city_no)
    return {"items": [asdict(one) for one in reads.component_kinds(city_no).values()]}


@router.post(
    "/components/findings", response={201: shapes.FindingReceipt}, operation_id="record_finding"
)
def finding(request: Request, data: shapes.FindingIn) -> Status[JsonObject]:
    """What was found on the spot; what differs goes into the caller's draft of the day."""
    content = {k: v for k, v in data.model_dump(mode="json", include=set(_GIVEN)).items() if v}
    if data.lon is None or data.lat is None:
        content.pop("datum", None)
    return Status(
        201,
        verbs.record_finding(
            request.actor,
            now=request.now,
            key=idempotency_key(request),
            area_no=reads.own_area(request.actor, data.area),
            finding=data.finding,
            component_id=data.component_id,
            content=reads.in_wgs84(content),
            note=data.note,
            photos=data.photos,
        ),
    )


@router.get(ONE, response=shapes.ComponentDetail, operation_id="component")
def get_component(request: Request, component_id: UUID) -> JsonObject:
    """One component with history and inspections."""
    return reads.component(request.actor, component_id)


@router.get(f"{ONE}/then", response=shapes.ComponentThen, operation_id="component_then")
def get_then(request: Request, component_id: UUID, on: date) -> JsonObject:
    """A component as it was on a day."""
    return reads.component_on(request.actor, component_id, on)


@router.get(
    f"{ONE}/photos/{{uuid:upload_id}}", response={200: bytes}, operation_id="component_photo"
)
def photo(
    request: Request, component_id: UUID, upload_id: UUID, thumb: bool = False
) -> FileResponse:
    """A photo of a component."""
    path = path_of(upload_id, thumb)
    if not reads.photo_of(request.actor, component_id, upload_id) or not path.is_file():
        raise NotFound("There is no such photo.")
    answer = FileResponse(path.open("rb"))
    # A photo to every browser, whatever its bytes say.
    answer["Content-Type"] = "image/jpeg"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Disposition"] = "inline"
    return answer


@public.get(
    "/components/{component_id}", response=shapes.PublicComponent, operation_id="public_component"
)
def public_component(request: Request, component_id: UUID) -> JsonObject:
    """What the code on a component leads to: what and where it is; throttled."""
    knock("component", caller_of(request), limit=PUBLIC_LOOKS, seconds=3_600, now=request.now)
    return reads.public_component(component_id)


def _box(said: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(one) for one in said.split(","))
    except ValueError:
        wrong = "must be west,south,east,north in degrees"
        raise Invalid([FieldError("bbox", wrong, "bad_bbox")]) from None
    return west, south, east, north
