"""Another house's JSON, read by a mapping that is data."""

from collections.abc import Mapping as Given
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import orjson

from chengyun.sensing.decide.mapping import Mapping, Stream, every, local_time, pick
from chengyun.sensing.decide.points import EPOCH, Malformed, Message, Point, instant, number
from chengyun.sensing.protocols.reading_json import read


@lru_cache(maxsize=512)
def _read(mapping: bytes) -> Mapping:
    return Mapping.model_validate_json(mapping)


def decode(message: Message, mapping: Given[str, Any]) -> Sequence[Point]:
    """The points of one message.

    Raises:
        Malformed: it is no JSON, or not as the mapping expects it.
    """
    how = _read(orjson.dumps(mapping))
    found: list[Point] = []
    for record in every(read(message.payload), how.each):
        if all(pick(record, path) in allowed for path, allowed in how.only.items()):
            found += _points(message, how, record)
    return found


def _points(message: Message, how: Mapping, record: Any) -> list[Point]:
    thing = message.thing or _thing(how, record)
    at_us = _time(message, how, record)
    lon, lat = _place(how, record)
    values = [(one.stream, _value(one, record), one.unit) for one in how.streams]
    found = [
        Point(thing, stream, at_us, value, unit, lon, lat)
        for stream, value, unit in values
        if value is not None
    ]
    if not found and lon is not None:
        return [Point(thing, "", at_us, 0.0, "", lon, lat)]
    return found


def _thing(how: Mapping, record: Any) -> str:
    if how.of_feed is not None:
        return how.of_feed
    named = pick(record, how.thing) if how.thing else None
    if isinstance(named, bool) or not isinstance(named, (str, int)) or str(named) == "":
        raise Malformed("no_thing", "the record does not say of which thing it is")
    return how.things.get(str(named), f"{how.prefix}{named}"[:200])


def _time(message: Message, how: Mapping, record: Any) -> int:
    if how.time is None:
        return message.at_us
    value = pick(record, how.time)
    if value is None:
        raise Malformed("schema_drift", f"there is no time at {how.time}")
    if how.time_format is None:
        return instant(value)
    return round((local_time(value, how.time_format, how.zone) - EPOCH).total_seconds() * 1_000_000)


def _place(how: Mapping, record: Any) -> tuple[float | None, float | None]:
    if how.lon is None or how.lat is None:
        return None, None
    lon, lat = (number(pick(record, path), words=False) for path in (how.lon, how.lat))
    if not (-180 <= float(lon) <= 180 and -90 <= float(lat) <= 90):
        raise Malformed("bad_place", "the place is outside the world")
    return float(lon), float(lat)


def _value(one: Stream, record: Any) -> float | str | None:
    value = pick(record, one.value)
    if value is None:
        if one.optional:
            return None
        raise Malformed("schema_drift", f"there is no value at {one.value}")
    if isinstance(value, (str, bool, int)) and one.words:
        told = one.words.get(str(value).lower() if isinstance(value, bool) else str(value))
        if told is None:
            raise Malformed("schema_drift", f"“{str(value)[:40]}” at {one.value} is a new word")
        return told
    if isinstance(value, str) and one.factor != 1.0:
        raise Malformed("bad_value", f"the value at {one.value} is no number")
    found = number(value)
    return found * one.factor if isinstance(found, float) else found
