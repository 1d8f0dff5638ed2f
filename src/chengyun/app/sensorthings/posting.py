"""Bodies of POST, PATCH and PUT as entities: types, what is mandatory, links by id or inline."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.grammar import instant
from chengyun.app.sensorthings.model import SETS, EntitySet
from chengyun.app.sensorthings.paths import Resource, id_of
from chengyun.kernel.problems import FieldError, TooLarge
from chengyun.sensing.verbs import Entity

LARGEST = 10_000_000
_DEEPEST = 6
_MOST_INSIDE = 10_000
_NUL = re.compile(rb"\\u0000")
_NEEDED = {
    "Things": ("name", "description"),
    "Locations": ("name", "description", "encodingType", "location"),
    "HistoricalLocations": ("time",),
    "Datastreams": ("name", "description", "observationType", "unitOfMeasurement"),
    "Sensors": ("name", "description", "encodingType", "metadata"),
    "ObservedProperties": ("name", "definition", "description"),
    "Observations": ("result",),
    "FeaturesOfInterest": ("name", "description", "encodingType", "feature"),
}
_LINKED = {
    "HistoricalLocations": ("Thing", "Locations"),
    "Datastreams": ("Thing", "Sensor", "ObservedProperty"),
    "Observations": ("Datastream",),
}
_BACK = {
    "Things": {"Datastreams": "Thing", "Locations": "Things", "HistoricalLocations": "Thing"},
    "Locations": {"Things": "Locations", "HistoricalLocations": "Locations"},
    "Datastreams": {"Observations": "Datastream"},
    "Sensors": {"Datastreams": "Sensor"},
    "ObservedProperties": {"Datastreams": "ObservedProperty"},
    "FeaturesOfInterest": {"Observations": "FeatureOfInterest"},
}
_OBJECTS = {"properties", "unitOfMeasurement", "observedArea", "location", "feature", "parameters"}
_GEO = ("application/geo+json", "application/vnd.geo+json")
_SPAN = re.compile(r"[^/]+/[^/]+")


def body_of(raw: bytes) -> Any:
    """JSON of a body. Raises BadRequest, TooLarge."""
    if len(raw) > LARGEST:
        raise TooLarge(f"A body has at most {LARGEST // 1_000_000} MB.")
    try:
        if _NUL.search(raw):
            raise BadRequest("A text holds no NUL.")
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"That is no JSON: {error}") from error


def wrong(field: str, reason: str, code: str = "invalid") -> BadRequest:
    """A refusal that names a field."""
    return BadRequest(f"{field}: {reason}", errors=[FieldError(field, reason, code)])


def entity_of(
    entity: EntitySet,
    body: Any,
    *,
    linked: Mapping[str, int | str] | None = None,
    at: str = "",
    depth: int = 0,
) -> Entity:
    """A posted entity with all inside it.

    Args:
        linked: links that follow from where it is posted.

    Raises BadRequest, naming the field.
    """
    if depth > _DEEPEST:
        raise BadRequest(f"Entities are nested at most {_DEEPEST} deep.")
    if not isinstance(body, dict):
        raise wrong(at or "body", "must be an object", "no_object")
    said = properties_of(entity, body, at)
    links: dict[str, tuple[Entity | int, ...]] = {}
    for name, link in entity.links.items():
        if name not in body:
            continue
        given = body[name] if link.many else [body[name]]
        if not isinstance(given, list) or len(given) > _MOST_INSIDE:
            raise wrong(at + name, f"must be a list of at most {_MOST_INSIDE:,}", "no_list")
        back = _BACK.get(entity.name, {}).get(name)
        links[name] = tuple(
            _inside(SETS[link.to], one, back, f"{at}{name}.", depth + 1) for one in given
        )
    for name, number in (linked or {}).items():
        if number and name in entity.links:
            links.setdefault(name, (int(number),))
    implied = {name for name, number in (linked or {}).items() if not number}
    for name in _NEEDED[entity.name]:
        if name not in said:
            raise wrong(at + name, "must be given", "required")
    for name in _LINKED.get(entity.name, ()):
        if not links.get(name) and name not in implied:
            raise wrong(at + name, "must be given: inline, or as {'@iot.id': …}", "required")
    return Entity(entity.name, said, links)


def _inside(target: EntitySet, one: Any, back: str | None, at: str, depth: int) -> Entity | int:
    number = _linked_id(target, one, at)
    if number is not None:
        return number
    return entity_of(target, one, linked={back: 0} if back else None, at=at, depth=depth)


def _linked_id(target: EntitySet, one: Any, at: str) -> int | None:
    if not isinstance(one, dict) or "@iot.id" not in one:
        return None
    found = id_of(target, one["@iot.id"])
    if not isinstance(found, int):
        raise wrong(f"{at}@iot.id", "is no id of this service", "bad_id")
    return found


def properties_of(entity: EntitySet, body: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    """The properties a body gives, by their types. Raises BadRequest, naming the field."""
    known = {**entity.properties, "phenomenonTime": "time", "resultTime": "time"}
    said = {}
    for name, value in body.items():
        if name in entity.links or name.startswith("@iot.") or "@iot." in name:
            continue
        if name not in known:
            raise wrong(at + name[:60], f"is no property of a {entity.one}", "unknown")
        if name in entity.properties:
            said[name] = _checked(entity, name, value, at + name)
    body_name = {"Locations": "location", "FeaturesOfInterest": "feature"}.get(entity.name)
    if body_name and said.get("encodingType", _GEO[0]) not in _GEO:
        raise wrong(f"{at}encodingType", "application/geo+json is taken here", "bad_encoding")
    return said


def _checked(entity: EntitySet, name: str, value: Any, field: str) -> Any:
    kind = entity.properties[name]
    if kind == "time":
        return _time(value, field, span=name == "phenomenonTime")
    if value is None and name in ("properties", "observedArea", "parameters", "validTime"):
        return None
    if value is None and name == "resultQuality":
        return None
    if kind == "text" and not (isinstance(value, str) and value and len(value) <= 10_000):
        raise wrong(field, "must be a text of 1 to 10,000 characters", "no_text")
    if name in _OBJECTS and not isinstance(value, dict):
        raise wrong(field, "must be an object", "no_object")
    if name == "unitOfMeasurement" and not {"name", "symbol", "definition"} <= value.keys():
        raise wrong(field, "has name, symbol and definition", "required")
    if name in ("result", "metadata") and value is None:
        raise wrong(field, "must be given", "required")
    return value


def _time(value: Any, field: str, *, span: bool) -> Any:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 80:
        raise wrong(field, "must be an ISO 8601 time", "bad_time")
    try:
        if span and _SPAN.fullmatch(value):
            begin, end = (instant(part) for part in value.split("/"))
            if end < begin:
                raise wrong(field, "ends before it begins", "bad_time")
            return (begin, end)
        return _instant(value)
    except (BadRequest, OverflowError) as error:
        raise wrong(field, "must be an ISO 8601 time", "bad_time") from error


def _instant(value: str) -> datetime:
    found = instant(value)
    # The store's calendar has room around every zone.
    if not 1900 <= found.year <= 9000:
        raise BadRequest("A time is between the years 1900 and 9000.")
    return found


def linked_from(resource: Resource, parent: Mapping[str, Any] | None) -> dict[str, int | str]:
    """The link that posting below another entity makes."""
    if parent is None or len(resource.steps) < 2:
        return {}
    above = resource.steps[-2].entity
    back = _BACK.get(above.name, {}).get(resource.last.name)
    return {back: parent["id"]} if back else {}


def changes_of(
    entity: EntitySet, body: Any, *, whole: bool
) -> tuple[dict[str, Any], dict[str, tuple[int, ...]]]:
    """What a PATCH changes; with `whole` (PUT) all properties, those not given as if never set.

    Raises BadRequest.
    """
    if not isinstance(body, dict):
        raise wrong("body", "must be an object", "no_object")
    said = properties_of(entity, body)
    if whole:
        for name in _NEEDED[entity.name]:
            if name not in said:
                raise wrong(name, "must be given", "required")
        rest = set(entity.properties) - set(_NEEDED[entity.name]) - {"phenomenonTime"}
        said = {**dict.fromkeys(sorted(rest)), **said}
    links = {}
    for name, link in entity.links.items():
        if name not in body:
            continue
        given = body[name] if link.many else [body[name]]
        if not isinstance(given, list):
            raise wrong(name, "must be a list", "no_list")
        ids = tuple(_linked_id(SETS[link.to], one, f"{name}.") for one in given)
        if None in ids:
            raise wrong(name, "a change links entities as {'@iot.id': …} only", "inline")
        links[name] = tuple(one for one in ids if one is not None)
    return said, links
