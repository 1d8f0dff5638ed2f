"""Putting things into the register: one, or a file of them with what is wrong in each row."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places import reads as places
from chengyun.sensing.models import Datastream, ObservedProperty, Thing, ThingKind, ThingPlace
from chengyun.sensing.policy import may_keep

CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_STREAM = {
    "low": "low",
    "high": "high",
    "every": "every_s",
    "stuck_after": "stuck_after_s",
    "jump": "jump",
    "keep_days": "keep_days",
    "keep_hours_days": "keep_hours_days",
}
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('sensing_register'))"


@dataclass(frozen=True, slots=True)
class NewThing:
    """A thing to register. Its kind's streams are made with it.

    Attributes:
        lon, lat: WGS84 degrees; the area follows from them unless it is given.
        streams: stream code → what differs from the kind: low, high, every, stuck_after, jump,
            keep_days, keep_hours_days; a code the kind has not is a stream more and names its
            "property".
    """

    code: str
    kind: str
    name: str = ""
    lon: float | None = None
    lat: float | None = None
    area_no: int | None = None
    city_no: int | None = None
    owner_id: UUID | None = None
    state: str = "active"
    component_id: UUID | None = None
    address_id: UUID | None = None
    properties: JsonObject = field(default_factory=dict)
    streams: Mapping[str, JsonObject] = field(default_factory=dict)
    private: bool = False
    simulated: bool = False


@verb("sensing.register_things")
def register_things(actor: Actor, *, now: datetime, items: tuple[NewThing, ...]) -> JsonObject:
    """Register things; the same again changes nothing, other content for a code is refused.

    Returns {"created", "unchanged", "things", "rejects"}: "things" maps codes to ids, rejects are
    {row, field, reason, code}.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    kinds = ThingKind.objects.in_bulk([one.kind for one in items])
    properties = ObservedProperty.objects.in_bulk()
    held = {one.code: one for one in Thing.objects.filter(code__in=[one.code for one in items])}
    taken = _taken([one.code for one in items])
    things: dict[str, Thing] = {}
    streams: list[Datastream] = []
    rejects: list[JsonObject] = []
    unchanged = 0
    for row, one in enumerate(items):
        kind = kinds.get(one.kind)
        spot, wrong = _fault(actor, one, kind, properties)
        before = held.get(one.code)
        if wrong is None and one.code in things:
            wrong = ("code", "Twice in this list.", "code_twice")
        if wrong is None and before is not None and before.kind_id == one.kind:
            unchanged += 1
            continue
        if wrong is None and (before is not None or one.code in taken):
            wrong = ("code", "Another thing has this code.", "code_taken")
        if wrong is not None or kind is None:
            rejects.append(_reject(row, *(wrong or ("kind", "Unknown.", "unknown_kind"))))
            continue
        thing = _thing(one, kinds[one.kind].content, spot, now)
        things[one.code] = thing
        streams += _streams(thing, one, kind.content, properties)
    Thing.objects.bulk_create(things.values(), batch_size=5_000)
    ThingPlace.objects.bulk_create(
        (
            ThingPlace(thing_id=t.id, at=now, lon=t.lon, lat=t.lat, area_no=t.area_no)
            for t in things.values()
            if t.lon is not None and t.lat is not None
        ),
        batch_size=5_000,
    )
    Datastream.objects.bulk_create(streams, batch_size=5_000)
    ids = {code: str(thing.id) for code, thing in things.items()}
    ids |= {code: str(one.id) for code, one in held.items()}
    return {
        "created": len(things),
        "unchanged": unchanged,
        "count": len(things),
        "things": ids,
        "rejects": rejects,
    }


