"""Who of the unit should go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from chengyun.dispatch.decide.officers import (
    Officer,
    Skill,
    Task,
    Weights,
    distance_m,
    suggest,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TASK = Task("S/event/0101", lon=121.47, lat=31.23)
NEAR = Officer(UUID(int=1), "甲", True, lon=121.471, lat=31.231, seen_at=NOW)


def first(*officers: Officer) -> int:
    return suggest(TASK, officers, now=NOW)[0].officer.int


def test_the_nearer_the_freer_and_the_abler_come_first() -> None:
    far = replace(NEAR, id=UUID(int=2), lon=121.6)
    busy = replace(NEAR, id=UUID(int=3), open_cases=30)
    able = replace(NEAR, id=UUID(int=4), skills=(Skill("S/event/*", 3),))
    assert first(far, NEAR) == 1
    assert first(busy, NEAR) == 1
    assert first(NEAR, able) == 4


def test_only_officers_on_duty_are_suggested_while_there_are_any() -> None:
    off = replace(NEAR, id=UUID(int=5), on_duty=False)
    assert [s.officer.int for s in suggest(TASK, [off, NEAR], now=NOW)] == [1]
    (alone,) = suggest(TASK, [off], now=NOW)
    assert alone.reasons[0]["en"] == "Is off duty now."


def test_a_shift_about_to_end_and_a_stale_position_count_less_and_are_said() -> None:
    ending = replace(NEAR, duty_ends=NOW + timedelta(minutes=12))
    stale = replace(NEAR, seen_at=NOW - timedelta(hours=3))
    unknown = replace(NEAR, lon=None)
    best = suggest(TASK, [NEAR], now=NOW)[0]
    for other, said in (
        (ending, "Is on duty, with hand-over in 12 min."),
        (stale, "Was last seen 146 m away, but not recently."),
        (unknown, "The position is unknown."),
    ):
        (found,) = suggest(TASK, [other], now=NOW)
        assert found.score < best.score
        assert said in [reason["en"] for reason in found.reasons]


def test_distance_is_that_of_the_globe() -> None:
    # One degree of latitude on the mean sphere (IUGG R1) is 111,195 m.
    assert abs(distance_m(0, 0, 0, 1) - 111_195) < 1
    assert distance_m(121, 31, 121, 31) == 0


officers = st.builds(
    Officer,
    id=st.uuids(),
    name=st.just("x"),
    on_duty=st.booleans(),
    open_cases=st.integers(0, 500),
    lon=st.none() | st.floats(-180, 180),
    lat=st.none() | st.floats(-90, 90),
    seen_at=st.none() | st.just(NOW),
    skills=st.lists(st.builds(Skill, st.sampled_from(["*", "S/*", "T/*"]), st.integers(-5, 9))).map(
        tuple
    ),
)


@given(st.lists(officers, max_size=6), st.permutations(range(6)))
def test_scores_are_shares_and_the_order_of_asking_does_not_matter(
    pool: list[Officer], order: list[int]
) -> None:
    found = suggest(TASK, pool, now=NOW, weights=Weights())
    assert all(0 <= s.score <= 1 and len(s.reasons) == 4 for s in found)
    shuffled = [pool[i] for i in order if i < len(pool)]
    assert [s.score for s in suggest(TASK, shuffled, now=NOW)] == [s.score for s in found]
    if any(o.on_duty for o in pool):
        assert {s.officer for s in found} == {o.id for o in pool if o.on_duty}
