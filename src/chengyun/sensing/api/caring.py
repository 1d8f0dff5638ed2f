"""Looking after things over HTTP: maintenance, calibrations, sharing."""

from uuid import UUID

from ninja import Router, Status

from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.sensing import reads, verbs
from chengyun.sensing.schemas import caring as shapes

router = Router()


@router.post(
    "/things/{uuid:thing_id}/maintenance",
    response={201: shapes.SensingDone},
    operation_id="maintain_thing",
)
def maintain(request: Request, thing_id: UUID, data: shapes.MaintenanceIn) -> Status[JsonObject]:
    """Announce work on a thing: its readings of that time are kept apart."""
    key = idempotency_key(request)
    said = data.model_dump()
    done = verbs.maintain(request.actor, now=request.now, key=key, thing_id=thing_id, **said)
    return Status(201, done)


@router.post(
    "/maintenance/{uuid:maintenance_id}/end",
    response=shapes.SensingDone,
    operation_id="end_maintenance",
)
def end_maintenance(request: Request, maintenance_id: UUID) -> JsonObject:
    """End a window now, or take it back before it begins."""
    return verbs.end_maintenance(request.actor, now=request.now, maintenance_id=maintenance_id)


@router.get(
    "/streams/{int:number}/calibrations",
    response=shapes.CalibrationsOut,
    operation_id="calibrations",
)
def calibrations(request: Request, number: int) -> JsonObject:
    """A stream's comparisons with a reference, newest first."""
    return {"items": reads.calibrations_of(request.actor, number)}


@router.post(
    "/streams/{int:number}/calibrations",
    response={201: shapes.CalibratedOut},
    operation_id="calibrate_stream",
)
def calibrate(request: Request, number: int, data: shapes.CalibrationIn) -> Status[JsonObject]:
    """Record a comparison with a reference."""
    reads.find_stream(request.actor, number)
    key = idempotency_key(request)
    said = data.model_dump()
    done = verbs.calibrate(request.actor, now=request.now, key=key, number=number, **said)
    return Status(201, done)


@router.get("/thing-shares", response=shapes.SharesOut, operation_id="thing_shares")
def shares(request: Request, state: str | None = None) -> JsonObject:
    """Wishes of one's units, and for things in sight."""
    return {"items": reads.shares(request.actor, state=state)}


@router.post("/thing-shares", response={201: shapes.SensingDone}, operation_id="ask_share")
def ask(request: Request, data: shapes.ShareIn) -> Status[JsonObject]:
    """Ask to see a thing of another department for a time."""
    key = idempotency_key(request)
    done = verbs.ask_share(request.actor, now=request.now, key=key, **data.model_dump())
    return Status(201, done)


@router.post(
    "/thing-shares/{uuid:share_id}/decision",
    response=shapes.ShareDecidedOut,
    operation_id="decide_share",
)
def decide(request: Request, share_id: UUID, data: shapes.ShareDecisionIn) -> JsonObject:
    """Approve or refuse a wish."""
    return verbs.decide_share(
        request.actor, now=request.now, share_id=share_id, approve=data.approve
    )


@router.post(
    "/thing-shares/{uuid:share_id}/end", response=shapes.SensingDone, operation_id="end_share"
)
def end(request: Request, share_id: UUID) -> JsonObject:
    """Take a share back before its time."""
    return verbs.end_share(request.actor, now=request.now, share_id=share_id)
