"""What a protocol makes of a message: single values by name, before anybody looked them up."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A message may hold so many values; the door's own limit of bytes stands before it.
POINTS_MAX = 10_000
DEPTH_MAX = 6
TEXT_MAX = 400
AHEAD = timedelta(minutes=5)
BEHIND = timedelta(days=31)
# Epoch numbers are told apart by their size: seconds, milliseconds, microseconds, nanoseconds.
_SCALES = ((1e11, 1_000_000), (1e14, 1_000), (1e17, 1), (1e20, 0.001))


class Malformed(Exception):
    """A message, or a part of it, that is no reading: a stable code and a sentence for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it came.

    Attributes:
        thing: code of the thing that the door has recognised; empty where the payload names it.
        stream: code of its datastream, or empty where the payload names it.
        at_us: when the door received it, microseconds since 1970; the same when delivered again.
    """

    thing: str
    stream: str
    payload: bytes
    at_us: int
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One value: of which thing and datastream, when (microseconds), in which unit ("" = its own).

    A word (category or text) stands in `value` as text.
    """

    thing: str
    stream: str
    at_us: int
    value: float | str
    unit: str = ""
    lon: float | None = None
    lat: float | None = None


def instant(value: object) -> int:
    """An instant as microseconds since 1970: ISO 8601 with offset, or a number since the epoch.

    Raises:
        Malformed: neither, or a local time without its offset.
    """
    if isinstance(value, str):
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            raise Malformed("bad_time", f"“{value[:40]}” is no time (ISO 8601)") from None
        if read.tzinfo is None:
            raise Malformed("bad_time", f"“{value[:40]}” has no offset: is it UTC or local?")
        return (read - EPOCH) // timedelta(microseconds=1)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        for most, scale in _SCALES:
            if abs(value) < most:
                return int(value * scale)
    raise Malformed("bad_time", "the time is neither ISO 8601 nor a number since 1970")


def number(value: object, *, words: bool = True) -> float | str:
    """A value as a number (a truth is 0 or 1), or as a word where one may stand.

    Raises:
        Malformed: NaN, infinite, too long, or nothing of that sort.
    """
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, (int, float)):
        try:
            read = float(value)
        except OverflowError:
            read = math.inf
        if not math.isfinite(read):
            raise Malformed("not_finite", "the value is NaN or infinite")
        return read
    if isinstance(value, str) and words and 0 < len(value) <= TEXT_MAX and "\0" not in value:
        return value
    raise Malformed("bad_value", "the value is no number, truth or short word")


def check_clock(at_us: int, now: datetime) -> None:
    """Refuse a time that no honest clock shows.

    Raises:
        Malformed: more than 5 minutes ahead, or more than 31 days behind.
    """
    ahead = at_us - (now - EPOCH) // timedelta(microseconds=1)
    if ahead > AHEAD // timedelta(microseconds=1):
        raise Malformed("clock_ahead", "the time lies more than 5 minutes in the future")
    if -ahead > BEHIND // timedelta(microseconds=1):
        raise Malformed("clock_behind", "the time lies more than 31 days in the past")
