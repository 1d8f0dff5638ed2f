"""Taking readings in: the one way into the store, whichever door they came through."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import orjson
from django.db import connection, transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.prepared import hot_cursor
from chengyun.kernel.scope import working
from chengyun.sensing.decide.judging import Asked, Limits, judge, unusual
from chengyun.sensing.decide.packing import BLOCK_BITS, State, pack, read_block
from chengyun.sensing.decide.readings import MAINTENANCE, Ints, Readings, Receipt
from chengyun.sensing.decide.sifting import OLDEST_US, Sifted, sift
from chengyun.sensing.reads.streams import Known, known
from chengyun.sensing.verbs.storing import change, find, instant, microseconds, store

AHEAD = timedelta(minutes=5)
LATEST = timedelta(days=30)
HISTORY = "import"
"""The door through which history comes: as old as it likes."""

_LOCK = "SELECT no, state FROM sensing_newest WHERE no = ANY(%s::bigint[]) ORDER BY no FOR UPDATE"
_MOVE = (
    "UPDATE sensing_newest AS n SET state = u.state"
    " FROM unnest(%s::bigint[], %b::bytea[]) AS u(no, state) WHERE n.no = u.no"
)
_LOG = (
    "INSERT INTO sensing_batch (recorded_at, door, count, readings, words)"
    " VALUES (%s, %s, %s, %b, %s::jsonb)"
)
_CARED = (
    "SELECT d.no, m.starts_at, m.ends_at FROM sensing_maintenance m"
    " JOIN sensing_datastream d ON d.thing_id = m.thing_id"
    " WHERE m.ends_at >= %s AND m.starts_at <= %s"
)


def take(readings: Readings, *, now: datetime, door: str) -> Receipt:
    """Take readings in, all in one transaction; bad ones are refused one by one.

    Rights are the door's to check. A reading known with the same value is a duplicate, with
    another value a correction; one older than the newest of its stream is late, and refused after
    30 days unless it is history (door `import`). Two writers of one stream wait for each other.
    """
    at = microseconds(now)
    oldest = OLDEST_US if door == HISTORY else at - LATEST // timedelta(microseconds=1)
    with transaction.atomic(), working(SYSTEM.scope()):
        register = known()
        sound = sift(
            readings,
            register.columns,
            register.facts,
            oldest=oldest,
            newest=at + AHEAD // timedelta(microseconds=1),
        )
        if not len(sound.asked):
            return Receipt(0, 0, 0, 0, sound.refused)
        return _take(sound, register, at, now, door)


def _take(sound: Sifted, register: Known, at: int, now: datetime, door: str) -> Receipt:
    streams = register.columns.no[sound.places]
    blocks, slots, states = _locked(streams)
    state = states[slots]
    asked = sound.asked
    limits: Limits = register.columns.limits.of(sound.places)
    odd = np.flatnonzero(unusual(asked, state))
    kept = find(streams, asked, odd, register.facts) if len(odd) else {}
    verdict = judge(asked, limits, state, kept, at)
    _mark_maintenance(verdict.flags, streams, asked)
    history = door == HISTORY
    known_before = np.zeros(len(asked), np.bool_)
    if kept:
        pairs = zip(asked.who[odd].tolist(), asked.at[odd].tolist(), strict=True)
        known_before[odd] = [pair in kept for pair in pairs]
    written = verdict.final & (verdict.outcome != 1)
    rows = np.flatnonzero(written & ~known_before)
    again = np.flatnonzero(written & known_before)
    whole = Readings(
        stream=streams[asked.who],
        at=asked.at,
        value=np.where(sound.worded, np.nan, asked.value) if sound.words else asked.value,
        flags=verdict.flags,
        words=sound.words,
    )
    new = _rows(whole, rows)
    store(new, history=history)
    if len(again):
        change(_rows(whole, again))
    states[slots] = state
    with hot_cursor() as cursor:
        cursor.execute(_MOVE, [blocks, [block.tobytes() for block in states.reshape(-1, 32)]])
        if len(rows) or len(again):
            news = _rows(whole, np.sort(np.concatenate([rows, again]))) if len(again) else new
            words = orjson.dumps(news.words, option=orjson.OPT_NON_STR_KEYS).decode()
            said: list[Any] = [now, door, len(news), pack(news), words if news.words else None]
            cursor.execute(_LOG, said)
    counts = np.bincount(verdict.outcome, minlength=3).tolist()
    return Receipt(counts[0], counts[1], counts[2], verdict.late, sound.refused)


def _locked(streams: Ints) -> tuple[list[int], Ints, State]:
    """The blocks of some streams, locked in order; where each stream stands in them."""
    numbers = np.unique(streams >> BLOCK_BITS)
    with hot_cursor() as wrapped, connection.wrap_database_errors:
        cursor: Any = wrapped.cursor
        cursor.execute(_LOCK, [numbers.tolist()], binary=True)
        rows = cursor.fetchall()
    blocks = np.array([row[0] for row in rows], np.int64)
    states = np.concatenate([read_block(bytes(row[1])) for row in rows])
    size = 1 << BLOCK_BITS
    slots = np.searchsorted(blocks, streams >> BLOCK_BITS) * size + (streams & (size - 1))
    return blocks.tolist(), slots, states


def _mark_maintenance(flags: Any, streams: Ints, asked: Asked) -> None:
    with connection.cursor() as cursor:
        first, last = int(asked.at.min()), int(asked.at.max())
        cursor.execute(
            _CARED,
            [instant(first), instant(last)],
        )
        windows = cursor.fetchall()
    for no, starts, ends in windows:
        begin, end = microseconds(starts), microseconds(ends)
        theirs = streams[asked.who] == no
        flags[theirs & (asked.at >= begin) & (asked.at < end)] |= MAINTENANCE


def _rows(whole: Readings, rows: Ints) -> Readings:
    words = {}
    if whole.words:
        words = {
            new: whole.words[old] for new, old in enumerate(rows.tolist()) if old in whole.words
        }
    return Readings(whole.stream[rows], whole.at[rows], whole.value[rows], whole.flags[rows], words)
