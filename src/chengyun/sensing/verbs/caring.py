"""Looking after things: maintenance windows and calibrations."""

import math
from datetime import date, datetime, timedelta
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.models import Calibration, Datastream, Maintenance, ThingKind
from chengyun.sensing.verbs.keeping import held_thing

LONGEST = timedelta(days=366)


@verb("sensing.maintain")
def maintain(
    actor: Actor,
    *,
    now: datetime,
    thing_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
) -> JsonObject:
    """Announce work on a thing: readings that come for that time are flagged, and read by no rule.

    Returns {"id"}. Raises NotFound, Forbidden, Invalid.
    """
    row = held_thing(actor, thing_id)
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise Invalid([FieldError("ends_at", "is not within a year after the start", "bad_span")])
    made = Maintenance.objects.create(
        id=new_id(),
        thing_id=row.id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        by_id=actor.id,
        created_at=now,
    )
    return {"id": str(made.id)}


@verb("sensing.end_maintenance")
def end_maintenance(actor: Actor, *, now: datetime, maintenance_id: UUID) -> JsonObject:
    """End a window now; one that has not begun is taken back. Returns {"id"}."""
    row = Maintenance.objects.filter(pk=maintenance_id).first()
    if row is None:
        raise NotFound("There is no such maintenance.")
    held_thing(actor, row.thing_id)
    if row.starts_at >= now:
        row.delete()
    elif row.ends_at > now:
        row.ends_at = now
        row.save(update_fields=["ends_at"])
    return {"id": str(maintenance_id)}


@verb("sensing.calibrate")
def calibrate(
    actor: Actor,
    *,
    now: datetime,
    number: int,
    at: datetime,
    reference: float,
    shown: float,
    certificate: str = "",
    due_on: date | None = None,
) -> JsonObject:
    """Record that a stream was compared with a reference; the next is due as its kind says.

    Returns {"id", "due_on"}. Raises NotFound, Forbidden, Invalid.
    """
    stream = Datastream.objects.filter(no=number).first()
    if stream is None:
        raise NotFound("There is no such stream.")
    thing = held_thing(actor, stream.thing_id)
    if not (math.isfinite(reference) and math.isfinite(shown)):
        raise Invalid([FieldError("reference", "is no finite number", "not_a_number")])
    if at > now:
        raise Invalid([FieldError("at", "is in the future", "in_the_future")])
    kind = ThingKind.objects.filter(pk=thing.kind_id).first()
    every = kind.content.get("calibrate_days") if kind else None
    due = due_on or (at.date() + timedelta(days=every) if every else None)
    made = Calibration.objects.create(
        id=new_id(),
        thing_id=thing.id,
        stream=stream.no,
        at=at,
        reference=reference,
        shown=shown,
        certificate=certificate,
        due_on=due,
        by_id=actor.id,
        created_at=now,
    )
    return {"id": str(made.id), "due_on": due.isoformat() if due else None}
