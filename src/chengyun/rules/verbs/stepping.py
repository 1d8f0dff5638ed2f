"""Following the batches of sensing: look, move, and act, all in one transaction."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

import numpy as np
from django.db import connection, transaction

from chengyun.cases.decide.calendar import to_us
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import working
from chengyun.rules.decide.engine import Change, Engine, Found
from chengyun.rules.decide.ground import subjects
from chengyun.rules.decide.levels import Standing
from chengyun.rules.decide.windows import EMPTY
from chengyun.rules.models import Place, StandingRow
from chengyun.rules.reads.book import Book, read_book
from chengyun.rules.reads.counted import counted
from chengyun.rules.reads.making import engine_of
from chengyun.rules.verbs.moving import move
from chengyun.rules.verbs.withdrawing import withdraw
from chengyun.sensing import reads as sensing
from chengyun.sensing.decide.readings import UNREAD, Floats, Ints, Readings
from chengyun.sensing.reads.batches import Batch
from chengyun.sensing.reads.streams import known
from chengyun.sensing.verbs import take

log = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
"""How often it is looked whether what waits has waited long enough."""
SHARES = 15
"""In so many ticks all windows are looked at again although nothing came, a share at each."""
REGISTER = timedelta(seconds=5)
"""How long the register may have changed before the engine knows."""
AFTER_FAILURE = timedelta(seconds=2)
LATE_CASES = 300_000_000
"""How long after it was reported (µs) a case may be committed and still be counted at once."""
DERIVED = "rule"
"""The door through which figures of rules are written as readings."""
_MOST_BATCHES = 64
_HISTORY = "import"


@dataclass(slots=True)
class _Running:
    """An engine and of what it was made."""

    engine: Engine
    book: Book
    register: int
    turn: int
    made_at: datetime
    ticks: int = 0
    counted: set[tuple[int, int]] = field(default_factory=set)


_running: _Running | None = None
_not_before: datetime | None = None


def forget_engine() -> None:
    """Build the engine anew at the next step, at once (between tests)."""
    global _running, _not_before
    _running = _not_before = None


def step(now: datetime) -> int:
    """Take the next batches, and look at what time has brought about.

    Standings, signals, cases, notices and the position commit together. Only one process at a time
    does so. A step that fails changes nothing and says so in the position; the next tries again.

    Returns how many readings it went past.
    """
    global _not_before
    if (_not_before is not None and now < _not_before) or not _is_behind(now):
        return 0
    try:
        with transaction.atomic(), working(SYSTEM.scope()):
            return _step(now)
    except Exception as error:
        log.exception("the rules could not take a step")
        forget_engine()
        _not_before = now + AFTER_FAILURE
        _record(error, now)
        return 0


def _is_behind(now: datetime) -> bool:
    # Asked without a lock: idle rules look many times a second and must write nothing.
    place = Place.objects.filter(no=1).first()
    if place is None:
        place = Place.objects.create(no=1)
    if place.ticked_at is None or now - place.ticked_at >= TICK:
        return True
    return sensing.batches.newest() > (place.xid, place.seq)


def _record(error: Exception, now: datetime) -> None:
    said = f"{type(error).__name__}: {error}"[:500].replace("\0", "")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rules_place SET failure = %s, failing_since = coalesce(failing_since, %s)",
            [said, now],
        )


def _step(now: datetime) -> int:
    place = Place.objects.select_for_update(skip_locked=True).filter(no=1).first()
    if place is None:
        return 0
    running = _ready(place, now)
    batches = sensing.batches.after(place.xid, place.seq, _MOST_BATCHES)
    found: list[Found] = []
    count = 0
    if batches:
        stream, at, value = _merged(batches)
        count = len(stream)
        found.append(running.engine.take(stream, at, value))
        place.xid, place.seq = batches[-1].xid, batches[-1].seq
    if place.ticked_at is None or now - place.ticked_at >= TICK:
        found.append(_count(running, now))
        missed = SHARES
        if place.ticked_at is not None:
            missed = min(SHARES, (now - place.ticked_at) // TICK)
        for _ in range(missed):
            share = running.ticks % SHARES
            found.append(running.engine.tick(to_us(now), share=share, shares=SHARES))
            running.ticks += 1
        place.ticked_at = now
    changes: list[Change] = list(chain.from_iterable(one.changes for one in found))
    _keep({key: one for part in found for key, one in part.touched.items()})
    move(changes, running.engine, running.book, now)
    _derive([row for part in found for row in part.derived], now)
    place.turn += 1
    place.readings += count
    place.failure, place.failing_since = "", None
    place.save()
    running.turn = place.turn
    return count


def _count(running: _Running, now: datetime) -> Found:
    """Take in the cases that came in lately and were not taken in yet."""
    engine, end = running.engine, to_us(now)
    stream, at, value = counted(engine.counter, end - LATE_CASES, end)
    pairs = list(zip(stream.tolist(), at.tolist(), strict=True))
    fresh = np.array([pair not in running.counted for pair in pairs], np.bool_)
    running.counted = set(pairs)
    return engine.take(stream[fresh], at[fresh], value[fresh])


def _merged(batches: list[Batch]) -> tuple[Ints, Ints, Floats]:
    """Batches as one; of one stream and instant the last counts, and history is left out."""
    parts = [one.readings for one in batches if one.door != _HISTORY]
    if not parts:
        none = np.zeros(0, np.int64)
        return none, none, np.zeros(0)
    stream = np.concatenate([one.stream for one in parts])
    at = np.concatenate([one.at for one in parts])
    value = np.concatenate([one.value for one in parts])
    flags = np.concatenate([one.flags for one in parts])
    good = (flags & UNREAD) == 0
    stream, at, value = stream[good], at[good], value[good]
    if len(parts) > 1 and len(stream):
        order = np.lexsort((np.arange(len(at)), at, stream))
        stream, at, value = stream[order], at[order], value[order]
        last = np.ones(len(at), np.bool_)
        last[:-1] = (stream[1:] != stream[:-1]) | (at[1:] != at[:-1])
        stream, at, value = stream[last], at[last], value[last]
    return stream, at, value


def _ready(place: Place, now: datetime) -> _Running:
    """The engine as of now; made anew where another process was at it, or rules changed."""
    global _running
    running = _running
    register = known().changed
    if running is not None and running.turn == place.turn and running.book.changed == place.book:
        fresh = register == running.register or now - running.made_at < REGISTER
        if fresh:
            return running
    book = read_book(place.book)
    engine = engine_of(book.rules, subjects(known().facts.values()))
    withdraw(engine, book, now)
    _restore(engine)
    _seed(engine, place, now)
    _running = _Running(engine, book, register, place.turn, now)
    return _running


def _restore(engine: Engine) -> None:
    for row in StandingRow.objects.all():
        standing = Standing(row.rank, row.way, row.goal, row.since, row.silent)
        engine.restore(row.rule_id, row.thing_id, standing)


def _seed(engine: Engine, place: Place, now: datetime) -> None:
    """Fill the windows with what was followed, and with nothing that comes yet."""
    reach = engine.case_reach()
    engine.seed(*counted(engine.counter, to_us(now) - reach, to_us(now)))
    reaches = engine.reaches()
    if not reaches:
        return
    end = to_us(now + timedelta(days=1))
    newest = sensing.newest(reaches)
    rows = [
        (no, to_us(one.at), one.value)
        for no, one in newest.items()
        if one.value is not None and not one.flags & UNREAD
    ]
    parts = [_columns(rows)]
    by_reach: dict[int, list[int]] = {}
    for stream, reach in reaches.items():
        if reach:
            by_reach.setdefault(reach, []).append(stream)
    for reach, streams in by_reach.items():
        parts.append(sensing.history.columns(streams, to_us(now) - reach, end))
    # Read last: what was written meanwhile is left out too, and followed in its turn.
    ahead = sensing.batches.pairs_after(place.xid, place.seq)
    for part in parts:
        engine.seed(*_without(part, ahead))


def _without(
    part: tuple[Ints, Ints, Floats], pairs: set[tuple[int, int]]
) -> tuple[Ints, Ints, Floats]:
    if not pairs:
        return part
    stream, at, value = part
    mine = zip(stream.tolist(), at.tolist(), strict=True)
    keep = np.array([pair not in pairs for pair in mine], np.bool_)
    return stream[keep], at[keep], value[keep]


def _columns(rows: list[tuple[int, int, float]]) -> tuple[Ints, Ints, Floats]:
    return (
        np.array([row[0] for row in rows], np.int64),
        np.array([max(row[1], EMPTY + 1) for row in rows], np.int64),
        np.array([row[2] for row in rows], np.float64),
    )


_KEEP = """
INSERT INTO rules_standingrow (id, rule_id, thing_id, rank, way, goal, since, silent)
SELECT gen_random_uuid(), * FROM unnest(%s::text[], %s::uuid[], %s::int2[], %s::int2[],
    %s::int2[], %s::bigint[], %s::bool[])
