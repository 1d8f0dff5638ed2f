"""Streams, kinds and the siting report over HTTP."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Router

from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.sensing import reads, verbs
from chengyun.sensing.schemas.kinds import PropertiesOut, ThingKindsOut
from chengyun.sensing.schemas.siting import SitingOut, SitingQuery
from chengyun.sensing.schemas.streams import StreamChangeIn, StreamLine, StreamsOut

router = Router()


@router.get("/things/{uuid:thing_id}/streams", response=StreamsOut, operation_id="streams_of_thing")
def streams(request: Request, thing_id: UUID) -> JsonObject:
    """A thing's streams with their newest readings."""
    return {"items": reads.streams_of(reads.find_thing(request.actor, thing_id))}


@router.get("/streams/{int:number}", response=StreamLine, operation_id="stream")
def get_stream(request: Request, number: int) -> JsonObject:
    """One stream with its newest reading and how it is."""
    return reads.stream_lines([reads.find_stream(request.actor, number)])[0]


@router.patch("/streams/{int:number}", response=StreamLine, operation_id="change_stream")
def change_stream(request: Request, number: int, data: StreamChangeIn) -> JsonObject:
    """Change what is asked of a stream, from its next reading on."""
    reads.find_stream(request.actor, number)
    changes = data.model_dump(exclude_unset=True)
    verbs.change_stream(request.actor, now=request.now, number=number, changes=changes)
    return reads.stream_lines([reads.find_stream(request.actor, number)])[0]


@router.get("/thing-kinds", response=ThingKindsOut, operation_id="thing_kinds")
def kinds(request: Request) -> JsonObject:
    """The kinds of things that may be registered, as packs declare them."""
    return {"items": reads.kinds()}


@router.get("/observed-properties", response=PropertiesOut, operation_id="properties")
def properties(request: Request) -> JsonObject:
    """What may be observed, with units in UCUM."""
    return {"items": reads.properties()}


@router.get("/siting", response=SitingOut, operation_id="siting")
def siting(request: Request, query: Annotated[SitingQuery, Query()]) -> JsonObject:
    """Where an area is blind: grids that no thing of a kind speaks for."""
    return reads.siting(request.actor, **query.model_dump())
