"""What people do with their own notices."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.events import publish
from chengyun.kernel.problems import Conflict, NotFound
from chengyun.kernel.scope import working
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.notices.events import ACKNOWLEDGED, READ
from chengyun.notices.models import Delivery, Notice
from chengyun.notices.policy import person
from chengyun.notices.verbs.telling import news

ALL_AT_ONCE = 1_000


@verb("notices.read")
def read(actor: Actor, *, now: datetime, notice_id: UUID) -> JsonObject:
    """Say that one has read a notice.

    Raises:
        NotFound: it is not one's own.
    """
    row = _own(actor, notice_id)
    if row.read_at is None:
        Delivery.objects.filter(pk=row.pk).update(read_at=now)
        _say(notice_id, READ, now)
    return {"id": str(notice_id), "read_at": (row.read_at or now).isoformat()}


@verb("notices.read_all")
def read_all(actor: Actor, *, now: datetime) -> JsonObject:
    """Say that one has read everything so far.

    Returns:
        {"count"}
    """
    person(actor)
    mine = Delivery.objects.visible_to(actor).in_app().filter(read_at=None, created_at__lte=now)
    rows = list(mine.order_by("-created_at").values_list("id", "notice_id")[:ALL_AT_ONCE])
    Delivery.objects.filter(pk__in=[ident for ident, _ in rows]).update(read_at=now)
    if rows:
        # One event rings the bell of all one's windows.
        _say(rows[0][1], READ, now)
    return {"count": len(rows)}


@verb("notices.acknowledge")
def acknowledge(actor: Actor, *, now: datetime, notice_id: UUID) -> JsonObject:
    """Take a notice on: it is no longer repeated or told further up, for the whole audience.

    Raises:
        NotFound: it is not one's own.
        Conflict: it asks for no acknowledgement.
    """
    row = _own(actor, notice_id)
    if not row.notice.needs_ack:
        raise Conflict("This notice asks for no acknowledgement.", code="no_ack")
    first = Notice.objects.filter(pk=notice_id, acknowledged_at=None).update(
        acknowledged_at=now, acknowledged_by=actor.id, look_at=None
    )
    Delivery.objects.filter(pk=row.pk).update(
        state="acknowledged", acknowledged_at=now, read_at=row.read_at or now
    )
    if first:
        with working(SYSTEM.scope()):  # the others' deliveries too
            Delivery.objects.filter(notice_id=notice_id, state="queued").update(
                state="suppressed", not_before=None, contact=None
            )
    _say(notice_id, ACKNOWLEDGED, now)
    return {"id": str(notice_id), "first": bool(first)}


def _own(actor: Actor, notice_id: UUID) -> Delivery:
    person(actor)
    mine = Delivery.objects.visible_to(actor).in_app().select_related("notice")
    row = mine.filter(notice_id=notice_id).first()
    if row is None:
        raise NotFound("There is no such notice.")
    return row


def _say(notice_id: UUID, name: str, now: datetime) -> None:
    Notice.objects.filter(pk=notice_id).update(version=F("version") + 1)
    publish([news(Notice.objects.get(pk=notice_id), name, now)])
