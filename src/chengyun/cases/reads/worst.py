"""The cases nobody may overlook, for whoever has five seconds."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from chengyun.cases.reads.queue import Filters, filtered
from chengyun.cases.reads.rows import ROW_FIELDS, CaseRow, case_rows
from chengyun.kernel.actor import Actor

# Levels I and II (domain.md): to be seen at once.
GRAVE = 2
WORST = 12
_LOOKED_AT = 50


def worst(
    actor: Actor, wanted: Filters, *, now: datetime, limit: int | None = None
) -> list[CaseRow]:
    """The open cases nobody may overlook: level I and II, supervised, overdue; oldest first
    among equals. Each sort is looked for by its own index."""
    cases = filtered(actor, wanted, now).filter(open=True).order_by("sort_at", "id")
    grave = cases.filter(Q(level__lte=GRAVE) | Q(supervised__gt=0))
    late = cases.filter(paused=False, due_at__lte=now)
    found = {
        row["id"]: row
        for some in (grave, late, cases)
        for row in some.values(*ROW_FIELDS)[:_LOOKED_AT]
    }
    ranked = sorted(found.values(), key=lambda row: (-_weight(row, now), row["sort_at"], row["id"]))
    return case_rows(ranked[: limit or WORST], now)


def _weight(row: Any, now: datetime) -> int:
    """What outranks what: a grave level, then being late, then a leader's eye on it."""
    late = row["due_at"] is not None and not row["paused"] and row["due_at"] <= now
    level = row["level"]
    grave = 2 * (GRAVE + 1 - level) if level is not None and level <= GRAVE else 0
    return grave + (3 if late else 0) + (2 if row["supervised"] else 0)
