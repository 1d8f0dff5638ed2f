"""Duty shifts and their hand-over."""

from uuid import UUID

from ninja import Query, Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.people import reads, verbs
from chengyun.people.schemas.duty import DutyIn, ShiftsIn, ShiftsOut
from chengyun.people.schemas.handover import AcceptIn, HandOverIn
from chengyun.people.schemas.parts import Done
from chengyun.people.schemas.roster import ShiftIn

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
