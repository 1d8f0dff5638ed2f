"""Reading the fields of a duty list, each with its own bounds and faults."""

import re
from collections.abc import Mapping
from datetime import date
from typing import cast

from chengyun.dispatch.decide.duties import (
    DAY_MINUTES,
    TARGET_LEVELS,
    Target,
    Window,
)
from chengyun.kernel.areas import Level
from chengyun.kernel.text import Json, Text, as_text

ITEMS_MAX = 500
LENGTH_MAX = 200
NOTE_MAX = 2_000
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


class Wrong(Exception):
    """The first fault of an entry: field, reason and code."""

    def __init__(self, field: str, reason: str, code: str) -> None:
        super().__init__(reason)
        self.field, self.reason, self.code = field, reason, code


def words_of(value: Json, field: str, *, longest: int = LENGTH_MAX) -> str:
    """A text without control characters."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong(field, "must be a text that is not empty", "not_text")
    words = value.replace("\n", " ") if longest == NOTE_MAX else value
    if len(value) > longest or not words.isprintable():
        raise Wrong(field, f"must be at most {longest} printable characters", "bad_text")
    return value.strip()


def word_list(value: Json, field: str) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list | tuple) or len(value) > ITEMS_MAX:
        raise Wrong(field, f"must be a list of at most {ITEMS_MAX} texts", "not_list")
    return tuple(words_of(item, f"{field}[{index}]") for index, item in enumerate(value))


def target_of(value: Json, field: str) -> Target:
    """A unit by code, or by role and level."""
    if not isinstance(value, Mapping):
        raise Wrong(field, "must be {role, level} or {org}", "bad_target")
    if set(value) == {"org"}:
        return Target(org=words_of(value["org"], f"{field}.org"))
    if set(value) != {"role", "level"}:
        raise Wrong(field, "must be {role, level} or {org} and nothing else", "bad_target")
    role = words_of(value["role"], f"{field}.role")
    if not _ROLE.fullmatch(role):
        raise Wrong(f"{field}.role", "must be a role id in lower case", "bad_role")
    if value["level"] not in TARGET_LEVELS:
        raise Wrong(f"{field}.level", f"must be one of {', '.join(TARGET_LEVELS)}", "bad_level")
    return Target(role=role, level=cast("Level", value["level"]))


def _clock(value: Json, field: str) -> int:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise Wrong(field, "must be a time of day such as 08:30", "bad_time")
    return int(value[:2]) * 60 + int(value[3:])


def _weekday(value: Json, field: str) -> int:
    if isinstance(value, str) and value.lower() in WEEKDAYS:
        return WEEKDAYS.index(value.lower()) + 1
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 7:
        return value
    raise Wrong(field, "must be 1 (Monday) to 7 (Sunday) or mon … sun", "bad_weekday")


def window_of(value: Json) -> Window:
    """When an entry holds."""
    if not isinstance(value, Mapping) or not value or set(value) - {"weekdays", "from", "to"}:
        raise Wrong("when", "must hold weekdays, from and to, or some of them", "bad_window")
    days = value.get("weekdays")
    if days is not None and (not isinstance(days, list | tuple) or not days):
        raise Wrong("when.weekdays", "must be a list of weekdays", "bad_weekday")
    weekdays = (
        frozenset(range(1, 8))
        if days is None
        else frozenset(_weekday(day, f"when.weekdays[{i}]") for i, day in enumerate(days))
    )
    start = 0 if value.get("from") is None else _clock(value["from"], "when.from")
    end = DAY_MINUTES if value.get("to") is None else _clock(value["to"], "when.to")
    if start in (end, DAY_MINUTES):
        raise Wrong("when", "from and to must leave some time between them", "empty_window")
    return Window(weekdays, start, end)


def _plain(value: Json) -> bool:
    # JSON has no infinity, and numbers past 2**53 do not survive every reader of it.
    if isinstance(value, str):
        return len(value) <= LENGTH_MAX and value.isprintable()
    return isinstance(value, int | float) and abs(value) <= 2**53


def where_of(value: Json) -> dict[str, tuple[Json, ...]]:
    """Attributes and their allowed values."""
    if not isinstance(value, Mapping) or len(value) > ITEMS_MAX:
        raise Wrong("where", "must map attributes to values", "bad_where")
    found: dict[str, tuple[Json, ...]] = {}
    for name, wanted in value.items():
        key = words_of(name, "where")
        allowed = tuple(wanted) if isinstance(wanted, list | tuple) else (wanted,)
        if not allowed or len(allowed) > ITEMS_MAX or not all(map(_plain, allowed)):
            raise Wrong(
                f"where.{key}", "must be a text, number or truth value, or a list", "bad_where"
            )
        found[key] = allowed
    return found


def note_of(value: Json) -> Text | None:
    """Words about an entry, in one or both languages."""
    if value is None or value == "":
        return None
    if isinstance(value, Mapping) and not set(value) - {"zh", "en"}:
        for name, words in value.items():
            words_of(words, f"note.{name}", longest=NOTE_MAX)
        return as_text(cast("Mapping[str, str]", value))
    return as_text(words_of(value, "note", longest=NOTE_MAX))


def date_of(value: Json) -> date | None:
    """A day, or None."""
    if value is None or (isinstance(value, date) and type(value) is date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise Wrong("effective_from", "must be a date such as 2026-01-31", "bad_date") from None
