"""Things and their streams over HTTP."""

from typing import Annotated
from uuid import UUID

from ninja import File, Query, Router, Status
from ninja.files import UploadedFile

from chengyun.kernel.problems import Invalid
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.sensing import reads, verbs
from chengyun.sensing.schemas import things as shapes
from chengyun.sensing.schemas.onboarding import as_problem, read_table
from chengyun.sensing.verbs import NewThing

router = Router()
ONE = "/things/{uuid:thing_id}"


@router.get("/things", response=shapes.ThingPage, operation_id="things")
def list_things(request: Request, query: Annotated[shapes.ThingsQuery, Query()]) -> JsonObject:
    """Things by box, area, kind, property, state, health and text."""
    asked = query.model_dump(exclude={"property"})
    asked["bbox"] = reads.box_said(query.bbox)
    rows, following = reads.things(
        request.actor, now=request.now, property_=query.property, **asked
    )
    return {"items": rows, "next": following}


@router.post("/things", response={201: shapes.ThingDetail}, operation_id="register_thing")
def register(request: Request, data: shapes.ThingIn) -> Status[JsonObject]:
    """Register one thing with the streams of its kind."""
    done = _register(request, [data])
    if done["rejects"]:
        raise Invalid([as_problem(one, alone=True) for one in done["rejects"]])
    return Status(201, reads.thing(request.actor, UUID(done["things"][data.code]), now=request.now))


@router.post("/things/batch", response=shapes.RegisteredOut, operation_id="register_things")
def register_many(request: Request, data: shapes.ThingsIn) -> JsonObject:
    """Register many; what is wrong is told row by row, and the others are registered."""
    return _register(request, data.items)


@router.post("/things/file", response=shapes.RegisteredOut, operation_id="register_things_file")
def register_file(request: Request, file: Annotated[UploadedFile, File()]) -> JsonObject:
    """The same from a CSV or JSON file, with columns named as the fields of a thing."""
    items, numbers, rejects = read_table(file)
    done = _register(request, items) if items else dict(_NOTHING)
    told = [{**one, "row": numbers[one["row"]]} for one in done["rejects"]]
    done["rejects"] = sorted([*told, *rejects], key=lambda one: int(one["row"]))
    return done


@router.get("/things/by-code/{code}", response=shapes.ThingDetail, operation_id="thing_by_code")
def get_by_code(request: Request, code: str) -> JsonObject:
    """The thing behind the code or QR code on it."""
    return reads.thing_called(request.actor, code, now=request.now)


@router.get(ONE, response=shapes.ThingDetail, operation_id="thing")
def get_thing(request: Request, thing_id: UUID) -> JsonObject:
    """One thing with its streams, where it was, maintenance and calibrations."""
    return reads.thing(request.actor, thing_id, now=request.now)


@router.patch(ONE, response=shapes.ThingChanged, operation_id="change_thing")
def change(request: Request, thing_id: UUID, data: shapes.ThingChangeIn) -> JsonObject:
    """Change, move or retire a thing; its readings stay."""
    return verbs.change_thing(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        thing_id=thing_id,
        version=data.version,
        changes=data.model_dump(exclude_unset=True, exclude={"version"}),
    )


_NOTHING: JsonObject = {"created": 0, "unchanged": 0, "things": {}, "rejects": []}


def _register(request: Request, items: list[shapes.ThingIn]) -> JsonObject:
    return verbs.register_things(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        items=tuple(NewThing(**one.model_dump()) for one in items),
    )
