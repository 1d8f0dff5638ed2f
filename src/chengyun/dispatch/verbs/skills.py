"""What people can do, as their department records it."""

from datetime import datetime
from uuid import UUID

from chengyun.dispatch import policy
from chengyun.dispatch.models import Skill
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people.models import Appointment

LENGTH_MAX = 200


@verb("dispatch.record_skill")
def record_skill(
    actor: Actor, *, now: datetime, appointment: UUID, kinds: str, level: int, source: str = ""
) -> JsonObject:
    """Say what somebody can do in a post; a second time changes the level.

    Raises:
        NotFound: there is no such appointment in sight.
        Invalid: the pattern or level cannot be.
    """
    held = Appointment.objects.held_at(now).filter(pk=appointment).first()
    if held is None:
        raise NotFound("There is no such appointment.")
    policy.may_keep_skills(actor, held.organisation_id)
    faults = []
    if not 1 <= len(kinds.strip()) <= LENGTH_MAX or not kinds.isprintable():
        faults.append(
            FieldError("kinds", f"needs 1 to {LENGTH_MAX} printable characters", "bad_text")
        )
    if len(source) > LENGTH_MAX or not source.isprintable():
        faults.append(
            FieldError("source", f"at most {LENGTH_MAX} printable characters", "bad_text")
        )
    if level not in (1, 2, 3):
        faults.append(FieldError("level", "must be 1, 2 or 3", "out_of_range"))
    if faults:
        raise Invalid(faults)
    row, _ = Skill.objects.update_or_create(
        appointment=held,
        kinds=kinds.strip(),
        defaults={
            "level": level,
            "source": source,
            "recorded_at": now,
            "recorded_by": actor.id,
        },
    )
    return {"id": str(row.id), "appointment": str(held.pk), "kinds": row.kinds, "level": level}


@verb("dispatch.remove_skill")
def remove_skill(
    actor: Actor,
    *,
    now: datetime,
    skill: UUID,
) -> JsonObject:
    """Take a skill off the record.

    Raises:
        NotFound: there is none in sight.
    """
    row = Skill.objects.visible_to(actor).filter(pk=skill).select_related("appointment").first()
    if row is None:
        raise NotFound("There is no such skill.")
    policy.may_keep_skills(actor, row.appointment.organisation_id)
    row.delete()
    return {"id": str(skill)}
