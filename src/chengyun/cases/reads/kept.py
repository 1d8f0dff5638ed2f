"""Saved filters of a desk."""

from chengyun.cases.models import SavedFilter
from chengyun.kernel.actor import Actor
from chengyun.kernel.scope import bind_self
from chengyun.kernel.text import JsonObject

FILTERS_SHOWN = 200


def saved_filters(actor: Actor) -> list[JsonObject]:
    """One's own filters and those the unit shares, by name."""
    bind_self(actor)
    return [
        {
            "id": row.id,
            "name": row.name,
            "query": row.query,
            "shared": row.unit_id is not None,
            "mine": row.owner_id == actor.id,
            "by": row.owner_name,
        }
        for row in SavedFilter.objects.order_by("name", "id")[:FILTERS_SHOWN]
    ]
