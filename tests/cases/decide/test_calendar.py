"""Working time against China's real holidays of 2026, and against a naive count."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.clocks import (
    Deadline,
    Pause,
    deadline,
    elapsed,
    recomputed,
    share,
    start_clock,
)
from chengyun.cases.decide.kinds import ClockUnit, Limit
from chengyun.cases.decide.limits import DEFAULT_LIMITS, Limits, Rung
from tests.cases.decide.world import CHINA, both, local


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # 1 WD is 8 working hours: Tuesday 10:00 leads to Wednesday 10:00.
        (local(2026, 6, 2, 10), Limit(1, "WD"), local(2026, 6, 3, 10)),
        (local(2026, 6, 2, 8), Limit(1, "WD"), local(2026, 6, 2, 18)),
        (local(2026, 6, 2, 11), Limit(2, "WH"), local(2026, 6, 2, 15)),
        (local(2026, 6, 2, 8), Limit(4, "WH"), local(2026, 6, 2, 12)),
        # Friday evening waits for Monday.
        (local(2026, 6, 5, 20), Limit(2, "WH"), local(2026, 6, 8, 10)),
        # Spring Festival: nine days off, and the Saturdays before and after are worked.
        (local(2026, 2, 13, 17), Limit(1, "WD"), local(2026, 2, 14, 17)),
        (local(2026, 2, 14, 17), Limit(1, "WD"), local(2026, 2, 24, 17)),
        (local(2026, 2, 27, 17), Limit(1, "WD"), local(2026, 2, 28, 17)),
        # New Year's make-up Sunday.
        (local(2025, 12, 31, 17), Limit(2, "WH"), local(2026, 1, 4, 9)),
        # National Day: 30 September runs into 8 October; 10 October is a worked Saturday.
        (local(2026, 9, 30, 14), Limit(1, "WD"), local(2026, 10, 8, 12)),
        (local(2026, 10, 9, 8), Limit(2, "WD"), local(2026, 10, 10, 18)),
        # Labour Day and its make-up Saturday.
        (local(2026, 4, 30, 8), Limit(2, "WD"), local(2026, 5, 6, 18)),
        (local(2026, 5, 8, 8), Limit(2, "WD"), local(2026, 5, 9, 18)),
        # Emergency hours and natural days run through all of it.
        (local(2026, 2, 15, 3), Limit(2, "UH"), local(2026, 2, 15, 5)),
        (local(2026, 2, 15, 3), Limit(2, "ND"), local(2026, 2, 17, 3)),
        (local(2026, 6, 2, 10), Limit(0.5, "WH"), local(2026, 6, 2, 10, 30)),
        (local(2026, 6, 6, 10), Limit(0, "WD"), local(2026, 6, 6, 10)),
    ],
)
def test_deadlines_by_the_calendar(start: datetime, limit: Limit, due: datetime) -> None:
    assert deadline(start, limit, CHINA) == Deadline(due, False)


def test_past_the_known_year_only_weekends_count_and_the_answer_is_provisional() -> None:
    # 1 January 2027 is a Friday: a holiday for certain, but nobody has published it.
    due = deadline(local(2026, 12, 31, 8), Limit(2, "WD"), CHINA)
    assert due == Deadline(local(2027, 1, 1, 18), True)
    assert not deadline(local(2026, 12, 31, 8), Limit(1, "WD"), CHINA).provisional
    assert not deadline(local(2026, 12, 31, 8), Limit(9, "ND"), CHINA).provisional


def test_a_provisional_clock_is_computed_again_when_the_year_is_published() -> None:
    clock = start_clock("dispose", Limit(2, "WD"), local(2026, 12, 31, 8), CHINA, DEFAULT_LIMITS)
    assert clock.provisional
    published = Calendar(
        "cn-2027",
        holidays={date(2027, 1, 1): both("元旦")},
        known_until=date(2027, 12, 31),
    )
    fresh = recomputed(clock, published, DEFAULT_LIMITS)
    assert (fresh.due_at, fresh.provisional) == (local(2027, 1, 4, 18), False)


def test_own_work_periods_say_how_long_a_working_day_is() -> None:
    short = Calendar("short", work_periods=((time(9), time(12)), (time(13), time(16))))
    assert deadline(local(2026, 6, 2, 9), Limit(1, "WD"), short).at == local(2026, 6, 2, 16)


def test_a_day_with_a_clock_change_keeps_its_hours_local() -> None:
    angeles = Calendar("us", tz="America/Los_Angeles", work_periods=((time(1), time(5)),))
    # On 8 March 2026 the hour from 2 to 3 is left out; it is a Sunday, so try the Friday after.
    start = datetime(2026, 3, 6, 1, tzinfo=angeles.zone)
    due = deadline(start, Limit(8, "WH"), angeles).at
    assert due == datetime(2026, 3, 9, 5, tzinfo=angeles.zone)


def test_a_pause_moves_the_deadline_by_the_working_time_it_takes() -> None:
    start = local(2026, 6, 2, 10)
    limit = Limit(1, "WD")
    night = Pause(local(2026, 6, 2, 19), local(2026, 6, 3, 7))
    noon = Pause(local(2026, 6, 2, 11), local(2026, 6, 2, 15))
    assert deadline(start, limit, CHINA, [night]).at == local(2026, 6, 3, 10)
    assert deadline(start, limit, CHINA, [noon]).at == local(2026, 6, 3, 12)
    # The same pause told twice counts once; one after the deadline not at all.
    late = Pause(local(2026, 6, 9, 8), local(2026, 6, 9, 18))
    assert deadline(start, limit, CHINA, [noon, noon, late]).at == local(2026, 6, 3, 12)
    assert deadline(start, Limit(2, "UH"), CHINA, [noon]).at == local(2026, 6, 2, 16)


def test_shares_are_data() -> None:
    start, limit = local(2026, 6, 2, 8), Limit(10, "UH")
    assert deadline(start, limit, CHINA, (), 80).at == local(2026, 6, 2, 16)
    assert share(start, local(2026, 6, 2, 16), limit, CHINA) == pytest.approx(0.8)
    assert share(start, start, Limit(0, "UH"), CHINA) == 1.0
    strict = start_clock("dispose", limit, start, CHINA, Limits(yellow_percent=50))
    assert strict.warn_at == local(2026, 6, 2, 13)


def test_bad_calendars_and_limits_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one work period"):
        Calendar("none", work_periods=())
    with pytest.raises(ValueError, match="overlap"):
        Calendar("odd", work_periods=((time(8), time(12)), (time(11), time(18))))
    with pytest.raises(ValueError, match="1900 to 2200"):
        deadline(datetime(2199, 1, 1, tzinfo=UTC), Limit(9_000, "WD"), CHINA)
    with pytest.raises(ValueError, match="outside"):
        Limit(-1, "WD")
    with pytest.raises(ValueError, match="ladder climbs"):
        Limits(ladder=(Rung(50, "street"),))
    with pytest.raises(ValueError, match="higher level"):
        Limits(ladder=(Rung(100, "city"), Rung(120, "street")))


INSTANTS = st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def _by_the_minute(start: datetime, minutes: int) -> datetime:
    """A deadline counted minute by minute; the reference."""
    at = start
    while minutes:
        here = at.astimezone(CHINA.zone)
        open_now = any(low <= here.time() < high for low, high in CHINA.work_periods)
        if open_now and CHINA.is_workday(here.date()):
            minutes -= 1
        at += timedelta(minutes=1)
    return at


@settings(deadline=None)
@given(INSTANTS, st.integers(1, 1200))
def test_working_time_equals_a_count_by_the_minute(start: datetime, minutes: int) -> None:
    assert deadline(start, Limit(minutes / 60, "WH"), CHINA).at == _by_the_minute(start, minutes)


@settings(deadline=None)
@given(
    INSTANTS,
    st.integers(0, 40),
    st.sampled_from(["UH", "WH", "WD", "ND"]),
    st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 9000)), max_size=4),
)
def test_at_the_deadline_exactly_the_limit_has_elapsed(
    start: datetime, amount: int, unit: ClockUnit, gaps: list[tuple[int, int]]
) -> None:
    pauses = [
        Pause(start + timedelta(minutes=low), start + timedelta(minutes=low + length))
        for low, length in gaps
    ]
    limit = Limit(amount, unit)
    due = deadline(start, limit, CHINA, pauses).at
    hours = {"UH": 1, "WH": 1, "WD": 8, "ND": 24}[unit] * amount
    assert elapsed(start, due, limit, CHINA, pauses) == timedelta(hours=hours)
    # One microsecond earlier it had not: the deadline is the first such instant.
    if amount:
        early = due - timedelta(microseconds=1)
        assert elapsed(start, early, limit, CHINA, pauses) < timedelta(hours=hours)


@settings(deadline=None)
@given(INSTANTS, st.integers(1, 40), st.integers(1, 40))
def test_limits_add_up(start: datetime, one: int, other: int) -> None:
    first = deadline(start, Limit(one, "WH"), CHINA).at
    assert deadline(first, Limit(other, "WH"), CHINA) == deadline(
        start, Limit(one + other, "WH"), CHINA
    )
