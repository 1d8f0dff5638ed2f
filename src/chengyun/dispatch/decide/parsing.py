"""Reading a duty list from JSON-like content, and writing it back.

A content is {id, version, source, effective_from, verified, entries: [...]} as packs write it.
Every fault names the entry, the field, the reason and a code; what is not at fault is kept.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import orjson

from chengyun.dispatch.decide.duties import (
    DAY_MINUTES,
    TARGET_LEVELS,
    DutyList,
    Entry,
    Target,
    Window,
)
from chengyun.kernel.areas import Level
from chengyun.kernel.text import Json, JsonObject, Text, as_text

ENTRIES_MAX = 50_000
ITEMS_MAX = 500
LENGTH_MAX = 200
NOTE_MAX = 2_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
_FIELDS = frozenset({"id", "kinds", "area", "when", "where", "sources", "lead", "co", "note"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a list: `entry` is its 1-based place (0 = the head)."""

    entry: int
    field: str
    reason: str
    code: str

    def as_dict(self) -> JsonObject:
        return {"row": self.entry, "field": self.field, "reason": self.reason, "code": self.code}


class _Wrong(Exception):
    def __init__(self, field: str, reason: str, code: str) -> None:
        super().__init__(reason)
        self.field, self.reason, self.code = field, reason, code


def _string(value: Json, field: str, *, longest: int = LENGTH_MAX) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _Wrong(field, "must be a text that is not empty", "not_text")
    words = value.replace("\n", " ") if longest == NOTE_MAX else value
    if len(value) > longest or not words.isprintable():
        raise _Wrong(field, f"must be at most {longest} printable characters", "bad_text")
    return value.strip()


