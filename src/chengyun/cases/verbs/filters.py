"""Saved filters: what somebody narrows their queue to, by name."""

from datetime import datetime
from uuid import UUID

from chengyun.cases.models import SavedFilter
from chengyun.cases.policy import own_unit
from chengyun.cases.verbs.checking import named
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, Forbidden, NotFound
from chengyun.kernel.scope import bind_self
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

FILTERS_MAX = 50


@verb("cases.save_filter")
def save_filter(
    actor: Actor, *, now: datetime, name: str, query: JsonObject, shared: bool = False
) -> JsonObject:
    """Keep what the queue is narrowed to; the same name again replaces it.

    Args:
        query: what stands in the desk's address, names to texts.
        shared: also for everybody of the actor's unit.

    Returns:
        {"id"}

    Raises:
        Forbidden: a script has no desk.
        Conflict: more than FILTERS_MAX.
    """
    if actor.kind != "user" or actor.id is None:
        raise Forbidden("Filters belong to people.")
    name = named("name", name)
    bind_self(actor)
    mine = SavedFilter.objects.filter(owner_id=actor.id)
    if mine.exclude(name=name).count() >= FILTERS_MAX:
        raise Conflict(f"At most {FILTERS_MAX} filters; remove one.", code="limit_reached")
    row, _ = SavedFilter.objects.update_or_create(
        owner_id=actor.id,
        name=name,
        defaults={
            "owner_name": actor.name,
            "unit_id": own_unit(actor) if shared else None,
            "query": query,
            "created_at": now,
        },
    )
    return {"id": str(row.id)}


@verb("cases.remove_filter")
def remove_filter(actor: Actor, *, now: datetime, filter_id: UUID) -> JsonObject:
    """Take back a filter of one's own.

    Raises:
        NotFound: it is not there, or another's.
    """
    bind_self(actor)
    mine = SavedFilter.objects.filter(owner_id=actor.id) if actor.id else SavedFilter.objects.none()
    found = mine.filter(pk=filter_id).first()
    if found is None:
        raise NotFound("You have no such filter.")
    found.delete()
    return {"id": str(filter_id)}
