"""Things in sight: lists, one with its streams, those behind a code."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from chengyun.kernel import areas, paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.places import reads as places
from chengyun.sensing.models import (
    Calibration,
    Datastream,
    Maintenance,
    StreamHealth,
    Thing,
    ThingKind,
    ThingPlace,
)
from chengyun.sensing.reads.newest import newest
from chengyun.sensing.reads.series import find_stream, streams_of

Box = tuple[float, float, float, float]
WORST = ("dead", "stuck", "drifting", "silent", "fine")
MOST_PLACES = 1_000
_LINE = (
    *("id", "code", "kind_id", "name", "state", "owner_id", "city_no", "area_no", "grid_code"),
    *("lon", "lat", "moved_at", "component_id", "address_id", "properties", "private"),
    *("simulated", "version", "created_at", "updated_at"),
)


def things(
    actor: Actor,
    *,
    now: datetime,
    kind: str | None = None,
    state: str | None = None,
    area: int | None = None,
    bbox: Box | None = None,
    property_: str | None = None,
    health: str | None = None,
    q: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> tuple[list[JsonObject], str | None]:
    """Things in sight by code, and the next cursor. Raises Invalid, NotFound."""
    found = asked(actor, kind=kind, state=state, area=area, bbox=bbox, property_=property_, q=q)
    if health is not None:
        sick = StreamHealth.objects.filter(state=health).values("stream")
        found = found.filter(datastreams__no__in=sick).distinct()
    if cursor:
        found = found.filter(code__gt=paging.decode(cursor, 1, (str,))[0])
    size = paging.clamp(limit)
    rows = list(found.order_by("code")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return lines(rows, now), paging.encode([rows[-1].code]) if more else None


def asked(
    actor: Actor,
    *,
    kind: str | None = None,
    state: str | None = None,
    area: int | None = None,
    bbox: Box | None = None,
    property_: str | None = None,
    q: str = "",
) -> QuerySet[Thing]:
    """Things in sight by what they are and where. Raises Invalid, NotFound."""
    found = Thing.objects.visible_to(actor)
    found = found.exclude(state="retired") if state is None else found.filter(state=state)
    if kind:
        found = found.filter(kind_id=kind)
    if area is not None:
        low, high = areas.span(places.own_area(actor, area))
        found = found.filter(area_no__gte=low, area_no__lte=high)
    if bbox is not None:
        west, south, east, north = bbox
        found = found.filter(lon__range=(west, east), lat__range=(south, north))
    if property_:
        found = found.filter(datastreams__property_id=property_).distinct()
    if q:
        found = found.filter(Q(code__istartswith=q) | Q(name__icontains=q))
    return found


def lines(rows: Sequence[Thing], now: datetime) -> list[JsonObject]:
    """Things as lists show them: with the worst health of their streams, when one of these last
    spoke, and whether they are being worked on."""
    found = list(
        Datastream.objects.filter(thing_id__in=[row.id for row in rows]).values("no", "thing_id")
    )
    states = dict(
        StreamHealth.objects.filter(stream__in=[one["no"] for one in found]).values_list(
            "stream", "state"
        )
    )
    theirs: dict[UUID, list[str]] = {}
    for one in found:
        theirs.setdefault(one["thing_id"], []).append(states.get(one["no"], "silent"))
    said = newest(one["no"] for one in found)
    last: dict[UUID, datetime] = {}
    for one in found:
        if (spoke := said.get(one["no"])) is not None:
            last[one["thing_id"]] = max(spoke.at, last.get(one["thing_id"], spoke.at))
    cared = Maintenance.objects.filter(starts_at__lte=now, ends_at__gt=now)
    worked_on = set(
        cared.filter(thing_id__in=[row.id for row in rows]).values_list("thing_id", flat=True)
    )
    names = {row.id: row.content["name"] for row in ThingKind.objects.all()}
    spots = places.areas_named({row.area_no for row in rows})
    return [
        {
            **{name: getattr(row, name) for name in _LINE},
            "kind": names.get(row.kind_id),
            "area": spots[row.area_no].name if row.area_no in spots else None,
            "health": min(theirs.get(row.id, ["silent"]), key=WORST.index),
            "last_at": last.get(row.id),
            "maintained": row.id in worked_on,
        }
        for row in rows
    ]


def find_thing(actor: Actor, thing_id: UUID) -> Thing:
    """The thing in sight. Raises NotFound."""
    row = Thing.objects.visible_to(actor).filter(pk=thing_id).first()
    if row is None:
        raise NotFound("There is no such thing.")
    return row


def thing_called(actor: Actor, code: str, *, now: datetime) -> JsonObject:
    """The thing in sight behind a code, as its label or QR code says it. Raises NotFound."""
    row = Thing.objects.visible_to(actor).filter(code=code).first()
    if row is None:
        raise NotFound("There is no such thing.")
    return thing(actor, row.id, now=now)


def thing(actor: Actor, thing_id: UUID, *, now: datetime) -> JsonObject:
    """One thing with its streams, places, maintenance and calibrations. Raises NotFound."""
    row = find_thing(actor, thing_id)
    cared = Maintenance.objects.filter(thing_id=row.id).order_by("-starts_at")
    compared = Calibration.objects.filter(thing_id=row.id).order_by("-at")
    went = ThingPlace.objects.filter(thing_id=row.id).order_by("-at")
    return {
        **lines([row], now)[0],
        "unit_ids": row.unit_ids,
        "streams": streams_of(row),
        "places": list(went.values("at", "lon", "lat", "area_no")[:MOST_PLACES]),
        "maintenance": list(cared.values("id", "starts_at", "ends_at", "reason")[:MOST_PLACES]),
        "calibrations": [calibration(one) for one in compared[:MOST_PLACES]],
    }


def calibration(row: Calibration) -> JsonObject:
    """A calibration as the door shows it."""
    names = ("id", "stream", "at", "reference", "shown", "offset", "certificate", "due_on")
    return {name: getattr(row, name) for name in names}


def calibrations_of(actor: Actor, number: int) -> list[JsonObject]:
    """A stream's calibrations, newest first. Raises NotFound."""
    stream = find_stream(actor, number)
    rows = Calibration.objects.filter(stream=stream.no).order_by("-at")[:MOST_PLACES]
    return [calibration(row) for row in rows]


def box_said(said: str | None) -> Box | None:
    """`west,south,east,north` in degrees. Raises Invalid."""
    if said is None:
        return None
    try:
        west, south, east, north = (float(one) for one in said.split(","))
    except ValueError:
        wrong = "must be west,south,east,north in degrees"
        raise Invalid([FieldError("bbox", wrong, "bad_bbox")]) from None
    return west, south, east, north