def _strings(value: Json, field: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or len(value) > ITEMS_MAX:
        raise _Wrong(field, f"must be a list of at most {ITEMS_MAX} texts", "not_list")
    return tuple(_string(item, f"{field}[{index}]") for index, item in enumerate(value))


def _target(value: Json, field: str) -> Target:
    if not isinstance(value, Mapping):
        raise _Wrong(field, "must be {role, level} or {org}", "bad_target")
    if set(value) == {"org"}:
        return Target(org=_string(value["org"], f"{field}.org"))
    if set(value) != {"role", "level"}:
        raise _Wrong(field, "must be {role, level} or {org} and nothing else", "bad_target")
    role = _string(value["role"], f"{field}.role")
    if not _ROLE.fullmatch(role):
        raise _Wrong(f"{field}.role", "must be a role id in lower case", "bad_role")
    if value["level"] not in TARGET_LEVELS:
        raise _Wrong(f"{field}.level", f"must be one of {', '.join(TARGET_LEVELS)}", "bad_level")
    return Target(role=role, level=cast("Level", value["level"]))


def _clock(value: Json, field: str) -> int:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise _Wrong(field, "must be a time of day such as 08:30", "bad_time")
    return int(value[:2]) * 60 + int(value[3:])


def _weekday(value: Json, field: str) -> int:
    if isinstance(value, str) and value.lower() in WEEKDAYS:
        return WEEKDAYS.index(value.lower()) + 1
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 7:
        return value
    raise _Wrong(field, "must be 1 (Monday) to 7 (Sunday) or mon … sun", "bad_weekday")


def _window(value: Json) -> Window:
    if not isinstance(value, Mapping) or not value or set(value) - {"weekdays", "from", "to"}:
        raise _Wrong("when", "must hold weekdays, from and to, or some of them", "bad_window")
    days = value.get("weekdays")
    if days is not None and (not isinstance(days, list | tuple) or not days):
        raise _Wrong("when.weekdays", "must be a list of weekdays", "bad_weekday")
    weekdays = (
        frozenset(range(1, 8))
        if days is None
        else frozenset(_weekday(day, f"when.weekdays[{i}]") for i, day in enumerate(days))
    )
    start = 0 if value.get("from") is None else _clock(value["from"], "when.from")
    end = DAY_MINUTES if value.get("to") is None else _clock(value["to"], "when.to")
    if start in (end, DAY_MINUTES):
        raise _Wrong("when", "from and to must leave some time between them", "empty_window")
    return Window(weekdays, start, end)


def _plain(value: Json) -> bool:
    # JSON has no infinity, and numbers past 2**53 do not survive every reader of it.
    if isinstance(value, str):
        return len(value) <= LENGTH_MAX and value.isprintable()
    return isinstance(value, int | float) and abs(value) <= 2**53


def _where(value: Json) -> dict[str, tuple[Json, ...]]:
    if not isinstance(value, Mapping) or len(value) > ITEMS_MAX:
        raise _Wrong("where", "must map attributes to values", "bad_where")
    found: dict[str, tuple[Json, ...]] = {}
    for name, wanted in value.items():
        key = _string(name, "where")
        allowed = tuple(wanted) if isinstance(wanted, list | tuple) else (wanted,)
        if not allowed or len(allowed) > ITEMS_MAX or not all(map(_plain, allowed)):
            raise _Wrong(
                f"where.{key}", "must be a text, number or truth value, or a list", "bad_where"
            )
        found[key] = allowed
    return found


def _note(value: Json) -> Text | None:
    if value is None or value == "":
        return None
    if isinstance(value, Mapping) and not set(value) - {"zh", "en"}:
        for name, words in value.items():
            _string(words, f"note.{name}", longest=NOTE_MAX)
        return as_text(cast("Mapping[str, str]", value))
    return as_text(_string(value, "note", longest=NOTE_MAX))


def _read_entry(value: Json) -> Entry:
    if not isinstance(value, Mapping):
        raise _Wrong("", "must be an object", "not_object")
    unknown = sorted(str(name) for name in set(value) - _FIELDS)
    if unknown:
        raise _Wrong(unknown[0], "is not a field of an entry", "unknown_field")
    kinds = _strings(value.get("kinds"), "kinds")
    if not kinds:
        raise _Wrong("kinds", "must name at least one kind", "no_kind")
    co = value.get("co") or []
    if not isinstance(co, list | tuple) or len(co) > ITEMS_MAX:
        raise _Wrong("co", "must be a list of co-handlers", "not_list")
    return Entry(
        id=_string(value.get("id"), "id"),
        kinds=kinds,
        lead=_target(value.get("lead"), "lead"),
        co=tuple(_target(item, f"co[{index}]") for index, item in enumerate(co)),
        area=None if value.get("area") is None else _string(value["area"], "area"),
        when=None if value.get("when") is None else _window(value["when"]),
        where=_where(value.get("where") or {}),
        sources=frozenset(_strings(value.get("sources") or [], "sources")),
        note=_note(value.get("note")),
    )


def _date(value: Json) -> date | None:
    if value is None or (isinstance(value, date) and type(value) is date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _Wrong("effective_from", "must be a date such as 2026-01-31", "bad_date") from None


def read_entries(values: Sequence[Json]) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Entries and the faults of those left out; an id may be used once."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, value in enumerate(values, start=1):
        try:
            entry = _read_entry(value)
            if entry.id in seen:
                raise _Wrong("id", f"{entry.id!r} is used by an earlier entry", "duplicate_id")
        except _Wrong as wrong:
            faults.append(Fault(place, wrong.field, wrong.reason, wrong.code))
            continue
        seen.add(entry.id)
        entries.append(entry)
    return tuple(entries), tuple(faults)


def read_list(content: Json) -> tuple[DutyList | None, tuple[Fault, ...]]:
    """A list and its faults; None when its head is unusable."""
    try:
        if not isinstance(content, Mapping):
            raise _Wrong("", "must be an object", "not_object")
        values = content.get("entries")
        if not isinstance(values, list | tuple) or not values:
            raise _Wrong("entries", "must be a list that is not empty", "no_entries")
        if len(values) > ENTRIES_MAX:
            raise _Wrong("entries", f"must be at most {ENTRIES_MAX} entries", "too_many")
        verified = content.get("verified", False)
        if not isinstance(verified, bool):
            raise _Wrong("verified", "must be true or false", "not_bool")
        list_id = _string(content.get("id"), "id")
        version = _string(content.get("version"), "version")
        source = content.get("source") or ""
        if source:
            source = _string(source, "source", longest=NOTE_MAX)
        effective_from = _date(content.get("effective_from"))
    except _Wrong as wrong:
        return None, (Fault(0, wrong.field, wrong.reason, wrong.code),)
    entries, faults = read_entries(values)
    return DutyList(list_id, version, entries, source, effective_from, verified), faults


def _write_target(target: Target) -> JsonObject:
    if target.org is not None:
        return {"org": target.org}
    return {"role": target.role, "level": target.level}


def clock_text(minutes: int) -> str:
    """Minutes of the day as HH:MM."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _write_window(window: Window) -> JsonObject:
    found: JsonObject = {}
    if len(window.weekdays) < 7:
        found["weekdays"] = sorted(window.weekdays)
    if (window.start, window.end) != (0, DAY_MINUTES) or not found:
        found["from"], found["to"] = clock_text(window.start), clock_text(window.end)
    return found


def write_entry(entry: Entry) -> JsonObject:
    """The content of an entry; `read_entries` gives the same entry back."""
    return {
        "id": entry.id,
        "kinds": list(entry.kinds),
        "area": entry.area,
        "when": None if entry.when is None else _write_window(entry.when),
        "where": {name: list(values) for name, values in entry.where.items()},
        "sources": sorted(entry.sources),
        "lead": _write_target(entry.lead),
        "co": [_write_target(target) for target in entry.co],
        "note": None if entry.note is None else dict(entry.note),
    }


def write_list(duty_list: DutyList) -> JsonObject:
    """The content of a list; `read_list` gives the same list back."""
    since = duty_list.effective_from
    return {
        "id": duty_list.id,
        "version": duty_list.version,
        "source": duty_list.source,
        "effective_from": None if since is None else since.isoformat(),
        "verified": duty_list.verified,
        "entries": [write_entry(entry) for entry in duty_list.entries],
    }


def content_hash(duty_list: DutyList) -> str:
    """SHA-256 of the canonical content, in hex."""
    canonical = orjson.dumps(write_list(duty_list), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(canonical).hexdigest()
