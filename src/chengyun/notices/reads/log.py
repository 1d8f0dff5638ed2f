"""The delivery log: what went to whom by which way, and what became of it; never the words."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from chengyun.kernel import paging
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.scope import working
from chengyun.kernel.text import JsonObject
from chengyun.notices.models import Delivery
from chengyun.notices.policy import may_see_log
from chengyun.people.reads import user_names


def log(
    actor: Actor,
    *,
    channel: str = "",
    state: str = "",
    cursor: str = "",
    limit: int | None = None,
) -> tuple[list[JsonObject], str | None]:
    """Deliveries, newest first, and the next cursor.

    Raises:
        Forbidden: the actor is no system administrator with a second factor.
    """
    may_see_log(actor)
    size = paging.clamp(limit)
    after = paging.decode(cursor, 2, [datetime.fromisoformat, UUID]) if cursor else None
    found = Delivery.objects.select_related("notice").order_by("-created_at", "-id")
    found = found.defer("notice__title", "notice__body", "notice__link", "contact")
    if channel:
        found = found.filter(channel=channel)
    if state:
        found = found.filter(state=state)
    if after:
        found = found.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], id__lt=after[1]))
    # The log is about everybody's deliveries, which their own lock hides from everybody else.
    with working(SYSTEM.scope()):
        rows = list(found[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    names = user_names({row.user_id for row in rows if row.user_id is not None})
    views = [_view(row, names) for row in rows]
    return views, paging.encode([rows[-1].created_at, str(rows[-1].id)]) if more else None


def _view(row: Delivery, names: dict[UUID, str]) -> JsonObject:
    return {
        "id": row.id,
        "at": row.created_at,
        "template": row.notice.template,
        "level": row.notice.level,
        "simulated": row.notice.simulated,
        "recipient": names.get(row.user_id, "") if row.user_id else row.masked,
        "staff": row.user_id is not None,
        "channel": row.channel,
        "state": row.state,
        "round": row.round,
        "attempts": row.attempts,
        "not_before": row.not_before,
        "sent_at": row.sent_at,
        "delivered_at": row.delivered_at,
        "receipt": row.receipt,
        "error": row.error,
        "sunk": row.sunk,
    }
