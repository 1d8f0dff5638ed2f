"""Who has a case open now. Said every few seconds by open screens, so it is neither an event nor
audited: nothing of it outlives the minute."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from chengyun.cases.models import Case, Presence
from chengyun.cases.reads.presence import GONE_AFTER
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Forbidden, NotFound
from chengyun.kernel.scope import bind_self

_HERE = """
INSERT INTO cases_presence (user_id, tab, case_id, name, doing, since, seen_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (user_id, tab) DO UPDATE SET
    since = CASE WHEN cases_presence.case_id = excluded.case_id
                 THEN cases_presence.since ELSE excluded.since END,
    case_id = excluded.case_id, name = excluded.name, doing = excluded.doing,
    seen_at = excluded.seen_at
"""


def be_here(actor: Actor, *, now: datetime, case_id: UUID, tab: UUID, doing: str) -> None:
    """Say that one window of a person shows a case; the window's earlier case is left.

    Args:
        doing: "looking" or "acting" (a move's form is open).

    Raises:
        NotFound: out of scope.
        Forbidden: a script is nowhere.
    """
    if actor.kind != "user" or actor.id is None:
        raise Forbidden("Only people are present.")
    if not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        raise NotFound("There is no such case.")
    bind_self(actor)
    with connection.cursor() as cursor:
        cursor.execute(_HERE, [actor.id, tab, case_id, actor.name, doing, now, now])


def leave(actor: Actor, *, tab: UUID) -> None:
    """Say that a window shows no case any more."""
    if actor.id is None:
        return
    bind_self(actor)
    Presence.objects.filter(user_id=actor.id, tab=tab).delete()


def forget_gone(now: datetime, *, most: int) -> int:
    """Remove windows that said nothing for long; how many."""
    gone = Presence.objects.filter(seen_at__lt=now - GONE_AFTER).values("pk")[:most]
    return Presence.objects.filter(pk__in=gone).delete()[0]
