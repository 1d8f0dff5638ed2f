"""Notices over HTTP: one's own, how one wants to be told, the delivery log, receipts."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from chengyun.kernel.actor import Actor, Scope
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.notices import reads, schemas, verbs
from chengyun.notices.channels import web_push
from chengyun.notices.channels.gateway import receipts_secret
from chengyun.notices.decide.signing import is_own

router = Router(tags=["notices"])


@router.get("/notices", response=schemas.NoticesOut, operation_id="notices")
def notices(request: Request, asked: Annotated[schemas.NoticesIn, Query()]) -> JsonObject:
    """One's own notices, newest first."""
    rows, after = reads.notices(request.actor, **asked.model_dump())
    return {"items": rows, "next": after}


@router.get("/notices/unread", response=schemas.UnreadOut, operation_id="notices_unread")
def unread(request: Request) -> JsonObject:
    """How many are unread, and how many wait for an acknowledgement."""
    return reads.unread(request.actor)


@router.post("/notices/read", response=schemas.ReadAllOut, operation_id="read_all_notices")
def read_all(request: Request) -> JsonObject:
    """Everything so far is read."""
    return verbs.read_all(request.actor, now=request.now)


@router.post("/notices/{uuid:notice_id}/read", response=schemas.ReadOut, operation_id="read_notice")
def read(request: Request, notice_id: UUID) -> JsonObject:
    """This one is read."""
    return verbs.read(request.actor, now=request.now, notice_id=notice_id)


@router.post(
    "/notices/{uuid:notice_id}/acknowledge",
    response=schemas.AcknowledgedOut,
    operation_id="acknowledge_notice",
)
def acknowledge(request: Request, notice_id: UUID) -> JsonObject:
    """Take it on, for everybody it was sent to."""
    return verbs.acknowledge(request.actor, now=request.now, notice_id=notice_id)


@router.get(
    "/notices/preferences", response=schemas.PreferencesOut, operation_id="notice_preferences"
)
def preferences(request: Request) -> JsonObject:
    """How one is told; addresses masked."""
    return reads.preferences_view(request.actor)


@router.put(
    "/notices/preferences", response=schemas.PreferencesOut, operation_id="set_notice_preferences"
)
def set_preferences(request: Request, data: schemas.PreferencesIn) -> JsonObject:
    """Say how one wants to be told."""
    if bool(data.quiet_from) != bool(data.quiet_to):
        field = "quiet_to" if data.quiet_from else "quiet_from"
        raise Invalid([FieldError(field, "both hours or neither", "required")])
    key = idempotency_key(request)
    verbs.set_preference(request.actor, now=request.now, key=key, **data.model_dump())
    return reads.preferences_view(request.actor)


@router.get("/notices/push/key", response=schemas.PushKeyOut, operation_id="push_key")
def push_key(request: Request) -> JsonObject:
    """The key a browser subscribes with."""
    return {"key": web_push.public_key()}


@router.post("/notices/push", response={201: schemas.PushOut}, operation_id="subscribe_push")
def subscribe(request: Request, data: schemas.PushIn) -> Status[JsonObject]:
    """Push to this browser."""
    fault = web_push.endpoint_fault(data.endpoint)
    if fault:
        raise Invalid([FieldError("endpoint", fault, "bad_endpoint")])
    said = {"endpoint": data.endpoint, **data.keys.model_dump(), "browser": data.browser}
    return Status(201, verbs.subscribe_push(request.actor, now=request.now, **said))


@router.delete("/notices/push", response={204: None}, operation_id="unsubscribe_push")
def unsubscribe(request: Request, data: schemas.PushOffIn) -> Status[None]:
    """Push no more to a browser."""
    if (data.endpoint is None) == (data.id is None):
        raise Invalid([FieldError("endpoint", "an endpoint or an id", "required")])
    verbs.unsubscribe(request.actor, now=request.now, endpoint=data.endpoint, browser_id=data.id)
    return Status(204, None)


@router.get("/notices/log", response=schemas.LogOut, operation_id="notices_log")
def log(request: Request, asked: Annotated[schemas.LogIn, Query()]) -> JsonObject:
    """What was sent to whom by which way, without the words; for system administrators."""
    rows, after = reads.log(request.actor, **asked.model_dump())
    return {"items": rows, "next": after}


def signed(request: HttpRequest) -> Actor | None:
    """A provider that signs with the secret of its channel; nobody else comes in here."""
    channel = str(request.resolver_match.kwargs["channel"]) if request.resolver_match else ""
    said_at = request.headers.get("X-Chengyun-Time", "")
    signature = request.headers.get("X-Chengyun-Signature", "")
    now = request.now  # type: ignore[attr-defined]
    if not is_own(receipts_secret(channel), said_at, signature, request.body, now):
        return None
    actor = Actor(kind="system", id=None, name=f"gateway {channel}")
    request.actor = actor  # type: ignore[attr-defined]
    bind(Scope())
    return actor


@router.post(
    "/notices/receipts/{channel}",
    response=schemas.ReceiptOut,
    operation_id="take_receipt",
    auth=signed,
)
def take_receipt(request: Request, channel: str, data: schemas.ReceiptIn) -> JsonObject:
    """A provider says what became of a message that it took."""
    said = data.model_dump()
    return verbs.take_receipt(request.actor, now=request.now, channel=channel, **said)
