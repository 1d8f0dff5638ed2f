"""Services, requests and updates as everybody may see them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import cos, radians
from typing import Any
from uuid import UUID

from django.db.models import F

from chengyun.app.open311.answers import Fault, instant
from chengyun.app.open311.asking import MOST, Wanted, service_code
from chengyun.cases.decide.fold import evolve
from chengyun.cases.decide.kinds import CaseKind
from chengyun.cases.decide.state import OPEN, STATE_NAMES, CaseState
from chengyun.cases.decide.telling import told
from chengyun.cases.events import CaseImported
from chengyun.cases.models import Case
from chengyun.cases.reads import histories, kinds, shown_at
from chengyun.cases.reads.names import area_views, unit_views
from chengyun.cases.reads.similar import CELL_DEGREES, METRES_PER_DEGREE, metres_between
from chengyun.kernel.text import JsonObject, Text, text
from chengyun.places import reads as places

_FIELDS = (
    *("id", "no", "kind_id", "kind_version_id", "state", "open", "area_no", "lead_unit"),
    *("reported_at", "updated_at", "due_at", "lon", "lat", "location", "simulated"),
)
_TAKEN_OVER = text("由其他系统转入。", "Taken over from another system.")
_TYPES = {"string": "string", "number": "number", "integer": "number", "boolean": "singlevaluelist"}


def word(text: Text, city: places.CityInfo) -> str:
    """A name in the language of the city."""
    return text["zh"] if city.language.startswith("zh") else text["en"]


def services(city: places.CityInfo) -> list[JsonObject]:
    """The public kinds of a city."""
    return [
        _service(entry.kind, city)
        for entry in sorted(kinds().for_city(city.area.no), key=lambda one: one.kind.id)
        if entry.kind.public
    ]


def _service(kind: CaseKind, city: places.CityInfo) -> JsonObject:
    conditions = "; ".join(word(one.text, city) for one in kind.conditions)
    return {
        "service_code": service_code(kind.id),
        "service_name": word(kind.name, city),
        "description": conditions or word(kind.name, city),
        "metadata": bool(kind.form and kind.form.get("properties")),
        "type": "realtime",
        "keywords": ", ".join(dict.fromkeys((kind.name["zh"], kind.name["en"]))),
        "group": word(kind.major, city),
    }


def definition(kind: CaseKind, city: places.CityInfo) -> JsonObject:
    """A service's attributes, out of the kind's JSON Schema."""
    form = kind.form or {}
    needed = form.get("required", ())
    return {
        "service_code": service_code(kind.id),
        "attributes": [
            _attribute(code, schema, code in needed, order, city)
            for order, (code, schema) in enumerate(form.get("properties", {}).items(), start=1)
        ],
    }


def _attribute(
    code: str, schema: JsonObject, required: bool, order: int, city: places.CityInfo
) -> JsonObject:
    title = schema.get("x-title")
    many = schema.get("type") == "array"
    inner = schema.get("items", {}) if many else schema
    choices = inner.get("enum")
    if inner.get("type") == "boolean":
        choices = [True, False]
    if many:
        kind = "multivaluelist"
    elif choices is not None:
        kind = "singlevaluelist"
    elif schema.get("format") in ("date", "date-time"):
        kind = "datetime"
    elif schema.get("maxLength", 0) > 200:
        kind = "text"
    else:
        kind = _TYPES.get(str(schema.get("type")), "string")
    names = inner.get("x-names", {})
    found: JsonObject = {
        "variable": True,
        "code": code,
        "datatype": kind,
        "required": required,
        "datatype_description": str(schema.get("description", "")),
        "order": order,
        "description": word(title, city) if title else str(schema.get("title", code)),
    }
    if choices is not None:
        found["values"] = [{"key": _key(one), "name": _choice(one, names, city)} for one in choices]
    return found


def _key(choice: Any) -> str:
    return str(choice).lower() if isinstance(choice, bool) else str(choice)


def _choice(choice: Any, names: dict[str, Text], city: places.CityInfo) -> str:
    named = names.get(str(choice))
    return word(named, city) if named else _key(choice)


def requests(asked: Wanted, city: places.CityInfo) -> list[JsonObject]:
    """A page of a city's public cases, the latest first."""
    found = Case.objects.public().filter(city_no=city.area.no)
    if asked.ids:
        found = found.filter(no__in=asked.ids)
    else:
        found = found.filter(reported_at__range=(asked.start, asked.end))
        if asked.kinds:
            found = found.filter(kind_id__in=asked.kinds)
        if asked.open is not None:
            found = found.filter(open=asked.open)
    if asked.around is not None:
        lon, lat, metres = asked.around
        # A cell wider: who comes is decided by where a case is shown, not by where it is.
        high = metres / METRES_PER_DEGREE + CELL_DEGREES
        wide = high / max(cos(radians(lat)), 0.01)
        found = found.filter(
            lon__range=(lon - wide, lon + wide), lat__range=(lat - high, lat + high)
        )
    rows: Iterable[dict[str, Any]] = found.order_by("-reported_at", "-id").values(*_FIELDS)
    if asked.around is not None:
        lon, lat, metres = asked.around
        rows = [row for row in rows if metres_between(lon, lat, *_place(row)) <= metres]
    first = (asked.page - 1) * asked.size
    return records(list(rows[first : first + asked.size]), city)  # type: ignore[index]


