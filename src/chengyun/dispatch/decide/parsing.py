"""Reading a duty list from JSON-like content.

A content is {id, version, source, effective_from, verified, entries: [...]} as packs write it.
Every fault names the entry, the field, the reason and a code; what is not at fault is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chengyun.dispatch.decide.duties import (
    DutyList,
    Entry,
)
from chengyun.dispatch.decide.fields import (
    ITEMS_MAX,
    NOTE_MAX,
    Wrong,
    date_of,
    note_of,
    target_of,
    where_of,
    window_of,
    word_list,
    words_of,
)
from chengyun.kernel.text import Json, JsonObject

ENTRIES_MAX = 50_000
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


def _read_entry(value: Json) -> Entry:
    if not isinstance(value, Mapping):
        raise Wrong("", "must be an object", "not_object")
    unknown = sorted(str(name) for name in set(value) - _FIELDS)
    if unknown:
        raise Wrong(unknown[0], "is not a field of an entry", "unknown_field")
    kinds = word_list(value.get("kinds"), "kinds")
    if not kinds:
        raise Wrong("kinds", "must name at least one kind", "no_kind")
    co = value.get("co") or []
    if not isinstance(co, list | tuple) or len(co) > ITEMS_MAX:
        raise Wrong("co", "must be a list of co-handlers", "not_list")
    return Entry(
        id=words_of(value.get("id"), "id"),
        kinds=kinds,
        lead=target_of(value.get("lead"), "lead"),
        co=tuple(target_of(item, f"co[{index}]") for index, item in enumerate(co)),
        area=None if value.get("area") is None else words_of(value["area"], "area"),
        when=None if value.get("when") is None else window_of(value["when"]),
        where=where_of(value.get("where") or {}),
        sources=frozenset(word_list(value.get("sources") or [], "sources")),
        note=note_of(value.get("note")),
    )


def read_entries(values: Sequence[Json]) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Entries and the faults of those left out; an id may be used once."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, value in enumerate(values, start=1):
        try:
            entry = _read_entry(value)
            if entry.id in seen:
                raise Wrong("id", f"{entry.id!r} is used by an earlier entry", "duplicate_id")
        except Wrong as wrong:
            faults.append(Fault(place, wrong.field, wrong.reason, wrong.code))
            continue
        seen.add(entry.id)
        entries.append(entry)
    return tuple(entries), tuple(faults)


def read_list(content: Json) -> tuple[DutyList | None, tuple[Fault, ...]]:
    """A list and its faults; None when its head is unusable."""
    try:
        if not isinstance(content, Mapping):
            raise Wrong("", "must be an object", "not_object")
        values = content.get("entries")
        if not isinstance(values, list | tuple) or not values:
            raise Wrong("entries", "must be a list that is not empty", "no_entries")
        if len(values) > ENTRIES_MAX:
            raise Wrong("entries", f"must be at most {ENTRIES_MAX} entries", "too_many")
        verified = content.get("verified", False)
        if not isinstance(verified, bool):
            raise Wrong("verified", "must be true or false", "not_bool")
        list_id = words_of(content.get("id"), "id")
        version = words_of(content.get("version"), "version")
        source = content.get("source") or ""
        if source:
            source = words_of(source, "source", longest=NOTE_MAX)
        effective_from = date_of(content.get("effective_from"))
    except Wrong as wrong:
        return None, (Fault(0, wrong.field, wrong.reason, wrong.code),)
    entries, faults = read_entries(values)
    return DutyList(list_id, version, entries, source, effective_from, verified), faults
