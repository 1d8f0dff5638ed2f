"""Rows of an area and of units, by sight."""

from typing import Any

from django.db.models import Q

from chengyun.kernel.actor import Actor


def in_sight(actor: Actor, units: str) -> Q:
    """Rows inside the actor's areas, or of the actor's units.

    Args:
        units: the look-up that compares with the actor's units, such as "unit__in".
    """
    scope = actor.scope()
    if scope.everything:
        return Q()
    seen = Q(pk__in=[])
    for low, high in scope.areas:
        seen |= Q(area_no__gte=low, area_no__lte=high)
    if scope.units:
        wanted: dict[str, Any] = {units: list(scope.units)}
        seen |= Q(**wanted)
    return seen
