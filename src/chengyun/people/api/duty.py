"""Duty shifts, the roster they make, and their hand-over."""

from uuid import UUID

from ninja import Query, Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.people import reads, verbs
from chengyun.people.schemas.duty import (
    AcceptIn,
    ChangeShiftIn,
    DutyIn,
    HandOverIn,
    PeopleOut,
    RepeatedOut,
    RepeatIn,
    RosterIn,
    ShiftIn,
    ShiftOut,
    ShiftsIn,
    ShiftsOut,
    SwapIn,
)
from chengyun.people.schemas.parts import Done

router = Router()


@router.get("/shifts", response=ShiftsOut, operation_id="shifts")
def shifts(request: Request, asked: Query[ShiftsIn]) -> JsonObject:
    """Shifts in sight; `handover=open` lists those nobody has accepted yet, `book` all of them."""
    rows, after = reads.shifts(request.actor, **asked.model_dump())
    return {"items": [reads.shift_view(row) for row in rows], "next": after}


@router.post("/shifts", response={201: Done}, operation_id="open_shift")
def open_shift(request: Request, data: ShiftIn) -> Status[JsonObject]:
    """Plan a shift."""
    key = idempotency_key(request)
    return Status(
        201, verbs.open_shift(request.actor, now=request.now, key=key, **data.model_dump())
    )


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


@router.put("/shifts/{shift_id}/members/{user_id}", response=Done, operation_id="set_on_duty")
def set_on_duty(request: Request, shift_id: UUID, user_id: UUID, data: DutyIn) -> JsonObject:
    """Go on or off duty, oneself or by whoever runs the shift."""
    act = verbs.go_on_duty if data.on else verbs.go_off_duty
    return act(request.actor, now=request.now, shift=shift_id, user=user_id)


@router.post("/shifts/{shift_id}/hand-over", response=Done, operation_id="hand_over")
def hand_over(request: Request, shift_id: UUID, data: HandOverIn) -> JsonObject:
    """Sign a shift off with a note for the next."""
    key = idempotency_key(request)
    return verbs.hand_over(
        request.actor,
        now=request.now,
        key=key,
        shift=shift_id,
        note=data.note,
        matters=[one.as_decided() for one in data.matters],
    )


@router.post("/shifts/{shift_id}/accept", response=Done, operation_id="accept_handover")
def accept_handover(request: Request, shift_id: UUID, data: AcceptIn) -> JsonObject:
    """Accept a hand-over as somebody of the incoming shift."""
    key = idempotency_key(request)
    return verbs.accept_handover(
        request.actor, now=request.now, key=key, shift=shift_id, into=data.into
    )
