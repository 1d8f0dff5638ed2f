"""Components: lists, boxes of the map, the nearest, one with its history, and what all may see."""

from collections.abc import Sequence
from datetime import date
from math import cos, hypot, radians
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from chengyun.kernel import areas, paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.components import STATES, UNITS
from chengyun.places.models import Address, Component, ComponentInspection, ComponentVersion
from chengyun.places.reads.atlas import area_path, areas_named
from chengyun.places.reads.component_kinds import component_kinds

MOST_FEATURES = 5_000
MOST_BESIDE = 200
MOST_NEAR = 20
_FIELDS = (
    *("id", "city_no", "area_no", "grid_code", "scheme", "kind_id", "code", "name", "state"),
    *("manager", "manager_code", "owner", "owner_code", "maintainer", "maintainer_code"),
    *("address_id", "lon", "lat", "datum", "accuracy_m", "position_source", "photos", "note"),
    *("source", "synthetic", "inspected_at", "valid_from", "valid_to", "version"),
)
Box = tuple[float, float, float, float]
# Degrees of latitude per metre; longitudes are nearer together, so a box of them is wide enough
# only when it is stretched (below).
_DEGREE_M = 111_320.0


def components(
    actor: Actor,
    *,
    city: int | None = None,
    area: int | None = None,
    bbox: Box | None = None,
    kind: str | None = None,
    scheme: str | None = None,
    state: str | None = None,
    unit: str = "",
    q: str = "",
    cursor: str | None = None,
    limit: int | None = None,
) -> tuple[list[JsonObject], str | None]:
    """Components in sight by class, and the next cursor.

    `unit` is the name or code of whoever manages, owns or maintains; `q` the beginning of a code or
    part of a name. Raises Invalid: an unknown state, a bad box, a cursor of another list.
    """
    found = _asked(actor, city, area, bbox, kind, scheme, state, unit, q)
    if cursor:
        kind_id, last = paging.decode(cursor, 2, (str, UUID))
        found = found.filter(Q(kind_id__gt=kind_id) | Q(kind_id=kind_id, id__gt=last))
    size = paging.clamp(limit)
    rows = list(found.order_by("kind_id", "id")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return _lines(rows), paging.encode([rows[-1].kind_id, str(rows[-1].id)]) if more else None


def component_features(
    actor: Actor,
    *,
    bbox: Box,
    kind: str | None = None,
    state: str | None = None,
    unit: str = "",
) -> JsonObject:
    """Components of a box (w, s, e, n degrees) as GeoJSON points, at most 5,000; `truncated` says
    that there are more. Raises Invalid."""
    found = _asked(actor, None, None, bbox, kind, None, state, unit, "")
    names = ("id", "kind_id", "code", "name", "state", "synthetic", "lon", "lat")
    rows = list(found.values(*names)[: MOST_FEATURES + 1])
    features = []
    for row in rows[:MOST_FEATURES]:
        point = {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]}
        features.append({"type": "Feature", "geometry": point, "properties": row})
    return {
        "type": "FeatureCollection",
        "features": features,
        "truncated": len(rows) > MOST_FEATURES,
    }


def component(actor: Actor, component_id: UUID) -> JsonObject:
    """One component with its areas, address, history and inspections. Raises NotFound."""
    row = find_component(actor, component_id)
    home = Address.objects.filter(pk=row.address_id).first() if row.address_id else None
    told = ("id", "finding", "note", "photos", "set_id", "actor_name", "at")
    seen = ComponentInspection.objects.filter(component_id=row.id).order_by("-at")
    kind = component_kinds(row.city_no).get(row.kind_id)
    return {
        **_lines([row])[0],
        "major": kind.major if kind else None,
        "areas": [
            {"no": one.no, "code": one.code, "name": one.name, "level": one.level}
            for one in area_path(row.area_no)
        ],
        # A link holds both ways: an address that is retired is shown as broken.
        "address": home.text if home else "",
        "address_in_force": bool(home and home.state != "retired"),
        "inspections": list(seen.values(*told)[:MOST_BESIDE]),
        "history": _history(row.id),
    }


def component_on(actor: Actor, component_id: UUID, day: date) -> JsonObject:
    """The component as it was on a day. Raises NotFound when it did not exist then."""
    row = find_component(actor, component_id)
    then = (
        ComponentVersion.objects.filter(component_id=row.id, valid_from__lte=day)
        .order_by("-valid_from", "-id")
        .first()
    )
    if then is None or then.content is None:
        raise NotFound("There was no such component on that day.")
    return {"id": row.id, "version": then.version, "content": then.content}


