"""The fast evaluator and the reference say the same, whatever comes in whatever order."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.rules.decide.columns import since_us
from chengyun.rules.decide.declared import Rule, Table
from chengyun.rules.decide.engine import Engine, weekdays
from chengyun.rules.decide.reference import Reference
from tests.rules.streets import batches, rules, things

ZONE = "Asia/Shanghai"


def columns(batch: list[tuple[int, int, float]]) -> Any:
    """A batch as columns; of one stream and instant the last counts."""
    once = {(no, at): value for no, at, value in batch}
    return (
        np.array([no for no, _ in once], np.int64),
        np.array([at for _, at in once], np.int64),
        np.array(list(once.values()), np.float64),
    )


def fast(some: list[Rule], story: list[Any], again: frozenset[int] = frozenset()) -> list[Any]:
    """The moves of the fast one; at the places of `again` it is started anew from what is kept."""
    engine, moves = Engine(some, things(), ZONE, weekdays), []
    kept: dict[Any, Any] = {}
    seen: dict[tuple[int, int], float] = {}
    for at, one in enumerate(story):
        if at in again:
            engine = Engine(some, things(), ZONE, weekdays)
            engine.seed(*columns([(*key, value) for key, value in seen.items()]))
            for (rule, thing), standing in kept.items():
                engine.restore(rule, thing, standing)
        found = engine.tick(one) if isinstance(one, int) else engine.take(*columns(one))
        if not isinstance(one, int):
            seen |= {(no, when): value for no, when, value in one}
        kept |= found.touched
        moves += [(m.rule, m.thing.code, m.at, m.before, m.after) for m in found.changes]
    return moves


def slow(some: list[Rule], story: list[Any]) -> list[Any]:
    """The moves of the reference."""
    reference = Reference(some, things(), ZONE, weekdays)
    for one in story:
        if isinstance(one, int):
            reference.tick(one)
        else:
            reference.take([(no, at, v) for (no, at), v in {(n, a): v for n, a, v in one}.items()])
    return reference.moves


@settings(max_examples=60, deadline=None)
@given(rules(), batches())
def test_fast_and_reference_agree(rule, story):
    assert sorted(fast([rule], story)) == sorted(slow([rule], story))


@settings(max_examples=60, deadline=None)
@given(rules(), batches(), st.frozensets(st.integers(0, 5)))
def test_a_restart_changes_nothing(rule, story, again):
    assert fast([rule], story, again) == fast([rule], story)


def test_a_table_comes_into_force_at_the_citys_midnight():
    table = Table(since=date(2026, 2, 25), points=((0.0, 0.0), (1.0, 1.0)))
    midnight = datetime(2026, 2, 24, 16, tzinfo=UTC)
    assert since_us(table, ZoneInfo(ZONE)) == int(midnight.timestamp()) * 1_000_000
