"""Deadlines: a pure function of start, limit, calendar and pauses."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chengyun.cases.decide.calendar import HOUR_US, Calendar, from_us, to_us
from chengyun.cases.decide.kinds import Limit
from chengyun.cases.decide.limits import Limits


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant, and whether it rests on a year whose holidays are not published yet."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """An interval in which a clock stands still."""

    start: datetime
    end: datetime


def length_us(limit: Limit, calendar: Calendar) -> int:
    """How much counted time a limit is, in µs; a WD is one day's work periods."""
    if limit.unit == "WD":
        return round(limit.amount * calendar.day_us)
    if limit.unit == "ND":
        return round(limit.amount * 24 * HOUR_US)
    return round(limit.amount * HOUR_US)


def deadline(
    start: datetime,
    limit: Limit,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    percent: int = 100,
    times: int = 1,
) -> Deadline:
    """The instant at which `percent` of `times` limits have run since start, pauses left out."""
    length = length_us(limit, calendar) * times * percent // 100
    begin = to_us(start)
    still = _merged(pauses, begin) if pauses else ()
    if limit.unit in ("UH", "ND"):
        at = begin + length
        for low, high in still:
            if low < at:
                at += high - low
        return Deadline(from_us(at), False)
    at = _work_later(begin, length, calendar, still)
    return Deadline(from_us(at), at > calendar.known_us)


def elapsed(
    start: datetime,
    now: datetime,
    limit: Limit,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
) -> timedelta:
    """The time counted from start to now in the limit's unit, pauses left out."""
    begin, end = to_us(start), to_us(now)
    if end <= begin:
        return timedelta(0)
    still = [(low, min(high, end)) for low, high in _merged(pauses, begin) if low < end]
    if limit.unit in ("UH", "ND"):
        counted = end - begin - sum(high - low for low, high in still)
    else:
        work = calendar.worktime(begin, end)
        counted = work.done_at(end) - work.done_at(begin)
        counted -= sum(work.done_at(high) - work.done_at(low) for low, high in still)
    return timedelta(microseconds=counted)


def share(
    start: datetime,
    now: datetime,
    limit: Limit,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    times: int = 1,
) -> float:
    """The part of the limit that has run: 0.8 is yellow, 1.0 red. A limit of nothing is 1."""
    whole = length_us(limit, calendar) * times
    if whole == 0:
        return 1.0
    return elapsed(start, now, limit, calendar, pauses) / timedelta(microseconds=whole)


def _merged(pauses: Iterable[Pause], begin: int) -> list[tuple[int, int]]:
    """Pauses as disjoint rising µs intervals, cut at the start of the clock."""
    merged: list[tuple[int, int]] = []
    free = begin
    for start, end in sorted((to_us(p.start), to_us(p.end)) for p in pauses):
        low = max(start, free)
        if end > low:
            merged.append((low, end))
            free = end
    return merged


def _work_later(
    begin: int, length: int, calendar: Calendar, still: Iterable[tuple[int, int]]
) -> int:
    at = _reached(begin, length, calendar) if length else begin
    for low, high in still:
        if low >= at:
            break
        work = calendar.worktime(begin, high)
        length += work.done_at(high) - work.done_at(low)
        at = _reached(begin, length, calendar)
    return at


def _reached(begin: int, length: int, calendar: Calendar) -> int:
    """The instant at which `length` of work has been done since begin."""
    ahead = begin
    while True:
        work = calendar.worktime(begin, ahead)
        at = work.reached(work.done_at(begin) + length)
        if at is not None:
            return at
        ahead = work.high + 1


@dataclass(frozen=True, slots=True)
class StageClock:
    """One run of one stage's clock, with every instant that follows from its limit.

    `extended` counts the original limits added; `escalate_at` and `rung` name the next step of
    the ladder once the clock is overdue.
    """

    stage: str
    limit: Limit
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    provisional: bool = False
    pauses: tuple[Pause, ...] = ()
    extended: int = 0
    warned_at: datetime | None = None
    overdue_at: datetime | None = None
    escalate_at: datetime | None = None
    rung: int = 0
    stopped_at: datetime | None = None


def start_clock(
    stage: str, limit: Limit, now: datetime, calendar: Calendar, limits: Limits
) -> StageClock:
    """A clock that starts now."""
    due = deadline(now, limit, calendar, (), limits.red_percent)
    warn = deadline(now, limit, calendar, (), limits.yellow_percent)
    return StageClock(stage, limit, now, due.at, warn.at, due.provisional)


def recomputed(clock: StageClock, calendar: Calendar, limits: Limits) -> StageClock:
    """The same clock with its instants computed again, after a pause, extension or new year."""
    times = clock.extended + 1
    due = deadline(clock.started_at, clock.limit, calendar, clock.pauses, limits.red_percent, times)
    warn = deadline(
        clock.started_at, clock.limit, calendar, clock.pauses, limits.yellow_percent, times
    )
    return replace(clock, due_at=due.at, warn_at=warn.at, provisional=due.provisional)


def escalation_at(
    clock: StageClock, rung: int, calendar: Calendar, limits: Limits
) -> datetime | None:
    """When the ladder's rung is reached, None past its top."""
    if rung >= len(limits.ladder):
        return None
    percent = limits.ladder[rung].percent
    return deadline(
        clock.started_at, clock.limit, calendar, clock.pauses, percent, clock.extended + 1
    ).at