def public_component(component_id: UUID) -> JsonObject:
    """What everybody may see behind a code on the thing itself; nothing of people. NotFound."""
    row = Component.objects.filter(pk=component_id, valid_to=None).first()
    if not isinstance(row, Component):
        raise NotFound("There is no such component.")
    line = _lines([row])[0]
    names = ("id", "city_no", "code", "kind_id", "kind", "name", "state", "lon", "lat")
    return {name: line[name] for name in (*names, "area_names", "synthetic")}


def find_component(actor: Actor, component_id: UUID) -> Component:
    """The component in sight. Raises NotFound."""
    row = Component.objects.visible_to(actor).filter(pk=component_id).first()
    if not isinstance(row, Component):
        raise NotFound("There is no such component.")
    return row


def photo_of(actor: Actor, component_id: UUID, upload_id: UUID) -> bool:
    """Whether an upload is a photo of this component, seen by the register or an inspection.

    Raises NotFound.
    """
    row = find_component(actor, component_id)
    seen = ComponentInspection.objects.filter(component_id=row.id)
    said = str(upload_id)
    return said in row.photos or seen.filter(photos__contains=[said]).exists()


def components_near(
    city_no: int, lon: float, lat: float, kind_ids: Sequence[str], metres: float
) -> list[tuple[Component, float]]:
    """Components of some classes within metres of a point, nearest first, with how far."""
    wide = max(cos(radians(lat)), 0.01)
    up = metres / _DEGREE_M
    found = _in_box(
        Component.objects.filter(city_no=city_no, valid_to=None, kind_id__in=list(kind_ids)),
        (lon - up / wide, lat - up, lon + up / wide, lat + up),
    )
    near = []
    for row in found[: MOST_NEAR * 10]:
        away = hypot((row.lon - lon) * wide, row.lat - lat) * _DEGREE_M
        if away <= metres:
            near.append((row, away))
    near.sort(key=lambda one: one[1])
    return near[:MOST_NEAR]


def components_on_address(address_id: UUID) -> list[JsonObject]:
    """Components in force that hang on an address."""
    rows = Component.objects.filter(address_id=address_id, valid_to=None).order_by("kind_id", "id")
    return _lines(list(rows[:MOST_BESIDE]))


def _asked(
    actor: Actor,
    city: int | None,
    area: int | None,
    bbox: Box | None,
    kind: str | None,
    scheme: str | None,
    state: str | None,
    unit: str,
    q: str,
) -> QuerySet[Component]:
    if state is not None and state not in STATES:
        raise Invalid([FieldError("state", f"is none of {', '.join(STATES)}", "unknown_state")])
    found: QuerySet[Component] = Component.objects.visible_to(actor).filter(valid_to=None)
    if city is not None:
        found = found.filter(city_no=city)
    if area is not None:
        found = found.filter(area_no__range=areas.span(area))
    if bbox is not None:
        west, south, east, north = bbox
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            said = "must be west,south,east,north in degrees"
            raise Invalid([FieldError("bbox", said, "bad_bbox")])
        found = _in_box(found, bbox)
    same = {"kind_id": kind, "scheme": scheme, "state": state}
    found = found.filter(**{name: value for name, value in same.items() if value is not None})
    if unit.strip():
        wanted = Q()
        for one in UNITS:
            wanted |= Q(**{one: unit.strip()}) | Q(**{f"{one}_code": unit.strip()})
        found = found.filter(wanted)
    for word in q.split()[:5]:
        found = found.filter(Q(code__startswith=word) | Q(name__icontains=word))
    return found


def _in_box(found: QuerySet[Component], box: Box) -> QuerySet[Component]:
    west, south, east, north = box
    # A bare condition: compared with a truth value it would not use the index.
    inside = RawSQL(
        "point(lon, lat) <@ box(point(%s, %s), point(%s, %s))",
        (west, south, east, north),
        output_field=BooleanField(),
    )
    return found.filter(inside)


def _lines(rows: Sequence[Any]) -> list[JsonObject]:
    wanted: set[int] = set()
    for row in rows:
        wanted.update(areas.ancestors(areas.at_level(row.area_no, "community") or row.area_no))
    named = areas_named(wanted)
    kinds = {no: component_kinds(no) for no in {row.city_no for row in rows}}
    lines = []
    for row in rows:
        path = areas.ancestors(areas.at_level(row.area_no, "community") or row.area_no)
        kind = kinds[row.city_no].get(row.kind_id)
        lines.append(
            {
                **{name: getattr(row, name) for name in _FIELDS},
                "kind": kind.name if kind else None,
                "area_names": [named[no].name for no in path if no in named],
            }
        )
    return lines


def _history(component_id: UUID) -> list[JsonObject]:
    rows = ComponentVersion.objects.filter(component_id=component_id).order_by("-id")
    names = ("version", "content", "set_id", "actor_name", "reason", "valid_from", "recorded_at")
    return list(rows.values(*names)[:MOST_BESIDE])
