"""Standard addresses and what hangs on them, over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import StreamingHttpResponse
from ninja import Query, Router, Status

from chengyun.kernel import areas
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.places import reads, verbs
from chengyun.places.policy import see_city
from chengyun.places.schemas import addresses as shapes
from chengyun.places.schemas.changes import SetReceipt

router = Router()
ONE = "/addresses/{uuid:address_id}"


@router.get("/addresses", response=shapes.AddressPage, operation_id="addresses")
def list_addresses(
    request: Request, query: Annotated[shapes.AddressesQuery, Query()]
) -> JsonObject:
    """Addresses by text, name, code, area and state."""
    rows, following = reads.addresses(request.actor, **query.model_dump())
    return {"items": rows, "next": following}


@router.post("/addresses", response={201: shapes.AddressReceipt}, operation_id="propose_address")
def propose(request: Request, data: shapes.AddressIn, city: int = 0) -> Status[JsonObject]:
    """Propose a new address."""
    return Status(
        201,
        verbs.propose_address(
            request.actor,
            now=request.now,
            key=idempotency_key(request),
            city_no=areas.city_of(reads.own_area(request.actor, city or None)),
            content=reads.in_wgs84(data.model_dump(mode="json")),
        ),
    )


@router.get("/addresses.csv", response={200: str}, operation_id="addresses_csv")
def export(request: Request, area: int | None = None) -> StreamingHttpResponse:
    """The addresses of an area as a table that the import takes back."""
    number = reads.own_area(request.actor, area)
    see_city(request.actor, areas.city_of(number))
    answer = StreamingHttpResponse(reads.address_csv(number), content_type="text/csv")
    answer["Content-Disposition"] = 'attachment; filename="addresses.csv"'
    return answer


@router.get("/addresses/quality", response=shapes.AddressQuality, operation_id="address_quality")
def quality(request: Request, area: int | None = None) -> JsonObject:
    """Duplicates, orphans, and links that hold on one side only."""
    return reads.address_quality(request.actor, reads.own_area(request.actor, area))


@router.post(
    "/addresses/restructure", response={201: SetReceipt}, operation_id="restructure_addresses"
)
def restructure(request: Request, data: shapes.RestructureIn) -> Status[JsonObject]:
    """Draft the change set of a street renamed, a lane split or lanes merged."""
    return Status(
        201,
        verbs.restructure_addresses(
            request.actor,
            now=request.now,
            key=idempotency_key(request),
            area_no=reads.own_area(request.actor, data.area),
            **data.model_dump(exclude={"area"}),
        ),
    )


@router.get(ONE, response=shapes.AddressDetail, operation_id="address")
def get_address(request: Request, address_id: UUID) -> JsonObject:
    """One address with everything on it."""
    return reads.address(request.actor, address_id)


@router.get(f"{ONE}/then", response=shapes.AddressThen, operation_id="address_then")
def get_then(request: Request, address_id: UUID, on: date) -> JsonObject:
    """An address as it was on a day."""
    return reads.address_on(request.actor, address_id, on)


@router.post(f"{ONE}/moves", response=shapes.AddressReceipt, operation_id="move_address")
def move(request: Request, address_id: UUID, data: shapes.AddressMoveIn) -> JsonObject:
    """Approve, publish or retire an address."""
    return verbs.move_address(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        address_id=address_id,
        move=data.move,
        reason=data.reason,
    )


@router.get("/entities", response=shapes.EntityPage, operation_id="entities")
def list_entities(
    request: Request,
    kind: str | None = None,
    code: str | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> JsonObject:
    """Entities by name, kind or code, each with the text of its address."""
    rows, following = reads.entities(
        request.actor, kind=kind, code=code, q=q[:200], cursor=cursor, limit=limit
    )
    return {"items": rows, "next": following}


@router.post("/entities", response={201: shapes.EntityReceipt}, operation_id="save_entity")
def save_entity(request: Request, data: shapes.EntityIn) -> Status[JsonObject]:
    """Keep an entity on an address."""
    address = reads.find_address(request.actor, data.address_id)
    return Status(
        201,
        verbs.save_entity(
            request.actor,
            now=request.now,
            key=idempotency_key(request),
            city_no=address.city_no,
            content=data.model_dump(mode="json"),
        ),
    )


@router.get("/entities/{uuid:entity_id}", response=shapes.EntityDetail, operation_id="entity")
def get_entity(request: Request, entity_id: UUID) -> JsonObject:
    """One entity with what it was."""
    return reads.entity(request.actor, entity_id)


@router.put(
    "/entities/{uuid:entity_id}", response=shapes.EntityReceipt, operation_id="change_entity"
)
def change_entity(request: Request, entity_id: UUID, data: shapes.EntityIn) -> JsonObject:
    """Say what an entity is now."""
    return verbs.change_entity(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        entity_id=entity_id,
        content=data.model_dump(mode="json"),
    )


@router.post(
    "/entities/{uuid:entity_id}/end", response=shapes.EntityReceipt, operation_id="end_entity"
)
def end_entity(request: Request, entity_id: UUID) -> JsonObject:
    """End an entity today."""
    key = idempotency_key(request)
    return verbs.end_entity(request.actor, now=request.now, key=key, entity_id=entity_id)
