"""Browsers that take pushes."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction

from chengyun.kernel import crypto
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.scope import bind, working
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.notices.models import PushSubscription
from chengyun.notices.policy import person

PUSH = "notices.push"
BROWSERS_MAX = 10


@verb("notices.subscribe_push")
def subscribe_push(
    actor: Actor, *, now: datetime, endpoint: str, p256dh: str, auth: str, browser: str
) -> JsonObject:
    """Push to this browser from now on; a browser that somebody else used is theirs no longer.

    Raises:
        Invalid: the actor has as many browsers as are kept.
    """
    mine = person(actor)
    mark = crypto.blind_index(endpoint, purpose=PUSH)
    said = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth}
    sealed = crypto.seal(orjson.dumps(said).decode(), purpose=PUSH)
    with working(SYSTEM.scope()):
        PushSubscription.objects.filter(endpoint_hash=mark).delete()
    if PushSubscription.objects.filter(user_id=mine).count() >= BROWSERS_MAX:
        raise Invalid([FieldError("endpoint", f"at most {BROWSERS_MAX} browsers", "too_many")])
    row = PushSubscription(
        id=new_id(),
        user_id=mine,
        endpoint_hash=mark,
        sealed=sealed,
        browser=browser,
        created_at=now,
    )
    row.save(force_insert=True)
    return {"id": str(row.id)}


@verb("notices.unsubscribe_push")
def unsubscribe(
    actor: Actor, *, now: datetime, endpoint: str | None = None, browser_id: UUID | None = None
) -> JsonObject:
    """Push no more to a browser, named by its endpoint or its id in the settings.

    Raises:
        NotFound: it is not one of the actor's.
    """
    mine = PushSubscription.objects.filter(user_id=person(actor))
    if endpoint is not None:
        mine = mine.filter(endpoint_hash=crypto.blind_index(endpoint, purpose=PUSH))
    if browser_id is not None:
        mine = mine.filter(pk=browser_id)
    removed, _ = mine.delete()
    if not removed:
        raise NotFound("There is no such browser.")
    return {"count": removed}


def drop_browsers(ids: Collection[UUID]) -> None:
    """Forget browsers that take no more pushes."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        PushSubscription.objects.filter(pk__in=list(ids)).delete()
