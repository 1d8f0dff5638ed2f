"""What happened at a standard address: counts by kind, each of which a list of cases opens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from chengyun.cases.reads.kinds import kinds
from chengyun.cases.reads.queue import Filters, filtered
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.places import reads as places

# Named apart from the columns, which Django would take them for.
_FIGURES = {
    "total": "all_of",
    "open": "open_of",
    "closed": "closed_of",
    "recurring": "recurring_of",
}


def address_figures(
    actor: Actor,
    address_id: UUID,
    *,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> JsonObject:
    """Cases in sight filed under an address, or under one inside it (a house's rooms), and
    reported in a period (None: ever), by kind.

    Raises:
        NotFound: no such address in sight.
        Invalid: no time that a case can have.
    """
    places.find_address(actor, address_id)
    wanted = Filters(address=address_id, since=since, until=until)
    rows: Any = (
        filtered(actor, wanted, now)
        .order_by()
        .values("kind_id")
        .annotate(
            all_of=Count("pk"),
            open_of=Count("pk", filter=Q(open=True)),
            closed_of=Count("pk", filter=Q(open=False)),
            recurring_of=Count("pk", filter=Q(recurrence_of__isnull=False)),
        )
        .order_by("-all_of", "kind_id")
    )
    lines = [
        {"kind": kinds().brief(row["kind_id"])} | {name: row[of] for name, of in _FIGURES.items()}
        for row in rows
    ]
    sums = {name: sum(line[name] for line in lines) for name in _FIGURES}
    return {"since": since, "until": until, "kinds": lines, **sums}
