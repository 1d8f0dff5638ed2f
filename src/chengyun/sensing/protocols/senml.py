"""SenML (RFC 8428): a pack of records with base fields, names resolved to datastreams."""

from collections.abc import Mapping, Sequence
from typing import Any

from chengyun.sensing.decide.points import (
    POINTS_MAX,
    TEXT_MAX,
    Malformed,
    Message,
    Point,
    instant,
    number,
)
from chengyun.sensing.protocols.reading_json import read

_FIELDS = frozenset({"bn", "bt", "bu", "bv", "bs", "bver", "n", "u", "v", "vs", "vb", "t", "s"})
_OWN = frozenset({"bn", "bt", "bu", "bv", "bver", "n", "vs", "vb"})
# A time below 2**28 counts from now (RFC 8428 §4.5.3).
_RELATIVE_BELOW = 2**28
_VERSION = 10


def looks_like(items: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a list is SenML: any record has a field that only SenML has."""
    return any(not _OWN.isdisjoint(item) for item in items)


def decode(message: Message, mapping: Mapping[str, Any]) -> Sequence[Point]:
    """The points of one pack.

    Raises:
        Malformed: no JSON list of records, or a record that the RFC does not allow.
    """
    del mapping
    items = read(message.payload)
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Malformed("bad_list", "a SenML pack is a list of records")
    if not 0 < len(items) <= POINTS_MAX:
        raise Malformed("too_many" if items else "empty", f"a pack has 1 to {POINTS_MAX} records")
    return records(message, "", items)


def records(message: Message, stream: str, items: Sequence[Mapping[str, Any]]) -> Sequence[Point]:
    """The points of a pack's records; each name is the base name and its own, the thing's code and
    a separator before it being left out."""
    base: dict[str, Any] = {}
    found = []
    for item in items:
        unknown = item.keys() - _FIELDS
        must = [name for name in unknown if name.endswith("_")]
        if must or any(not isinstance(name, str) for name in unknown):
            raise Malformed("unknown_field", f"“{must[0][:40]}” must be understood and is not")
        base.update({name: item[name] for name in ("bn", "bt", "bu", "bv") if name in item})
        if not isinstance(item.get("bver", _VERSION), int) or item.get("bver", _VERSION) > _VERSION:
            raise Malformed("bad_version", f"SenML newer than version {_VERSION}")
        if "bs" in item or "s" in item:
            raise Malformed("no_sums", "sums (bs, s) are not taken; send values")
        if any(name in item for name in ("v", "vs", "vb")):
            found.append(_point(message, stream, item, base))
    if not found:
        raise Malformed("empty", "there is no value in the pack")
    return found


def _point(
    message: Message, stream: str, item: Mapping[str, Any], base: Mapping[str, Any]
) -> Point:
    thing, named = _split(message.thing, f"{base.get('bn', '')}{item.get('n', '')}")
    value: float | str
    if "v" in item:
        value = number(item["v"], words=False)
        if base.get("bv") is not None:
            value = float(value) + float(number(base["bv"], words=False))
    elif "vb" in item:
        value = number(item["vb"], words=False)
    else:
        value = str(item["vs"])
        if not 0 < len(value) <= TEXT_MAX or "\0" in value:
            raise Malformed("bad_value", f"a word has 1 to {TEXT_MAX} characters")
    unit = item.get("u", base.get("bu", ""))
    if not isinstance(unit, str):
        raise Malformed("bad_unit", "the unit is no text")
    when = _time(base.get("bt", 0)) + _time(item.get("t", 0))
    near = abs(when) < _RELATIVE_BELOW
    at_us = message.at_us + int(when * 1_000_000) if near else instant(when)
    if stream and named and named != stream:
        raise Malformed("other_stream", "the record names another datastream than the topic")
    if not (stream or named):
        raise Malformed("no_stream", "the record has no name")
    return Point(thing, stream or named, at_us, value, unit)


def _time(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Malformed("bad_time", "a SenML time is a number of seconds")
    return float(number(value, words=False))


def _split(thing: str, name: str) -> tuple[str, str]:
    """Thing and datastream of a resolved name: `urn:…:SH-12:level`, `SH-12/level` or `level`."""
    whole = name.replace("/", ":").rstrip(":")
    owner, _, stream = whole.rpartition(":")
    if len(stream) > 64 or "\0" in stream:
        raise Malformed("no_stream", "the record's name is too long")
    owner = owner.rpartition(":")[2]
    if thing and owner and owner != thing:
        raise Malformed("other_thing", "the record is of another thing than the door knows")
    if not (thing or owner):
        raise Malformed("no_thing", "the record does not say of which thing it is")
    return thing or owner, stream
