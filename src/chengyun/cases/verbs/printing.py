"""Printing: what goes onto paper leaves the system, so it is on record like an export."""

from datetime import datetime
from uuid import UUID

from chengyun.cases.models import Case
from chengyun.cases.policy import may_print
from chengyun.cases.reads.detail import case_detail, timeline
from chengyun.cases.reads.queue import Filters, queue
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

# Some forty sheets of A4; who needs more needs an export.
LINES_MAX = 500
_PAGE = 200


@verb("cases.print_case")
def print_case(actor: Actor, *, now: datetime, case_id: UUID) -> JsonObject:
    """One case for its sheet: all facts, contacts masked, and its timeline.

    Returns:
        {"id", "case", "timeline", "printed_at", "printed_by", "count"}

    Raises:
        NotFound: out of scope.
        Forbidden: no post of the case loop.
    """
    if not Case.objects.visible_to(actor).filter(pk=case_id).exists():
        raise NotFound("There is no such case.")
    may_print(actor)
    return {
        "id": case_id,
        "case": case_detail(actor, case_id, now=now),
        "timeline": timeline(actor, case_id),
        "printed_at": now,
        "printed_by": actor.name,
        "count": 1,
    }


@verb("cases.print_list")
def print_list(actor: Actor, *, now: datetime, wanted: Filters) -> JsonObject:
    """The cases of a list by deadline, at most LINES_MAX.

    Returns:
        {"items", "truncated", "printed_at", "printed_by", "count"}

    Raises:
        Forbidden: no post of the case loop.
        Invalid: a filter value that cannot be.
    """
    may_print(actor)
    items: list[JsonObject] = []
    cursor: str | None = None
    while len(items) < LINES_MAX:
        size = min(_PAGE, LINES_MAX - len(items))
        page, cursor = queue(actor, wanted, now=now, cursor=cursor, limit=size)
        items += page
        if cursor is None:
            break
    return {
        "items": items,
        "truncated": cursor is not None,
        "printed_at": now,
        "printed_by": actor.name,
        "count": len(items),
    }
