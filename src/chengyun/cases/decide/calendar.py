"""Working time: which instants count, as a prefix sum that is searched by bisection.

A calendar is dated pack data. Past `known_until` only weekends are known, so what is computed
there is provisional and is computed again when the next year is published.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chengyun.kernel.text import Text

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_DAY_US = 86_400_000_000
HOUR_US = 3_600_000_000
_LAST_YEAR = 2200
_FIRST_YEAR = 1900

DEFAULT_PERIODS = ((time(8), time(12)), (time(14), time(18)))


def to_us(at: datetime) -> int:
    """Microseconds since 1970 of an aware instant."""
    gone = at - _EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


def from_us(us: int) -> datetime:
    """The instant, in UTC."""
    return _EPOCH + timedelta(microseconds=us)


@dataclass(frozen=True, slots=True)
class _Worktime:
    """Work segments of whole years: starts and ends in µs, work done before each start."""

    first_year: int
    last_year: int
    low: int
    high: int
    starts: list[int]
    ends: list[int]
    before: list[int]

    def done_at(self, us: int) -> int:
        """Work time from the first segment up to an instant."""
        index = bisect_right(self.starts, us) - 1
        if index < 0:
            return 0
        end = self.ends[index]
        return self.before[index] + min(us, end) - self.starts[index]

    def reached(self, work: int) -> int | None:
        """The earliest instant at which so much work time has passed; None: past the end."""
        index = bisect_left(self.before, work) - 1
        if index < 0:
            return self.starts[0]
        at = self.starts[index] + work - self.before[index]
        return at if at <= self.ends[index] else None


@dataclass(frozen=True, eq=False)
class Calendar:
    """Work periods, holidays and make-up days of one place; times of day are local to `tz`.

    Raises:
        ValueError: periods are missing, overlap or run backwards, or the zone is unknown.
    """

    id: str
    tz: str = "Asia/Shanghai"
    work_periods: tuple[tuple[time, time], ...] = DEFAULT_PERIODS
    holidays: Mapping[date, Text] = field(default_factory=dict)
    makeup_days: Mapping[date, Text] = field(default_factory=dict)
    known_until: date = date(1970, 1, 1)
    source: str = ""

    def __post_init__(self) -> None:
        if not self.work_periods:
            raise ValueError(f"calendar {self.id}: give at least one work period")
        last = None
        for begin, end in self.work_periods:
            if begin >= end or (last is not None and begin < last):
                raise ValueError(f"calendar {self.id}: work periods overlap or run backwards")
            last = end
        object.__setattr__(self, "_zone", ZoneInfo(self.tz))
        object.__setattr__(self, "_worktime", None)
        span = sum(_of_day(end) - _of_day(begin) for begin, end in self.work_periods)
        object.__setattr__(self, "day_us", span)
        known = self.known_until
        until = datetime(known.year, known.month, known.day, tzinfo=self.zone) + timedelta(days=1)
        object.__setattr__(self, "known_us", to_us(until))

    # Derived once; a frozen dataclass has no place for computed fields of its own.
    day_us: int = field(init=False, repr=False)
    known_us: int = field(init=False, repr=False)
    _zone: ZoneInfo = field(init=False, repr=False)
    _worktime: _Worktime | None = field(init=False, repr=False)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which days and periods are meant."""
        return self._zone

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day: make-up days do, holidays and weekends don't."""
        if day <= self.known_until:
            if day in self.makeup_days:
                return True
            if day in self.holidays:
                return False
        return day.weekday() < 5

    def worktime(self, low: int, high: int) -> _Worktime:
        """Work segments that cover both instants (µs), built once and widened by years.

        Raises:
            ValueError: an instant lies outside 1900..2200.
        """
        known = self._worktime
        if known is not None and known.low <= low and high <= known.high:
            return known
        first = from_us(low).year - 1
        last = from_us(high).year + 2
        if known is not None:
            first, last = min(first, known.first_year), max(last, known.last_year)
        if first < _FIRST_YEAR or last > _LAST_YEAR:
            raise ValueError(f"working time is known from {_FIRST_YEAR} to {_LAST_YEAR} only")
        built = self._build(first, last)
        # One assignment of a finished value: threads may build twice, never see half.
        object.__setattr__(self, "_worktime", built)
        return built

    def _build(self, first_year: int, last_year: int) -> _Worktime:
        starts: list[int] = []
        ends: list[int] = []
        before: list[int] = []
        done = 0
        day, end_day = date(first_year, 1, 1), date(last_year + 1, 1, 1)
        low = self._local_us(day, time(0))
        offset_here = low
        while day < end_day:
            following = day + timedelta(days=1)
            offset_next = self._local_us(following, time(0))
            if self.is_workday(day):
                plain = offset_next - offset_here == _DAY_US
                for begin, end in self.work_periods:
                    # A day of 23 or 25 hours asks the zone for each period.
                    start_us = offset_here + _of_day(begin) if plain else self._local_us(day, begin)
                    end_us = offset_here + _of_day(end) if plain else self._local_us(day, end)
                    starts.append(start_us)
                    ends.append(end_us)
                    before.append(done)
                    done += end_us - start_us
            day, offset_here = following, offset_next
        return _Worktime(first_year, last_year, low, offset_here, starts, ends, before)

    def _local_us(self, day: date, at: time) -> int:
        return to_us(datetime.combine(day, at, tzinfo=self.zone))


def _of_day(at: time) -> int:
    return (at.hour * 3600 + at.minute * 60 + at.second) * 1_000_000 + at.microsecond
