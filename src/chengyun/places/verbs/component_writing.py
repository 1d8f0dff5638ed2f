"""Writing components in bulk: located, coded, versioned. One way in for sets and imports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.copy import insert_rows
from chengyun.kernel.problems import Conflict
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.component_codes import (
    DIGITS,
    ComponentCode,
    class_prefix,
    most_of_class,
    read_code,
    write_code,
)
from chengyun.places.decide.components import TEXTS, KindInfo, completed
from chengyun.places.models import City, Component
from chengyun.places.reads.atlas import CityMap, city_map
from chengyun.places.reads.component_kinds import component_kinds
from chengyun.places.verbs.changes import as_json

_CHUNK = 2_000
_COUNTY = 6
_STATE = (*TEXTS, "lon", "lat", "accuracy_m", "state", "photos", "address_id")
_COMPONENT = {
    "id": "uuid",
    "city_no": "bigint",
    "area_no": "bigint",
    "grid_code": "text",
    "scheme": "text",
    **dict.fromkeys(TEXTS, "text"),
    **dict.fromkeys(("lon", "lat", "accuracy_m"), "float8"),
    "state": "text",
    "photos": "jsonb",
    "address_id": "uuid",
    "source": "text",
    "synthetic": "boolean",
    "origin": "text",
    "origin_hash": "text",
    "valid_from": "date",
    "valid_to": "date",
    "version": "int",
    "updated_at": "timestamptz",
}
_KEPT = ("id", "city_no", "origin", "origin_hash", "synthetic", "source")
_UPDATES = ", ".join(f"{name} = EXCLUDED.{name}" for name in _COMPONENT if name not in _KEPT)
_UPSERT = (
    f"ON CONFLICT (id) DO UPDATE SET {_UPDATES}, origin_hash ="
    " coalesce(nullif(EXCLUDED.origin_hash, ''), places_component.origin_hash)"
)
_VERSION = {
    "component_id": "uuid",
    "version": "int",
    "content": "jsonb",
    "set_id": "uuid",
    "actor_id": "uuid",
    "actor_name": "text",
    "reason": "text",
    "valid_from": "date",
    "recorded_at": "timestamptz",
}


@dataclass(frozen=True, slots=True)
class Writing:
    """A component to write: its id, its whole state (None: retire it), where it comes from."""

    id: UUID
    state: JsonObject | None
    origin: str = ""
    source: str = ""
    synthetic: bool = False
    origin_hash: str = ""


def component_state(row: Component) -> JsonObject:
    """What changes are made to; the same shape as decide.components.completed gives."""
    return {
        **{name: getattr(row, name) for name in _STATE},
        "address_id": str(row.address_id) if row.address_id else None,
        "valid_from": row.valid_from.isoformat(),
    }


def write_components(
    city: City,
    entries: Sequence[Writing],
    now: datetime,
    *,
    actor: Actor = SYSTEM,
    set_id: UUID | None = None,
    reason: str = "",
) -> None:
    """Write components and their versions; callers hold the city's lock.

    A component without a code gets the next of its class and county; a code is never given again.
    """
    today = now.astimezone(ZoneInfo(city.time_zone)).date()
    held_map, kinds = city_map(city.area_no), component_kinds(city.area_no)
    for at in range(0, len(entries), _CHUNK):
        chunk = entries[at : at + _CHUNK]
        known = Component.objects.in_bulk([entry.id for entry in chunk])
        states = [_whole(entry, known.get(entry.id)) for entry in chunk]
        places = locate_components(held_map, states)
        counties = [held_map.areas[no].code[:_COUNTY] if no else "" for no in _districts(places)]
        _give_codes(city.area_no, states, counties, kinds)
        rows, versions = [], []
        for entry, state, place in zip(chunk, states, places, strict=True):
            before = known.get(entry.id)
            version = before.version + 1 if before else 1
            since = _since(state, before, today, ending=entry.state is None)
            ended = today if entry.state is None else None
            kind = kinds.get(state["kind_id"])
            rows.append(
                (
                    *(entry.id, city.area_no, *place),
                    *(kind.scheme if kind else state["kind_id"].partition("/")[0],),
                    *(state[name] for name in TEXTS),
                    *(state["lon"], state["lat"], state["accuracy_m"], state["state"]),
                    *(as_json(state["photos"]), state["address_id"]),
                    *(entry.source, entry.synthetic, entry.origin or f"id:{entry.id}"),
                    *(entry.origin_hash, since, ended, version, now),
                )
            )
            content = None if entry.state is None else as_json({**state, "valid_from": str(since)})
            day = max(since, today) if before else since
            told = (set_id, actor.id, actor.name, reason, day, now)
            versions.append((entry.id, version, content, *told))
        insert_rows("places_component", _COMPONENT, rows, _UPSERT)
        insert_rows("places_componentversion", _VERSION, versions)


def locate_components(
    held: CityMap, states: Sequence[Mapping[str, object]]
) -> list[tuple[int, str]]:
    """(area, grid code) of each point; the city itself where no area holds it."""
    lons = np.array([state["lon"] for state in states], dtype=np.float64)
    lats = np.array([state["lat"] for state in states], dtype=np.float64)
    found = held.locate_many(lons, lats)
    city_no = held.info.area.no
    return [
        (no or city_no, grid or "")
        for no, grid in zip(found.area_nos.tolist(), found.grid_codes.tolist(), strict=True)
    ]


def _districts(places: Sequence[tuple[int, str]]) -> list[int]:
    return [areas.at_level(area_no, "district") or 0 for area_no, _ in places]


def _give_codes(
    city_no: int,
    states: Sequence[JsonObject],
    counties: Sequence[str],
    kinds: Mapping[str, KindInfo],
) -> None:
    """Fill in missing codes where the scheme has a layout and the place a six-digit county."""
    last: dict[tuple[str, str], int] = {}
    for state in states:
        # Codes of the same batch count as given.
        kind = kinds.get(state["kind_id"])
        if kind and kind.layout and state["code"]:
            code = read_code(kind.layout, state["code"])
            prefix = class_prefix(kind.layout, code.county, code.major, code.minor)
            key = (kind.scheme, prefix)
            last[key] = max(last.get(key, 0), code.ordinal)
    held: dict[tuple[str, str], int] = {}
    for state, county in zip(states, counties, strict=True):
        kind = kinds.get(state["kind_id"])
        if state["code"] or not kind or not kind.layout or not county.isdigit():
            continue
        major, minor = kind.numbers
        prefix = class_prefix(kind.layout, county, major, minor)
        key = (kind.scheme, prefix)
        if key not in held:
            held[key] = max(_last(city_no, kind, prefix), last.get(key, 0))
        held[key] += 1
        if held[key] > most_of_class(kind.layout):
            raise Conflict(f"No code is left below {prefix}.", code="codes_used_up")
        numbered = ComponentCode(county, major, minor, held[key])
        state["code"] = write_code(kind.layout, numbered)


def _last(city_no: int, kind: KindInfo, prefix: str) -> int:
    rows = Component.objects.filter(city_no=city_no, scheme=kind.scheme).exclude(code="")
    rows = rows.filter(code__gt=prefix, code__lte=prefix + "9" * (DIGITS - len(prefix)))
    newest = rows.order_by("-code").values_list("code", flat=True).first()
    return read_code(kind.layout, newest).ordinal if newest else 0


def _whole(entry: Writing, before: Component | None) -> JsonObject:
    old = component_state(before) if before else {}
    if entry.state is None:
        return completed(old)
    state = completed(entry.state)
    if before and not state["code"] and state["kind_id"] == before.kind_id:
        state["code"] = before.code
    return state


def _since(state: JsonObject, before: Component | None, today: date, *, ending: bool) -> date:
    """The day from which the state holds: a newly given one, else today."""
    if ending and before:
        return before.valid_from
    said = state.get("valid_from")
    going_on = before is not None and before.valid_to is None
    if not said or (before and going_on and said == before.valid_from.isoformat()):
        return today if before is None or not going_on else before.valid_from
    return date.fromisoformat(said)
