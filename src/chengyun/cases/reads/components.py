"""Which component a case is about: the one named, the nearest of its class; and the way back."""

from datetime import datetime
from uuid import UUID

from chengyun.cases.models import Case, CaseComponent
from chengyun.cases.reads.rows import ROW_FIELDS, case_rows
from chengyun.cases.reads.sight import seen
from chengyun.cases.reads.similar import metres_between
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.places import reads as places
from chengyun.places.models import Component

MOST_CASES = 100
_FIELDS = ("id", "code", "name", "state", "lon", "lat", "synthetic")


def components_for(actor: Actor, case_id: UUID) -> JsonObject:
    """The component named for a case, and the nearest in force of its class within the metres that
    the class's pack gives. Raises NotFound."""
    case = seen(actor, case_id)
    kinds = places.component_kinds(case["city_no"])
    kind = kinds.get(case["kind_id"] or "")
    link = CaseComponent.objects.filter(pk=case_id).first()
    row = Component.objects.filter(pk=link.component_id).first() if link else None
    near: list[tuple[Component, float]] = []
    if kind and kind.near_m and case["lon"] is not None:
        # The same thing is written in two schemes: its class is recognised by its name.
        same = [one.id for one in kinds.values() if one.name["zh"] == kind.name["zh"]]
        spot = (case["lon"], case["lat"])
        near = places.components_near(case["city_no"], *spot, same, kind.near_m)

    def shown(one: Component, metres: float | None) -> JsonObject:
        info = kinds.get(one.kind_id)
        line = {name: getattr(one, name) for name in _FIELDS}
        away = None if metres is None else round(metres, 1)
        return line | {"kind": info.name if info else None, "metres": away}

    # The case may have moved since it was named.
    away = None
    if row and case["lon"] is not None:
        away = metres_between(case["lon"], case["lat"], row.lon, row.lat)
    return {
        "named": shown(row, away) if row and link else None,
        "within_m": kind.near_m if kind else None,
        "items": [shown(one, metres) for one, metres in near],
    }


def cases_of_component(actor: Actor, component_id: UUID, *, now: datetime) -> list[JsonObject]:
    """Cases in sight about a component, newest first. Raises NotFound."""
    places.find_component(actor, component_id)
    ids = CaseComponent.objects.filter(component_id=component_id).values_list("case_id", flat=True)
    found = Case.objects.visible_to(actor).filter(pk__in=list(ids)).order_by("-reported_at")
    return case_rows(list(found.values(*ROW_FIELDS)[:MOST_CASES]), now)
