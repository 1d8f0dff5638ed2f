"""Changing things that are registered: what they are called, where they are, whether they serve."""

import math
from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound
from chengyun.kernel.scope import bind_subject
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places import reads as places
from chengyun.sensing.models import Datastream, Thing, ThingPlace
from chengyun.sensing.policy import check_may_keep

_CHANGED = ("name", "state", "owner_id", "component_id", "address_id", "properties", "private")
_STREAM = ("low", "high", "every_s", "stuck_after_s", "jump", "keep_days", "keep_hours_days")


def held_thing(actor: Actor, thing_id: UUID) -> Thing:
    """The thing in sight, locked, which the actor keeps. Raises NotFound, Forbidden."""
    row = Thing.objects.visible_to(actor).select_for_update().filter(pk=thing_id).first()
    if row is None:
        raise NotFound("There is no such thing.")
    check_may_keep(actor, row.area_no, row.owner_id)
    return row


@verb("sensing.change_thing")
def change_thing(
    actor: Actor, *, now: datetime, thing_id: UUID, version: int, changes: JsonObject
) -> JsonObject:
    """Change a thing; with "lon" and "lat" it moves. Returns {"id", "version"}.

    Raises NotFound, Forbidden, Invalid; Conflict: somebody was faster.
    """
    row = held_thing(actor, thing_id)
    if row.version != version:
        raise Conflict("Somebody else changed this thing; look again.", code="version_taken")
    for name in _CHANGED:
        if name in changes:
            setattr(row, name, changes[name])
    if "owner_id" in changes:
        others = [unit for unit in row.unit_ids if unit != row.owner_id]
        row.unit_ids = [*([row.owner_id] if row.owner_id else []), *others]
    if "lon" in changes or "lat" in changes:
        _move(row, changes.get("lon"), changes.get("lat"), now)
        check_may_keep(actor, row.area_no, row.owner_id)
    row.version += 1
    row.updated_at = now
    bind_subject(row.id)
    row.save()
    return {"id": str(row.id), "version": row.version}


def _move(row: Thing, lon: Any, lat: Any, now: datetime) -> None:
    if lon is None or lat is None or not (math.isfinite(lon) and math.isfinite(lat)):
        raise Invalid([FieldError("lon", "A point has two finite numbers.", "bad_point")])
    city_no = areas.city_of(row.area_no)
    spot = places.locate(city_no, lon, lat)
    if spot.area_no is None:
        raise Invalid([FieldError("lon", "Outside every area of the city.", "outside")])
    row.lon, row.lat, row.area_no = lon, lat, spot.area_no
    row.grid_code, row.moved_at = spot.grid_code or "", now
    ThingPlace.objects.update_or_create(
        thing_id=row.id, at=now, defaults={"lon": lon, "lat": lat, "area_no": spot.area_no}
    )


@verb("sensing.change_stream")
def change_stream(actor: Actor, *, now: datetime, number: int, changes: JsonObject) -> JsonObject:
    """Change what is asked of a stream, from its next reading on. Returns {"no"}.

    Raises NotFound, Forbidden, Invalid.
    """
    row = Datastream.objects.filter(no=number).first()
    if row is None:
        raise NotFound("There is no such stream.")
    held_thing(actor, row.thing_id)
    for name in _STREAM:
        if name in changes:
            setattr(row, name, changes[name])
    if row.low is not None and row.high is not None and row.low > row.high:
        raise Invalid([FieldError("low", "is above high", "bad_span")])
    row.save(update_fields=list(_STREAM))
    return {"id": str(row.id), "no": row.no}
