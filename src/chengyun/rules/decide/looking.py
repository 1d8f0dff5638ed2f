"""One rule over the things of one kind: columns of words, what holds, and how standings move."""

from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

import numpy as np
import numpy.typing as npt

from chengyun.rules.decide.columns import Column, Compiled, compiled
from chengyun.rules.decide.conditions import NUMBER, read
from chengyun.rules.decide.declared import Input, Rule
from chengyun.rules.decide.ground import Subject, neighbours
from chengyun.rules.decide.levels import rank_of
from chengyun.rules.decide.windows import EMPTY, SECOND, Block, Bools, figure, window_of
from chengyun.sensing.decide.readings import Floats, Ints

Ranks = npt.NDArray[np.int8]


@dataclass(slots=True)
class Word:
    """An input of a rule: its block, the condition on readings, and whose rows it reads (None:
    the thing's own)."""

    asked: Input
    block: int
    only: Compiled | None
    pool: list[Ints] | None = None
    seen_by: dict[int, list[int]] = field(default_factory=dict)

    def read(self, block: Block, row: int, t: int, offset: int) -> list[tuple[int, float]]:
        """The readings it is taken from for a row at an instant, in order of time."""
        pool = np.array([row]) if self.pool is None else self.pool[row]
        if not self.asked.over:
            pool = pool[block.newest[pool] > EMPTY]
            at, value = block.newest[pool], block.last[pool]
        else:
            low, high = window_of(self.asked, np.array([t], np.int64), offset)
            at, value = block.at[pool].ravel(), block.value[pool].ravel()
            there = (at > low[0]) & (at <= high[0])
            at, value = at[there], value[there]
        if self.only is not None:
            counts = np.broadcast_to(_counting(self.only, value, at), at.shape)
            at, value = at[counts], value[counts]
        order = np.argsort(at, kind="stable")
        return list(zip(at[order].tolist(), value[order].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """A condition and the words it reads."""

    holds: Compiled
    words: tuple[str, ...]


class Look:
    """A rule compiled for one kind of things; its standings are columns, one row a thing."""

    def __init__(
        self,
        rule: Rule,
        kind: str,
        kinds: dict[str, list[Subject]],
        blocks: dict[Any, int],
        zone: tzinfo,
    ) -> None:
        self.rule, self.kind = rule, kind
        self.things = kinds.get(kind, [])
        count = len(self.things)
        self.rank: Ranks = np.zeros(count, np.int8)
        self.way: Ranks = np.zeros(count, np.int8)
        self.goal: Ranks = np.zeros(count, np.int8)
        self.since: Ints = np.zeros(count, np.int64)
        self.silent: Bools = np.zeros(count, np.bool_)
        self.on: Bools = np.array([rule.looks_in(one.area_no) for one in self.things], np.bool_)
        self.words = {
            name: _word(asked, kind, kinds, blocks) for name, asked in rule.inputs.items()
        }
        self.figures = {name: _figure(rule, name, self.things) for name in rule.figures}
        self.levels = sorted(
            (
                (
                    rank_of(one.severity),
                    _asked(one.when, rule, zone),
                    _asked(one.until, rule, zone) if one.until else None,
                )
                for one in rule.levels
            ),
            key=lambda one: one[0],
        )
        self.derived = [
            (one.property, compiled(read(one.value, NUMBER), rule.tables, zone))
            for one in rule.then.derive
        ]
        self.timed = any(one.asked.over or one.asked.take == "age" for one in self.words.values())

    def newest(self, blocks: list[Block], rows: Ints) -> Ints:
        """The newest reading that any word has of each row."""
        found = np.full(len(rows), EMPTY, np.int64)
        for word in self.words.values():
            newest = blocks[word.block].newest
            if word.pool is None:
                found = np.maximum(found, newest[rows])
                continue
            for at, row in enumerate(rows):
                pool = word.pool[row]
                if len(pool):
                    found[at] = max(found[at], newest[pool].max())
        return found

    def columns(self, blocks: list[Block], rows: Ints, t: Ints, offset: int) -> dict[str, Column]:
        """Every word's column for some rows at their instants."""
        found: dict[str, Column] = {}
        for name, word in self.words.items():
            found[name] = _column(word, blocks[word.block], rows, t, offset)
        for name, values in self.figures.items():
            mine = values[rows] if values.ndim else values
            found[name] = (mine, np.logical_not(np.isnan(mine)))
        return found

    def target(self, blocks: list[Block], columns: dict[str, Column], rows: Ints, t: Ints) -> Ranks:
        """The rank that the conditions ask for. What eases falls to the next milder level that
        holds, or that has an `until` of its own which does not hold yet."""
        now = self.rank[rows]
        best, left = np.zeros(len(rows), np.int8), np.zeros(len(rows), np.int8)
        ended = ~np.isin(now, [rank for rank, _, _ in self.levels])
        for rank, when, until in self.levels:
            value, known = when.holds(columns, t)
            best = np.where(np.logical_and(value, known), np.int8(rank), best)
            over = np.logical_and(known, np.logical_not(value))
            below = np.broadcast_to(now >= rank, now.shape)
            if below.any() and not np.all(known):
                over = over | (~np.asarray(known) & self._unheard(when, blocks, columns, rows))
            if until is not None:
                ends, sure = until.holds(columns, t)
                whole = over
                over = np.logical_and(ends, sure)
                if below.any() and not np.all(sure):
                    lost = ~np.asarray(sure) & self._unheard(until, blocks, columns, rows)
                    over = np.where(lost, whole, over)
                left = np.where((rank < now) & ~over, np.int8(rank), left)
            ended = np.where(now == rank, over, ended)
        rising = best > now
        easing = (now > 0) & ended & ~rising
        found: Ranks = np.where(rising, best, np.where(easing, np.maximum(best, left), now))
        return found

    def _unheard(
        self, asked: Asked, blocks: list[Block], columns: dict[str, Column], rows: Ints
    ) -> Bools:
        """Where all that a condition misses is what never had a reading or has no figure: that
        opened no signal, so it holds none open."""
        found = np.zeros(len(rows), np.bool_)
        fallen = np.zeros(len(rows), np.bool_)
        for name in asked.words:
            missing = ~np.broadcast_to(np.asarray(columns[name][1], np.bool_), rows.shape)
            if not missing.any():
                continue
            never = self._never(name, blocks, rows)
            found |= missing & never
            fallen |= missing & ~never
        return found & ~fallen

    def _never(self, name: str, blocks: list[Block], rows: Ints) -> Bools:
        word = self.words.get(name)
        if word is None:
            return np.ones(len(rows), np.bool_)
        newest = blocks[word.block].newest
        if word.pool is None:
            never: Bools = newest[rows] == EMPTY
            return never
        pools = [newest[word.pool[row]] for row in rows.tolist()]
        return np.array([bool((one == EMPTY).all()) for one in pools], np.bool_)


def _asked(text: str, rule: Rule, zone: tzinfo) -> Asked:
    node = read(text)
    return Asked(compiled(node, rule.tables, zone), tuple(sorted(node.words())))


def _figure(rule: Rule, name: str, things: list[Subject]) -> Floats:
    asked = rule.figures[name]
    if not asked.by and not asked.areas:
        return np.array(np.nan if asked.value is None else asked.value, np.float64)
    values = [asked.of(thing.properties, thing.area_no) for thing in things]
    return np.array([np.nan if one is None else one for one in values], np.float64)


def _word(asked: Input, kind: str, kinds: dict[str, list[Subject]], blocks: dict[Any, int]) -> Word:
    whose = kind if asked.at == "thing" else asked.kind or kind
    only = compiled(read(asked.only), {}) if asked.only else None
    word = Word(asked, blocks[(whose, asked.of)], only)
    if asked.at == "thing" and not asked.where:
        return word
    word.pool = neighbours(asked, kinds.get(kind, []), kinds.get(whose, []))
    for row, pool in enumerate(word.pool):
        for other in pool.tolist():
            word.seen_by.setdefault(other, []).append(row)
    return word


def _column(word: Word, block: Block, rows: Ints, t: Ints, offset: int) -> Column:
    asked = word.asked
    if word.pool is not None:
        return _pooled(word, block, rows, t, offset)
    if not asked.over:
        newest, last = block.newest[rows], block.last[rows]
        known: Any = newest > EMPTY
        if word.only is not None:
            known = known & _counting(word.only, last, newest)
        return ((t - newest) / SECOND if asked.take == "age" else last), known
    return _windowed(word, block.at[rows], block.value[rows], t, offset)


def _counting(only: Compiled, value: Any, at: Any) -> Any:
    held, known = only({"value": (value, True)}, at)
    return np.logical_and(held, known)


def _windowed(word: Word, at: Any, value: Any, t: Ints, offset: int) -> Column:
    low, high = window_of(word.asked, t, offset)
    counts = (at > low[:, None]) & (at <= high[:, None])
    if word.only is not None:
        counts &= _counting(word.only, value, at)
    return figure(word.asked, at, value, counts, t)


def _pooled(word: Word, block: Block, rows: Ints, t: Ints, offset: int) -> Column:
    values, knowns = np.zeros(len(rows)), np.zeros(len(rows), np.bool_)
    for place, row in enumerate(rows.tolist()):
        pool = (word.pool or [])[row]
        if word.asked.over:
            at, value = block.at[pool].reshape(1, -1), block.value[pool].reshape(1, -1)
            one = t[place : place + 1]
            found, known = _windowed(word, at, value, one, offset)
        else:
            there = pool[block.newest[pool] > EMPTY]
            at, value = block.newest[there].reshape(1, -1), block.last[there].reshape(1, -1)
            counts = np.ones(at.shape, np.bool_)
            if word.only is not None:
                counts &= _counting(word.only, value, at)
            found, known = figure(word.asked, at, value, counts, t[place : place + 1])
        values[place], knowns[place] = found[0], known[0]
    return values, knowns
