"""Change sets over HTTP: propose, look at the difference, decide, apply, undo."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.places import reads, verbs
from chengyun.places.schemas import changes as shapes

router = Router()
SET = "/change-sets/{uuid:set_id}"


@router.get("/change-sets", response=shapes.SetPage, operation_id="change_sets")
def list_sets(request: Request, query: Annotated[shapes.SetsQuery, Query()]) -> JsonObject:
    """Change sets in sight, newest first."""
    rows, following = reads.change_sets(request.actor, **query.model_dump())
    return {"items": rows, "next": following}


@router.post("/change-sets", response={201: shapes.SetReceipt}, operation_id="open_change_set")
def open_set(request: Request, data: shapes.SetIn) -> Status[JsonObject]:
    """Begin a change set, with or without its first changes."""
    return Status(
        201,
        verbs.open_set(
            request.actor,
            now=request.now,
            key=idempotency_key(request),
            area_no=reads.own_area(request.actor, data.area),
            **data.model_dump(exclude={"area"}),
        ),
    )


@router.get(SET, response=shapes.SetDetail, operation_id="change_set")
def get_set(request: Request, set_id: UUID) -> JsonObject:
    """One change set and what the caller may do with it."""
    return reads.change_set(request.actor, set_id)


@router.get(f"{SET}/changes", response=shapes.ChangePage, operation_id="change_set_changes")
def list_changes(
    request: Request,
    set_id: UUID,
    problems: bool = False,
    cursor: str | None = None,
    limit: int | None = None,
) -> JsonObject:
    """A set's changes in order, with the difference each makes; `problems` shows faulty ones."""
    rows, following = reads.changes_of(
        request.actor, set_id, problems=problems, cursor=cursor, limit=limit
    )
    return {"items": rows, "next": following}


@router.post(f"{SET}/changes", response=shapes.SetReceipt, operation_id="add_changes")
def add_changes(request: Request, set_id: UUID, data: shapes.ChangesIn) -> JsonObject:
    """Put changes into a draft; a target named again replaces what was said of it."""
    changes = [one.model_dump() for one in data.changes]
    key = idempotency_key(request)
    return verbs.add_changes(
        request.actor, now=request.now, key=key, set_id=set_id, changes=changes
    )


@router.post(f"{SET}/propose", response=shapes.SetReceipt, operation_id="propose_change_set")
def propose(request: Request, set_id: UUID) -> JsonObject:
    """Check a draft and hand it to review."""
    key = idempotency_key(request)
    return verbs.propose_set(request.actor, now=request.now, key=key, set_id=set_id)


@router.post(f"{SET}/approve", response=shapes.SetReceipt, operation_id="approve_change_set")
def approve(request: Request, set_id: UUID) -> JsonObject:
    """Approve what somebody else proposed."""
    key = idempotency_key(request)
    return verbs.approve_set(request.actor, now=request.now, key=key, set_id=set_id)


@router.post(f"{SET}/reject", response=shapes.SetReceipt, operation_id="reject_change_set")
def reject(request: Request, set_id: UUID, data: shapes.ReasonIn) -> JsonObject:
    """Refuse a set, or give up one's own."""
    key = idempotency_key(request)
    return verbs.reject_set(
        request.actor, now=request.now, key=key, set_id=set_id, reason=data.reason
    )


@router.post(f"{SET}/apply", response=shapes.SetReceipt, operation_id="apply_change_set")
def apply(request: Request, set_id: UUID) -> JsonObject:
    """Bring an approved set into the register, whole or not at all."""
    key = idempotency_key(request)
    return verbs.apply_set(request.actor, now=request.now, key=key, set_id=set_id)


@router.post(f"{SET}/roll-back", response=shapes.SetReceipt, operation_id="roll_back_change_set")
def roll_back(request: Request, set_id: UUID, data: shapes.ReasonIn) -> JsonObject:
    """Undo an applied set; refused where something it changed was changed since."""
    key = idempotency_key(request)
    return verbs.roll_back_set(
        request.actor, now=request.now, key=key, set_id=set_id, reason=data.reason
    )


@router.post(f"{SET}/replay", response=shapes.SetReceipt, operation_id="replay_change_set")
def replay(request: Request, set_id: UUID) -> JsonObject:
    """Apply a rolled back set again; refused where its targets are not as before it."""
    key = idempotency_key(request)
    return verbs.replay_set(request.actor, now=request.now, key=key, set_id=set_id)
