"""Any batches at all, against a plain dictionary; and two writers at once."""

import itertools
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengyun.sensing import verbs
from chengyun.sensing.decide.judging import Asked, Limits, judge
from chengyun.sensing.decide.packing import empty_block
from chengyun.sensing.decide.readings import Readings
from tests.sensing.senses import NOW, no, readings, us

_START = NOW - timedelta(minutes=30)
VALUES = st.sampled_from([0.0, 1.0, 1.5, 4.0, 11.0, -2.0])
ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 8), VALUES), max_size=25)
SLOW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def in_store(streams: list[int]) -> dict[tuple[int, int], float]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stream, (extract(epoch FROM at) * 1000000)::bigint, value"
            " FROM sensing_observation WHERE stream = ANY(%s)",
            [streams],
        )
        rows = cursor.fetchall()
    assert len(rows) == len({row[:2] for row in rows}), "a reading is in the store twice"
    return {(row[0], row[1]): row[2] for row in rows}


def emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sensing_observation; UPDATE sensing_newest SET state = ''")


def said(streams: list[int], rows: list[tuple[int, int, float]]) -> Readings:
    return readings(
        (streams[who], _START + timedelta(seconds=at), value) for who, at, value in rows
    )


class Oracle:
    """What taking means, in so many words."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], float] = {}

    def take(self, rows: list[tuple[int, int, float]]) -> Counter[str]:
        found: Counter[str] = Counter()
        for who, at, value in rows:
            newest = max((t for w, t in self.kept if w == who), default=None)
            if (who, at) not in self.kept:
                found["stored"] += 1
                found["late"] += newest is not None and at < newest
            else:
                found["duplicates" if self.kept[who, at] == value else "corrected"] += 1
            self.kept[who, at] = value
        return found


@SLOW
@given(batches=st.lists(ROWS, min_size=1, max_size=4))
def test_every_row_is_in_one_class_and_the_last_word_stays(things, batches):
    emptied()
    streams = [no(code) for code in things]
    oracle = Oracle()
    for rows in batches:
        done = verbs.take(said(streams, rows), now=NOW, door="test")
        expected = oracle.take(rows)
        assert Counter(
            stored=done.stored,
            duplicates=done.duplicates,
            corrected=done.corrected,
            late=done.late,
        ) == Counter(dict.fromkeys(("stored", "duplicates", "corrected", "late"), 0) | expected)
        assert not done.refused
    assert in_store(streams) == {
        (streams[who], us(_START + timedelta(seconds=at))): value
        for (who, at), value in oracle.kept.items()
    }


@SLOW
@given(
    rows=ROWS.map(lambda rows: list({row[:2]: row for row in rows}.values())),
    order=st.randoms(use_true_random=False),
    cut=st.integers(0, 25),
)
def test_neither_order_nor_replay_changes_what_is_kept(things, rows, order, cut):
    streams = [no(code) for code in things]
    emptied()
    verbs.take(said(streams, rows), now=NOW, door="test")
    straight = in_store(streams)
    emptied()
    mixed = order.sample(rows, len(rows))
    verbs.take(said(streams, mixed[:cut]), now=NOW, door="test")
    verbs.take(said(streams, mixed[cut:]), now=NOW, door="test")
    again = verbs.take(said(streams, rows), now=NOW, door="test")
    assert (again.stored, again.corrected, again.duplicates) == (0, 0, len(rows))
    assert in_store(streams) == straight


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), VALUES), min_size=1, max_size=40),
    cuts=st.lists(st.integers(0, 40), max_size=3),
)
def test_all_at_once_and_one_by_one_flag_alike(rows, cuts):
    """Rows in order: the numpy path of a whole batch and one batch a row must agree."""
    limits = Limits(
        low=np.array([-1.0, np.nan, 0.0, -5.0]),
        high=np.array([10.0, 5.0, np.nan, 20.0]),
        jump=np.array([2.0, np.nan, 1.0, 3.0]),
        stuck_us=np.array([3, 0, 2, 1]),
        climbs=np.array([False, True, False, True]),
    )
    timed = [(who, at, value) for at, (who, value) in enumerate(rows)]

    def run(pieces: list[list[tuple[int, int, float]]]) -> tuple[dict[tuple[int, int], int], Any]:
        state = empty_block()[:4]
        flags = {}
        for piece in pieces:
            ordered = sorted(piece, key=lambda row: row[0])
            asked = Asked(
                np.array([row[0] for row in ordered], np.int64),
                np.array([row[1] for row in ordered], np.int64),
                np.array([row[2] for row in ordered], np.float64),
            )
            verdict = judge(asked, limits, state, {}, 7)
            flags |= {row[:2]: int(flag) for row, flag in zip(ordered, verdict.flags, strict=True)}
        return flags, state.tobytes()

    edges = [0, *sorted(cut for cut in cuts if cut < len(timed)), len(timed)]
    cut_up = [timed[a:b] for a, b in itertools.pairwise(edges)]
    assert run([timed]) == run([[row] for row in timed]) == run(cut_up)


def test_two_writers_of_one_stream_keep_every_reading_once(committed_things):
    streams = [no(code) for code in committed_things]
    rows = [(who, at, float(at % 5)) for at in range(200) for who in range(3)]
    receipts: list[Any] = []
    together = threading.Barrier(2)

    def write(step: int) -> None:
        try:
            together.wait(timeout=10)
            for at in range(0, len(rows), 30)[::step]:
                receipts.append(verbs.take(said(streams, rows[at : at + 30]), now=NOW, door="test"))
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(step,)) for step in (1, -1)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(timeout=60)
    assert sum(one.stored for one in receipts) == len(rows)
    assert sum(one.duplicates for one in receipts) == len(rows)
    assert len(in_store(streams)) == len(rows)


@pytest.mark.parametrize("count", [0, 1, 33])
def test_blocks_of_streams_hold_any_number_of_them(things, count):
    streams = [no(code, stream) for code in things for stream in ("level", "rain", "meter")]
    rows = [(streams[n % len(streams)], _START + timedelta(seconds=n), 1.0) for n in range(count)]
    assert verbs.take(readings(rows), now=NOW, door="test").stored == count
