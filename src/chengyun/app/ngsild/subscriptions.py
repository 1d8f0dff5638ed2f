"""Subscriptions: CIM 009 §5.8, §6.10, §6.11. What is sent is what their owner may see."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponse

from chengyun.app.ngsild.agreeing import content_of, terms_kept
from chengyun.app.ngsild.contexts import terms_of_query
from chengyun.app.ngsild.doors import answer, door, given, options_of, said_of
from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.pages import page_of, paging
from chengyun.app.ngsild.values import instant, uri
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import NotFound
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.sensing import verbs
from chengyun.sensing.decide.context import NULL, told
from chengyun.sensing.reads import subscriptions as kept
from chengyun.sensing.reads.subscriptions import Subscription


def _times(body: Mapping[str, Any], content: JsonObject, now: datetime) -> dict[str, Any]:
    expires = None
    if body.get("expiresAt") is not None:
        expires = datetime.fromisoformat(instant(body["expiresAt"], "expiresAt"))
        if expires <= now:
            raise BadData("expiresAt: is over already.")
    interval = content["interval"]
    return {
        "active": body.get("isActive") is not False,
        "expires_at": expires,
        "next_at": now + timedelta(seconds=interval) if interval else None,
    }


def _create(request: Request) -> HttpResponse:
    body, terms = given(request)
    content = content_of(body, terms)
    name = body.get("id") or f"urn:ngsi-ld:Subscription:{new_id()}"
    content["said"]["id"] = uri(name, "id")
    verbs.subscribe(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        uri=name,
        content=content,
        **_times(body, content, request.now),
    )
    return HttpResponse(status=201, headers={"Location": f"/ngsi-ld/v1/subscriptions/{name}"})


def _list(request: Request) -> HttpResponse:
    said, terms = said_of(request), terms_of_query(request)
    limit, offset, count = page_of(said)
    rows = kept.subscriptions(request.actor, limit + 1, offset)
    total = len(kept.subscriptions(request.actor)) if count else None
    system = "sysAttrs" in options_of(said)
    body = [shown(one, request.now, system=system) for one in rows[:limit]]
    return answer(request, body, terms, paging(request, limit, offset, len(rows) > limit, total))


def _found(request: Request, name: str) -> Subscription:
    held = kept.subscription(request.actor, uri(name, "id"))
    if held is None:
        raise NotFound(f"There is no subscription {name[:200]}.", code="ResourceNotFound")
    return held


def _one(request: Request, name: str) -> HttpResponse:
    system = "sysAttrs" in options_of(said_of(request))
    held = _found(request, name)
    return answer(request, shown(held, request.now, system=system), terms_kept(held.content))


def shown(one: Subscription, now: datetime, *, system: bool) -> JsonObject:
    """A subscription as answers say it, with how sending goes."""
    said = dict(one.content["said"])
    over = one.expires_at is not None and one.expires_at <= now
    said["status"] = "expired" if over else "active" if one.active else "paused"
    said["isActive"] = one.active
    note = dict(said["notification"])
    note["status"] = "failed" if one.last_fault else "ok"
    if one.last_at is not None:
        note |= {"timesSent": one.sent, "timesFailed": one.failed}
        note["lastNotification"] = told(one.last_at)
    for name, at in (("lastSuccess", one.last_ok_at), ("lastFailure", one.last_fault_at)):
        if at is not None:
            note[name] = told(at)
    if one.last_fault:
        note["lastFault"] = one.last_fault
    said["notification"] = note
    if system:
        said |= {"createdAt": told(one.created_at), "modifiedAt": told(one.modified_at)}
    return said


def _change(request: Request, name: str) -> HttpResponse:
    body, terms = given(request)
    held = _found(request, name)
    if body.get("id", name) != name:
        raise BadData("id: stays what it is.")
    said = {**held.content["said"], **body}
    gone = {key for key, value in body.items() if value in (NULL, None)}
    if gone & {"id", "type", "notification"}:
        raise BadData(f"{min(gone)}: cannot be taken away.")
    said = {key: value for key, value in said.items() if key not in gone}
    content = content_of(said, terms if terms.terms else terms_kept(held.content))
    times = _times(
        {**said, "expiresAt": said.get("expiresAt")}, content, request.now.astimezone(UTC)
    )
    verbs.change_subscription(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        uri=name,
        content=content,
        **times,
    )
    return HttpResponse(status=204)


def _delete(request: Request, name: str) -> HttpResponse:
    verbs.unsubscribe(
        request.actor, now=request.now, key=idempotency_key(request), uri=uri(name, "id")
    )
    return HttpResponse(status=204)


subscriptions = door(get=_list, post=_create)
subscription = door(get=_one, patch=_change, delete=_delete)