ON CONFLICT (rule_id, thing_id) DO UPDATE SET rank = excluded.rank, way = excluded.way,
    goal = excluded.goal, since = excluded.since, silent = excluded.silent
"""
_CALM = """
DELETE FROM rules_standingrow USING unnest(%s::text[], %s::uuid[]) AS calm(rule_id, thing_id)
WHERE rules_standingrow.rule_id = calm.rule_id AND rules_standingrow.thing_id = calm.thing_id
"""


def _keep(touched: dict[tuple[str, object], Standing]) -> None:
    calm = [key for key, one in touched.items() if one == Standing()]
    rest = [(*key, one) for key, one in touched.items() if one != Standing()]
    with connection.cursor() as cursor:
        if calm:
            cursor.execute(_CALM, [[key[0] for key in calm], [key[1] for key in calm]])
        if rest:
            cursor.execute(
                _KEEP,
                [
                    [row[0] for row in rest],
                    [row[1] for row in rest],
                    [row[2].rank for row in rest],
                    [row[2].way for row in rest],
                    [row[2].goal for row in rest],
                    [row[2].since for row in rest],
                    [row[2].silent for row in rest],
                ],
            )


def _derive(rows: list[tuple[int, int, float]], now: datetime) -> None:
    if not rows:
        return
    once = {(stream, at): value for stream, at, value in rows}
    given = [(stream, at, value) for (stream, at), value in once.items()]
    stream, at, value = _columns(given)
    take(Readings(stream, at, value, np.zeros(len(at), np.int32)), now=now, door=DERIVED)
