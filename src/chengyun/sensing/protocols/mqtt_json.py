"""`things/<code>/<datastream>` and `things/<code>/batch` with JSON, as most devices can send it.

things/SH-12/level   12.5
things/SH-12/level   {"value": 12.5, "time": "2026-11-23T06:00:00Z", "unit": "cm"}
things/SH-12/batch   {"level": 12.5, "battery": 3.6, "time": 1795413600}
things/SH-12/batch   [{"stream": "level", "value": 12.5, "time": …}, …]     or SenML
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chengyun.sensing.decide.points import POINTS_MAX, Malformed, Message, Point, instant, number
from chengyun.sensing.protocols import senml
from chengyun.sensing.protocols.reading_json import read

BATCH = "batch"
_TIMES = ("time", "t", "ts", "timestamp")
_VALUES = ("value", "v")
_UNITS = ("unit", "u")
_STREAMS = ("stream", "s")
_KNOWN = frozenset({*_TIMES, *_VALUES, *_UNITS, *_STREAMS})
_NONE = object()


def decode(message: Message, mapping: Mapping[str, Any]) -> Sequence[Point]:
    """The points of one message.

    Raises:
        Malformed: it is none of the forms above.
    """
    del mapping
    stream = "" if message.stream == BATCH else message.stream
    value = read(message.payload)
    if isinstance(value, list):
        return _list(message, stream, value)
    if isinstance(value, dict):
        if _first(value, _VALUES) is not _NONE:
            return [_one(message, stream, value)]
        if not stream:
            return _object(message, value)
        raise Malformed("no_value", "there is no “value”")
    return [Point(message.thing, _named(stream), message.at_us, number(value))]


def _list(message: Message, stream: str, items: list[Any]) -> Sequence[Point]:
    if not items:
        raise Malformed("empty", "the list is empty")
    if len(items) > POINTS_MAX:
        raise Malformed("too_many", f"more than {POINTS_MAX} values in one message")
    if not all(isinstance(item, dict) for item in items):
        raise Malformed("bad_list", "a list holds objects only")
    if senml.looks_like(items):
        return senml.records(message, stream, items)
    return [_one(message, stream, item) for item in items]


def _one(message: Message, stream: str, item: dict[str, Any]) -> Point:
    unknown = item.keys() - _KNOWN
    if unknown:
        # A new field may change what the value means; a person should look.
        raise Malformed("unknown_field", f"“{min(unknown)[:40]}” is not known here")
    value, when = _first(item, _VALUES), _first(item, _TIMES)
    if value is _NONE:
        raise Malformed("no_value", "there is no “value”")
    named = _first(item, _STREAMS)
    if stream and named is not _NONE and named != stream:
        raise Malformed("other_stream", "the payload names another datastream than the topic")
    unit = _first(item, _UNITS)
    if unit is not _NONE and not isinstance(unit, str):
        raise Malformed("bad_unit", "the unit is no text")
    return Point(
        message.thing,
        _named(stream or named),
        message.at_us if when is _NONE else instant(when),
        number(value),
        unit if isinstance(unit, str) else "",
    )


def _object(message: Message, item: dict[str, Any]) -> Sequence[Point]:
    when = _first(item, _TIMES)
    at_us = message.at_us if when is _NONE else instant(when)
    found = [
        Point(message.thing, _named(name), at_us, number(value))
        for name, value in item.items()
        if name not in _TIMES
    ]
    if not found:
        raise Malformed("empty", "there is no value in it")
    if len(found) > POINTS_MAX:
        raise Malformed("too_many", f"more than {POINTS_MAX} values in one message")
    return found


def _named(stream: object) -> str:
    if not isinstance(stream, str) or not 0 < len(stream) <= 64 or "\0" in stream:
        raise Malformed("no_stream", "it is not said of which datastream the value is")
    return stream


def _first(item: Mapping[str, Any], names: Sequence[str]) -> Any:
    for name in names:
        if name in item:
            return item[name]
    return _NONE