def _taken(codes: Sequence[str]) -> set[str]:
    """Codes that are in use, in or out of the actor's sight."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM sensing_taken(%s)", [list(codes)])
        return {row[0] for row in cursor.fetchall()}


def _reject(row: int, field_: str, reason: str, code: str) -> JsonObject:
    return {"row": row, "field": field_, "reason": reason, "code": code}


Fault = tuple[str, str, str]
Where = tuple[int, str]


def _fault(
    actor: Actor,
    one: NewThing,
    kind: ThingKind | None,
    properties: Mapping[str, ObservedProperty],
) -> tuple[Where, Fault | None]:
    nowhere = (0, "")
    if not CODE.fullmatch(one.code):
        said = "1 to 64 letters, digits, _ and - are a code."
        return nowhere, ("code", said, "bad_code")
    if kind is None:
        return nowhere, ("kind", "No pack declares this kind of thing.", "unknown_kind")
    for code, differs in one.streams.items():
        fault = _stream_fault(code, differs, kind.content, properties)
        if fault is not None:
            return nowhere, fault
    point = (one.lon, one.lat)
    if any(x is not None and not math.isfinite(x) for x in point) or (point[0] is None) != (
        point[1] is None
    ):
        return nowhere, ("lon", "A point has two finite numbers.", "bad_point")
    where = _where(one)
    if where is None:
        return nowhere, ("lon", "Outside every area of this node.", "outside")
    if not may_keep(actor, where[0], one.owner_id):
        return nowhere, ("code", "Not yours to register there.", "out_of_scope")
    return where, None


def _where(one: NewThing) -> Where | None:
    grid = ""
    area_no = one.area_no
    if one.lon is not None and one.lat is not None:
        city_no = one.city_no or (areas.city_of(area_no) if area_no else None)
        city_no = city_no or places.city_of(one.lon, one.lat)
        if city_no is not None:
            spot = places.locate(city_no, one.lon, one.lat)
            grid = spot.grid_code or ""
            area_no = area_no or spot.area_no
    return None if area_no is None else (area_no, grid)


def _stream_fault(
    code: str,
    differs: JsonObject,
    kind: JsonObject,
    properties: Mapping[str, ObservedProperty],
) -> Fault | None:
    own = {declared["property"] for declared in kind["streams"]}
    name = f"streams.{code}"
    if not CODE.fullmatch(code):
        return (name, "1 to 64 letters, digits, _ and - are a code.", "bad_code")
    if code not in own and differs.get("property") not in properties:
        return (name, "Names no declared property.", "unknown_property")
    if code not in own and not isinstance(differs.get("every"), int):
        return (name, "Says not how often it is read (every).", "every_missing")
    for key, value in differs.items():
        if key != "property" and key not in _STREAM:
            return (f"{name}.{key}", "No such setting of a stream.", "unknown_setting")
        if key != "property" and not (
            value is None or (isinstance(value, (int, float)) and math.isfinite(value))
        ):
            return (f"{name}.{key}", "Not a finite number.", "not_a_number")
    return None


def _thing(one: NewThing, kind: JsonObject, where: Where, now: datetime) -> Thing:
    area_no, grid = where
    return Thing(
        id=new_id(),
        code=one.code,
        kind_id=one.kind,
        name=one.name or one.code,
        state=one.state,
        owner_id=one.owner_id,
        unit_ids=[one.owner_id] if one.owner_id else [],
        city_no=areas.city_of(area_no),
        area_no=area_no,
        grid_code=grid,
        lon=one.lon,
        lat=one.lat,
        moved_at=now if one.lon is not None else None,
        component_id=one.component_id,
        address_id=one.address_id,
        properties=one.properties,
        private=one.private or bool(kind.get("private")),
        simulated=one.simulated,
        created_at=now,
        updated_at=now,
    )


def _streams(
    thing: Thing, one: NewThing, kind: JsonObject, properties: Mapping[str, ObservedProperty]
) -> list[Datastream]:
    declared = {stream["property"]: stream for stream in kind["streams"]}
    wanted: dict[str, dict[str, Any]] = {**declared}
    for code, differs in one.streams.items():
        wanted[code] = {**declared.get(code, {}), **differs}
    found = []
    for code, content in wanted.items():
        property_ = properties[content["property"]]
        settings = {column: content.get(key) for key, column in _STREAM.items()}
        settings["keep_days"] = settings["keep_days"] or 90
        settings["keep_hours_days"] = settings["keep_hours_days"] or 1_095
        found.append(
            Datastream(
                id=new_id(),
                thing=thing,
                code=code,
                property_id=property_.id,
                unit=property_.unit,
                result=property_.result,
                area_no=thing.area_no,
                unit_ids=thing.unit_ids,
                **settings,
            )
        )
    return found
