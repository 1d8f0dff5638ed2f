"""Wishes to see things of other departments, and what is shared."""

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.sensing.models import Share, Thing
from chengyun.sensing.models.things import in_sight

MOST = 500


def shares(actor: Actor, *, state: str | None = None) -> list[JsonObject]:
    """Wishes of the actor's units and for things in sight, newest first."""
    found = Share.objects.filter(in_sight(actor))
    if state is not None:
        found = found.filter(state=state)
    rows = list(found.order_by("-asked_at")[:MOST])
    seen = Thing.objects.visible_to(actor).in_bulk([row.thing_id for row in rows])
    names = ("id", "thing_id", "unit_id", "state", "reason", "until", "asked_at", "decided_at")
    return [
        {
            **{name: getattr(row, name) for name in names},
            "thing_name": seen[row.thing_id].name if row.thing_id in seen else None,
        }
        for row in rows
    ]