def request(number: str, city: places.CityInfo | None) -> tuple[JsonObject, places.CityInfo]:
    """One public case by its number, of the city if one is named.

    Raises:
        Fault: 404, there is none.
    """
    found = Case.objects.public().filter(no=number)
    if city is not None:
        found = found.filter(city_no=city.area.no)
    row = found.annotate(city=F("city_no")).values(*_FIELDS, "city").first()
    if row is None:
        raise Fault(404, "service_request_id provided was not found.")
    home = city or places.city(row["city"])
    return records([row], home)[0], home


def records(rows: Sequence[dict[str, Any]], city: places.CityInfo) -> list[JsonObject]:
    """Cases as service requests."""
    areas = area_views({row["area_no"] for row in rows})
    units = unit_views({row["lead_unit"] for row in rows if row["lead_unit"]})
    known = kinds()
    found = []
    for row in rows:
        brief = known.brief(row["kind_id"])
        name = word(brief["name"], city) if brief else ""
        unit, area = units.get(row["lead_unit"]), areas.get(row["area_no"])
        shown = row["location"] in ("exact", "default") and row["lon"] is not None
        found.append(
            {
                "service_request_id": row["no"],
                "status": "open" if row["open"] else "closed",
                "status_notes": word(STATE_NAMES[row["state"]], city),
                "service_name": name,
                "service_code": service_code(row["kind_id"] or ""),
                "description": name,
                "agency_responsible": word(unit["name"], city) if unit else None,
                "service_notice": _simulated(city) if row["simulated"] else None,
                "requested_datetime": instant(row["reported_at"]),
                "updated_datetime": instant(row["updated_at"]),
                "expected_datetime": instant(row["due_at"]),
                "address": word(area["name"], city) if area else None,
                "address_id": area["code"] if area else None,
                "zipcode": None,
                "lat": _place(row)[1] if shown else None,
                "long": _place(row)[0] if shown else None,
                "media_url": None,
            }
        )
    return found


def _place(row: dict[str, Any]) -> tuple[float, float]:
    """Where everybody sees a case: as on the map, somewhere in its neighbourhood."""
    return shown_at(row["id"], row["lon"], row["lat"])


def _simulated(city: places.CityInfo) -> str:
    return "模拟数据" if city.language.startswith("zh") else "Simulated"


def updates(
    cases: Sequence[tuple[UUID, str]], city: places.CityInfo, start: datetime, end: datetime
) -> list[JsonObject]:
    """What was told of cases (id and number) between two instants, oldest first."""
    numbers = dict(cases)
    found: list[tuple[datetime, JsonObject]] = []
    for case_id, history in histories(list(numbers)).items():
        state: CaseState | None = None
        for event, _ in history:
            state = evolve(state, event)
            said = _TAKEN_OVER if isinstance(event, CaseImported) else told(event)
            if said is None or not start <= event.at <= end:
                continue
            found.append(
                (
                    event.at,
                    {
                        "update_id": f"{numbers[case_id]}-{event.version}",
                        "service_request_id": numbers[case_id],
                        "status": "open" if state.state in OPEN else "closed",
                        "status_notes": word(STATE_NAMES[state.state], city),
                        "updated_datetime": instant(event.at),
                        "description": word(said, city),
                        "media_url": None,
                    },
                )
            )
    return [one for _, one in sorted(found, key=lambda pair: pair[0])][:MOST]
