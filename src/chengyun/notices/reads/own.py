"""One's own notices."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from chengyun.kernel import paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.notices.models import Delivery
from chengyun.people.reads import user_names


def notices(
    actor: Actor,
    *,
    only: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> tuple[list[JsonObject], str | None]:
    """The actor's notices, newest first, and the next cursor.

    Args:
        only: "unread", "open" (waiting for an acknowledgement), or everything.
    """
    size = paging.clamp(limit)
    found = (
        Delivery.objects.visible_to(actor)
        .in_app()
        .select_related("notice")
        .order_by("-created_at", "-id")
    )
    if only == "unread":
        found = found.filter(read_at=None)
    elif only == "open":
        found = found.filter(notice__needs_ack=True, notice__acknowledged_at=None)
    if cursor:
        at, last = paging.decode(cursor, 2, [datetime.fromisoformat, UUID])
        found = found.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=last))
    rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    names = user_names({n for row in rows if (n := row.notice.acknowledged_by) is not None})
    views = [_view(row, names) for row in rows]
    return views, paging.encode([rows[-1].created_at, str(rows[-1].id)]) if more else None


def _view(row: Delivery, names: dict[UUID, str]) -> JsonObject:
    notice = row.notice
    by = notice.acknowledged_by
    return {
        "id": notice.id,
        "title": notice.title,
        "body": notice.body,
        "level": notice.level,
        "link": notice.link,
        "subject": {"kind": notice.subject_kind, "id": notice.subject_id},
        "simulated": notice.simulated,
        "at": notice.created_at,
        "read_at": row.read_at,
        "needs_ack": notice.needs_ack,
        "acknowledged_at": notice.acknowledged_at,
        "acknowledged_by": names.get(by, "") if by else None,
        "repeated": notice.repeated,
        "escalated": notice.escalated_from is not None,
    }


def unread(actor: Actor) -> JsonObject:
    """How many the actor has not read, and how many wait for an acknowledgement."""
    mine = Delivery.objects.visible_to(actor).in_app()
    return {
        "unread": mine.filter(read_at=None).count(),
        "open": mine.filter(notice__needs_ack=True, notice__acknowledged_at=None).count(),
    }
