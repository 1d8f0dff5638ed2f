"""Points with their names looked up: columns for the store, and what could not be taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from chengyun.sensing.decide.points import EPOCH, Malformed, Message, Point, check_clock
from chengyun.sensing.decide.readings import Readings
from chengyun.sensing.decide.units import convert


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a datastream here: its unit, and whether its result is a word."""

    unit: str
    wordy: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A message, or a part of it, that could not be taken."""

    message: int
    code: str
    reason: str


@dataclass(slots=True)
class Decoded:
    """Points of many messages; `source[i]` is the message that point i came in."""

    points: list[Point] = field(default_factory=list)
    source: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def readings(
    decoded: Decoded,
    messages: Sequence[Message],
    numbers: Mapping[tuple[str, str], int],
    known: Mapping[int, Known],
) -> tuple[Readings, list[int]]:
    """The columns for the store, and the message of each row; faults are added to `decoded`.

    Args:
        numbers: (thing, datastream) → number. known: facts of the datastreams that a unit or a
            word was given for.
    """
    stream: list[int] = []
    at: list[int] = []
    value: list[float] = []
    words: dict[int, str] = {}
    source: list[int] = []
    for point, index in zip(decoded.points, decoded.source, strict=True):
        if not point.stream:
            continue
        no = numbers.get((point.thing, point.stream))
        try:
            if no is None:
                said = f"{point.thing[:64]} has no datastream {point.stream[:64]} here"
                raise Malformed("unknown_stream", said)
            check_clock(point.at_us, EPOCH + timedelta(microseconds=messages[index].at_us))
            number = _value(point, known.get(no))
        except Malformed as fault:
            decoded.faults.append(Fault(index, fault.code, fault.reason))
            continue
        if isinstance(number, str):
            words[len(stream)] = number
            number = float("nan")
        stream.append(no)
        at.append(point.at_us)
        value.append(number)
        source.append(index)
    columns = Readings(
        stream=np.array(stream, np.int64),
        at=np.array(at, np.int64),
        value=np.array(value, np.float64),
        flags=np.zeros(len(stream), np.int32),
        words=words,
    )
    return columns, source


def _value(point: Point, known: Known | None) -> float | str:
    value = point.value
    if isinstance(value, str):
        if known is None or not known.wordy:
            raise Malformed("bad_value", f"“{value[:40]}” is a word, {point.stream[:64]} a number")
        return value
    if known is not None and known.wordy:
        raise Malformed("bad_value", f"{point.stream[:64]} takes words, not numbers")
    if point.unit and known is not None:
        return convert(value, point.unit, known.unit)
    return value


def microseconds(now: datetime) -> int:
    """An instant as the doors count it."""
    return (now - EPOCH) // timedelta(microseconds=1)
