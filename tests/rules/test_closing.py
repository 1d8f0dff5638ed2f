"""When signals close although not everything is known, and when tables change."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.rules.streets import SECOND, START, rule
from tests.rules.test_evaluators import fast, slow

A, B = 1, 2
"""The level and the rain stream of the first gauge."""
WORDS = {"a": {"of": "level"}, "b": {"of": "rain"}}


def ranks(some: Any, story: list[Any]) -> list[int]:
    """The ranks after each move; both evaluators say the same."""
    moves = fast([some], story)
    assert moves == slow([some], story)
    return [one[-1] for one in moves]


def said(second: int, value: float, stream: int = A) -> list[tuple[int, int, float]]:
    """A batch of one reading."""
    return [(stream, START + second * SECOND, value)]


def test_what_was_never_read_holds_no_signal_open():
    either = rule(inputs=WORDS, levels=[{"severity": 2, "when": "a > 1 || b > 1"}])
    assert ranks(either, [said(0, 2.0), said(5, 0.0)]) == [3, 0]


def test_a_figure_without_a_value_holds_no_signal_open():
    either = rule(
        inputs={"a": WORDS["a"]},
        figures={"low": {"value": 1.0}, "none": {"value": None}},
        levels=[{"severity": 2, "when": "a > low || a > none"}],
    )
    assert ranks(either, [said(0, 2.0), said(5, 0.0)]) == [3, 0]


def test_an_until_that_was_never_read_leaves_it_to_the_condition():
    both = rule(inputs=WORDS, levels=[{"severity": 2, "when": "a > 1", "until": "a < 1 && b < 1"}])
    assert ranks(both, [said(0, 2.0), said(5, 2.5), said(9, 0.0)]) == [3, 0]
    assert ranks(both, [said(0, 9.0, B), said(1, 2.0), said(9, 0.0)]) == [3]


@pytest.mark.parametrize("then", [[said(1, 5.0, B)], []])
def test_silence_is_no_all_clear(then):
    words = {"a": {"of": "level", "take": "max", "over": 5}, "b": {"of": "rain"}}
    one = rule(inputs=words, levels=[{"severity": 2, "when": "a > 1 || b > 9"}])
    assert ranks(one, [said(0, 2.0), *then, START + 60 * SECOND]) == [3]


def test_tables_change_at_the_citys_midnight():
    shapes = [
        {"since": "2026-01-01", "points": [(0, 0), (10, 0)]},
        {"since": "2026-03-01", "points": [(0, 1), (10, 1)]},
    ]
    one = rule(
        inputs={"a": WORDS["a"]},
        levels=[{"severity": 2, "when": 'curve("shape", a) > 0.5'}],
        tables={"shape": shapes},
    )
    # Midnight of 1 March in Shanghai is 16:00 of the day before in UTC.
    turn = int(datetime(2026, 2, 28, 16, tzinfo=UTC).timestamp()) * SECOND
    story = [[(A, turn - SECOND, 5.0)], [(A, turn, 5.0)]]
    assert [at for _, _, at, *_ in fast([one], story)] == [turn]
    assert ranks(one, story) == [3]
