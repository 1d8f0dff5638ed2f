"""Saying which component of the register a case is about."""

from datetime import datetime
from uuid import UUID

from chengyun.cases.models import CaseComponent
from chengyun.cases.policy import may_report_for_others
from chengyun.cases.reads.sight import seen
from chengyun.cases.reads.similar import metres_between
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places.models import Component


@verb("cases.name_component")
def name_component(
    actor: Actor, *, now: datetime, case_id: UUID, component_id: UUID | None
) -> JsonObject:
    """Name the component a case is about, or (None) none any more.

    Returns {"component_id"}. Raises NotFound, Forbidden, Invalid (no component in force there).
    """
    case = seen(actor, case_id)
    may_report_for_others(actor)
    if component_id is None:
        CaseComponent.objects.filter(pk=case_id).delete()
        return {"component_id": None, "area_no": case["area_no"]}
    row = Component.objects.filter(pk=component_id, city_no=case["city_no"], valid_to=None).first()
    if row is None:
        raise Invalid([FieldError("component_id", "is no component of this city", "unknown")])
    metres = None
    if case["lon"] is not None:
        metres = metres_between(case["lon"], case["lat"], row.lon, row.lat)
    CaseComponent.objects.update_or_create(
        case_id=case_id,
        defaults={
            "component_id": row.id,
            "metres": metres,
            "named_by": actor.id,
            "named_by_name": actor.name,
            "named_at": now,
        },
    )
    return {"component_id": str(row.id), "area_no": case["area_no"]}
