"""The roster that duty shifts make: changed, repeated, called off, swapped."""

from uuid import UUID

from ninja import Query, Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.people import reads, verbs
from chengyun.people.schemas.duty import ShiftOut
from chengyun.people.schemas.parts import Done
from chengyun.people.schemas.roster import (
    ChangeShiftIn,
    PeopleOut,
    RepeatedOut,
    RepeatIn,
    RosterIn,
    SwapIn,
)

router = Router()


@router.get("/shifts/people", response=PeopleOut, operation_id="roster_people")
def people(request: Request, asked: Query[RosterIn]) -> JsonObject:
    """Who may be on a shift of a post in an organisation."""
    found = reads.rosterable(request.actor, asked.organisation, asked.post, now=request.now)
    return {"items": [{"id": one.id, "name": one.display_name} for one in found]}


@router.get("/shifts/{uuid:shift_id}", response=ShiftOut, operation_id="shift")
def shift(request: Request, shift_id: UUID) -> JsonObject:
    """One shift."""
    return reads.shift_view(reads.shift(request.actor, shift_id))


@router.put("/shifts/{uuid:shift_id}", response=Done, operation_id="change_shift")
def change_shift(request: Request, shift_id: UUID, data: ChangeShiftIn) -> JsonObject:
    """Give a shift other hours and people."""
    return verbs.change_shift(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        shift=shift_id,
        **data.model_dump(),
    )


@router.delete("/shifts/{uuid:shift_id}", response=Done, operation_id="cancel_shift")
def cancel_shift(request: Request, shift_id: UUID) -> JsonObject:
    """Take a shift off the roster that nobody has begun."""
    return verbs.cancel_shift(request.actor, now=request.now, shift=shift_id)


@router.post(
    "/shifts/{uuid:shift_id}/repeat", response={201: RepeatedOut}, operation_id="repeat_shift"
)
def repeat_shift(request: Request, shift_id: UUID, data: RepeatIn) -> Status[JsonObject]:
    """Plan the same shift again on later days."""
    key = idempotency_key(request)
    made = verbs.repeat_shift(
        request.actor, now=request.now, key=key, shift=shift_id, after_days=data.after_days
    )
    return Status(201, made)


@router.post("/shifts/{uuid:shift_id}/swap", response=Done, operation_id="swap_duty")
def swap_duty(request: Request, shift_id: UUID, data: SwapIn) -> JsonObject:
    """Let one person stand in for another."""
    key = idempotency_key(request)
    return verbs.swap_duty(
        request.actor, now=request.now, key=key, shift=shift_id, **data.model_dump()
    )
