"""Writing a duty list as content, and its hash."""

import hashlib

import orjson

from chengyun.dispatch.decide.duties import (
    DAY_MINUTES,
    DutyList,
    Entry,
    Target,
    Window,
)
from chengyun.kernel.text import JsonObject


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
