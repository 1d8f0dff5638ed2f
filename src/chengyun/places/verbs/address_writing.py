"""Writing addresses in bulk: located, coded, versioned. One way in for sets, moves and imports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.copy import insert_rows
from chengyun.kernel.ids import new_id
from chengyun.kernel.text import Json, JsonObject
from chengyun.places.decide.addressing import (
    PARTS,
    completed,
    kind_of,
    searched,
    written,
)
from chengyun.places.decide.coding import point_code
from chengyun.places.models import Address, City
from chengyun.places.models.cities import address_touches
from chengyun.places.reads.address_rules import address_rules
from chengyun.places.reads.atlas import CityMap, city_map
from chengyun.places.verbs.address_codes import area_style_codes
from chengyun.places.verbs.changes import as_json

_CHUNK = 2_000
_OWN = (*PARTS, "lon", "lat", "height", "datum", "accuracy_m", "position_source", "area_code")
_ADDRESS = {
    "id": "uuid",
    "city_no": "bigint",
    "area_no": "bigint",
    "grid_code": "text",
    "kind": "text",
    "text": "text",
    "search": "text",
    "names": "jsonb",
    "main_id": "uuid",
    "code": "text",
    "point_code": "text",
    # "cross" is a word of SQL.
    **dict.fromkeys((f'"{part}"' for part in PARTS), "text"),
    **dict.fromkeys(("lon", "lat", "height", "accuracy_m"), "float8"),
    **dict.fromkeys(("datum", "position_source", "area_code", "state", "source"), "text"),
    "synthetic": "boolean",
    "origin": "text",
    "origin_hash": "text",
    "valid_from": "date",
    "valid_to": "date",
    "version": "int",
    "proposed_by": "uuid",
    "updated_at": "timestamptz",
}
_KEPT = ("id", "city_no", "origin", "origin_hash", "proposed_by", "synthetic", "source")
_UPDATES = ", ".join(f"{name} = EXCLUDED.{name}" for name in _ADDRESS if name not in _KEPT)
_UPSERT = (
    f"ON CONFLICT (id) DO UPDATE SET {_UPDATES}, origin_hash ="
    " coalesce(nullif(EXCLUDED.origin_hash, ''), places_address.origin_hash)"
)
_VERSION = {
    "address_id": "uuid",
    "version": "int",
    "state": "text",
    "text": "text",
    "content": "jsonb",
    "set_id": "uuid",
    "actor_id": "uuid",
    "actor_name": "text",
    "reason": "text",
    "valid_from": "date",
    "recorded_at": "timestamptz",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An address to write: its id, its whole state (None: retire it), where it comes from."""

    id: UUID
    state: JsonObject | None
    origin: str = ""
    source: str = ""
    synthetic: bool = False
    proposed_by: UUID | None = None
    origin_hash: str = ""


def state_of(row: Address) -> JsonObject:
    """What changes are made to; the same shape as decide.addressing.completed gives."""
    return {
        **{name: getattr(row, name) for name in _OWN},
        "names": row.names,
        "main_id": str(row.main_id) if row.main_id else None,
        "state": row.state,
        "valid_from": row.valid_from.isoformat(),
    }


def write_addresses(
    city: City,
    entries: Sequence[Entry],
    now: datetime,
    *,
    actor: Actor = SYSTEM,
    set_id: UUID | None = None,
    reason: str = "",
) -> None:
    """Write addresses and their versions; callers hold the city's lock."""
    today = now.astimezone(ZoneInfo(city.time_zone)).date()
    held_map, rules = city_map(city.area_no), address_rules().codes
    for at in range(0, len(entries), _CHUNK):
        chunk = entries[at : at + _CHUNK]
        known = Address.objects.in_bulk([entry.id for entry in chunk])
        states = [_whole(entry, known.get(entry.id)) for entry in chunk]
        places = locate(held_map, states)
        codes = area_style_codes(
            rules,
            city.area_no,
            [(code, state) for (_, _, code), state in zip(places, states, strict=True)],
        )
        rows, versions = [], []
        for entry, state, place, code in zip(chunk, states, places, codes, strict=True):
            before = known.get(entry.id)
            version = before.version + 1 if before else 1
            since = _since(state, before, entry.state is None, today)
            ended = today if entry.state is None else None
            told = "retired" if entry.state is None else state["state"]
            point = point_code(rules, state["lon"], state["lat"], state["height"]) if rules else ""
            rows.append(
                (
                    *(entry.id, city.area_no, place[0], place[1], kind_of(state)),
                    *(written(state), searched(state), as_json(state["names"]), state["main_id"]),
                    *(code, point, *(state[part] for part in PARTS)),
                    *(state["lon"], state["lat"], state["height"], state["accuracy_m"]),
                    *(state["datum"], state["position_source"], state["area_code"], told),
                    *(entry.source, entry.synthetic, entry.origin or f"id:{entry.id}"),
                    entry.origin_hash,
                    *(since, ended, version, entry.proposed_by, now),
                )
            )
            content = None if entry.state is None else as_json({**state, "valid_from": str(since)})
            versions.append(
                (
                    *(entry.id, version, told, written(state), content, set_id),
                    *(actor.id, actor.name, reason, max(since, today) if before else since, now),
                )
            )
        insert_rows("places_address", _ADDRESS, rows, _UPSERT)
        insert_rows("places_addressversion", _VERSION, versions)
    City.objects.filter(pk=city.pk).update(address_revision=new_id())
    address_touches[city.area_no] += 1


def locate(held: CityMap, states: Sequence[Mapping[str, Json]]) -> list[tuple[int, str, str]]:
    """(area, grid code, area's code) of each address: by its point, else by the area it names.

    The code is that of the deepest region; a grid's area is its community.
    """
    pointed = [at for at, state in enumerate(states) if state["lon"] is not None]
    spots: dict[int, tuple[int, Any]] = {}
    if pointed:
        lons = np.array([states[at]["lon"] for at in pointed], dtype=np.float64)
        lats = np.array([states[at]["lat"] for at in pointed], dtype=np.float64)
        found = held.locate_many(lons, lats)
        pairs = zip(found.area_nos.tolist(), found.grid_codes.tolist(), strict=True)
        spots = dict(zip(pointed, pairs, strict=True))
    placed = []
    city_no = held.info.area.no
    for at, state in enumerate(states):
        number, grid = spots.get(at, (0, None))
        number = number or held.numbers.get(state["area_code"], city_no)
        region = areas.at_level(number, "community") or number
        info = held.areas.get(region)
        placed.append((number, grid or "", info.code if info else ""))
    return placed


def _whole(entry: Entry, before: Address | None) -> JsonObject:
    if entry.state is not None:
        return completed(entry.state)
    return completed(state_of(before)) if before else completed({})


def _since(state: JsonObject, before: Address | None, ending: bool, today: date) -> date:
    """The day from which the state holds: a newly given one, else today."""
    if ending and before:
        return before.valid_from
    said = state.get("valid_from")
    going_on = before is not None and before.state != "retired"
    if not said or (before and going_on and said == before.valid_from.isoformat()):
        return today
    return date.fromisoformat(said)
