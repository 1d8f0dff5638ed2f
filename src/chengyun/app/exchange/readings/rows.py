"""Rows of a file → readings, as a mapping says. Pure."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chengyun.app.exchange.user_mapping import BadMapping
from chengyun.app.packs.mapping import plain_column as key
from chengyun.sdk.readings import ReadingsMapping, RowTime, StreamColumn

Values = Sequence[str]


@dataclass(frozen=True, slots=True)
class Given:
    """One reading as a file says it; `value` is a number or a word."""

    thing: str
    stream: str
    at: datetime
    value: float | str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, or with one of its columns."""

    field: str
    reason: str
    code: str


@dataclass(slots=True)
class Taken:
    """What a row holds: readings, faults, and how many cells say that there is none."""

    readings: list[Given]
    faults: list[Fault]
    missing: int = 0


class Reader:
    """Reads rows of one header."""

    def __init__(self, mapping: ReadingsMapping, header: Sequence[str]) -> None:
        """Raises BadMapping: a column of the mapping is not there, or the mapping is not whole."""
        self.mapping = mapping
        self._places = {key(name): at for at, name in reversed(list(enumerate(header)))}
        self._header = header
        self._missing = frozenset(mapping.missing)
        self._when = _clock(mapping.time, self._place)
        if (mapping.long is None) == (not mapping.columns):
            raise BadMapping("the mapping says neither long nor columns, or both")
        self._wide = [] if mapping.long else self._columns()

    def _place(self, name: str) -> int:
        if key(name) not in self._places:
            raise BadMapping(f"the file has no column {name!r}")
        return self._places[key(name)]

    def _columns(self) -> list[tuple[int, str, StreamColumn, frozenset[str]]]:
        named = {key(one.column) for one in self.mapping.columns}
        named |= {key(name) for name in self.mapping.time.columns}
        found = []
        for one in self.mapping.columns:
            thing = one.thing or self.mapping.thing
            if thing is None:
                raise BadMapping(f"column {one.column!r} needs its thing, or the file one for all")
            missing = self._missing | frozenset(one.missing)
            if one.column == "*":
                for at, name in enumerate(self._header):
                    if key(name) not in named:
                        code = thing.replace("{column}", name.strip())
                        found.append((at, code, one, missing))
                continue
            at = self._place(one.column)
            found.append((at, thing.replace("{column}", one.column), one, missing))
        return found

    def things(self) -> list[str]:
        """The things that the header names; none where each row does."""
        return list(dict.fromkeys(thing for _, thing, _, _ in self._wide))

    def read(self, row: int, values: Values) -> Taken:
        """The readings of a row (counted from 0)."""
        taken = Taken([], [])
        if len(values) > len(self._header):
            taken.faults.append(Fault("row", "has more columns than the header", "too_long"))
            return taken
        values = [*values, *[""] * (len(self._header) - len(values))]
        try:
            at = self._when(row, values)
        except (ValueError, OverflowError) as error:
            taken.faults.append(Fault("time", str(error), "bad_time"))
            return taken
        if self.mapping.long is not None:
            self._long(values, at, taken)
        for place, thing, one, missing in self._wide:
            said = values[place].strip()
            if said in missing:
                taken.missing += 1
                continue
            value = _value(said, one.factor, one.offset)
            if isinstance(value, float) and not math.isfinite(value):
                reason = f"{said!r} is no finite number"
                taken.faults.append(Fault(one.column, reason, "not_a_number"))
                continue
            taken.readings.append(Given(thing, one.stream, at, value))
        return taken

    def _long(self, values: Values, at: datetime, taken: Taken) -> None:
        long = self.mapping.long
        if long is None:
            return
        said = values[self._place(long.value)].strip()
        if said in self._missing:
            taken.missing += 1
            return
        value = _value(said, 1.0, 0.0)
        if isinstance(value, float) and not math.isfinite(value):
            reason = f"{said!r} is no finite number"
            taken.faults.append(Fault(long.value, reason, "not_a_number"))
            return
        thing, stream = (self._named(name, values) for name in (long.thing, long.stream))
        if not thing or not stream:
            taken.faults.append(Fault("thing", "names no thing or no stream", "no_thing"))
            return
        taken.readings.append(Given(thing, stream, at, value))

    def _named(self, name: str, values: Values) -> str:
        place = self._places.get(key(name))
        return name if place is None else values[place].strip()


def _value(said: str, factor: float, offset: float) -> float | str:
    """A number in the stream's unit, or the word as it stands."""
    try:
        return float(said) * factor + offset
    except ValueError:
        return said


def _clock(rule: RowTime, place: Callable[[str], int]) -> Callable[[int, Values], datetime]:
    try:
        zone = ZoneInfo(rule.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadMapping(f"{rule.zone!r} is no time zone") from error
    if bool(rule.columns) == bool(rule.start) or bool(rule.start) != bool(rule.every):
        raise BadMapping("time: name columns, or start and every")
    if rule.start and rule.every:
        first = datetime.fromisoformat(rule.start)
        begin = (first if first.tzinfo else first.replace(tzinfo=zone)).astimezone(UTC)
        step = timedelta(seconds=rule.every)
        return lambda row, _: begin + row * step
    places = [place(name) for name in rule.columns]
    formats = rule.formats

    def read(_: int, values: Values) -> datetime:
        said = " ".join(values[at].strip() for at in places)
        if rule.unix:
            return datetime.fromtimestamp(float(said), UTC)
        for form in formats:
            try:
                found = (
                    datetime.fromisoformat(said) if form == "iso" else datetime.strptime(said, form)  # noqa: DTZ007 - the zone follows
                )
            except ValueError:
                continue
            return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
        raise ValueError(f"{said!r} fits none of the formats")

    return read
