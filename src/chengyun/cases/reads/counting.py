"""How many cases wait, by queue and by state."""

from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection

from chengyun.cases.models import Case, CaseQuerySet
from chengyun.cases.policy import waits_for
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject

COUNT_CAP = 20_000


def _by_state(cases: CaseQuerySet) -> dict[str, int]:
    inner = cases.order_by().values("state")[:COUNT_CAP]
    try:
        sql, params = inner.query.sql_with_params()
    except EmptyResultSet:  # a post that no queue belongs to
        return {}
    with connection.cursor() as cursor:
        # The inner statement is Django's own, its values are parameters.
        counted = f"SELECT state, count(*) FROM ({sql}) AS few GROUP BY state"  # noqa: S608
        cursor.execute(counted, params)
        return dict(cursor.fetchall())


def counts(actor: Actor, *, now: datetime) -> JsonObject:
    """How many cases wait, by queue and by state, counted up to COUNT_CAP each.

    Returns:
        {"queue": {"mine", "all_open", "overdue"}, "states": {state: n}, "mine": {state: n},
        "capped": bool}
    """
    visible = Case.objects.visible_to(actor).filter(open=True)
    if not actor.scope().everything and not (actor.scope().areas or actor.scope().units):
        # An administrator sees no cases, and PostgreSQL need not be asked.
        return {
            "queue": {"mine": 0, "all_open": 0, "overdue": 0},
            "states": {},
            "mine": {},
            "capped": False,
        }
    by_state = _by_state(visible)
    mine = _by_state(visible.filter(waits_for(actor)))
    overdue = visible.filter(paused=False, due_at__lte=now)
    total = sum(by_state.values())
    return {
        "queue": {
            "mine": sum(mine.values()),
            "all_open": total,
            "overdue": overdue.order_by()[:COUNT_CAP].count(),
        },
        "states": by_state,
        "mine": mine,
        "capped": total >= COUNT_CAP,
    }
