"""Readings of many things of one kind and property, as far back as any rule looks."""

from typing import Any

import numpy as np
import numpy.typing as npt

from chengyun.rules.decide.declared import Input
from chengyun.sensing.decide.readings import Floats, Ints

EMPTY = -(2**62)
SECOND = 1_000_000
_FIRST_WIDTH = 4

Bools = npt.NDArray[np.bool_]


class Block:
    """One row a thing; `at` and `value` are rings of equal width, `newest` the latest reading.

    Args:
        count: how many things. need: how far back rules look, in µs; 0: only the newest is kept.
    """

    def __init__(self, count: int, need: int) -> None:
        self.need = need
        self.newest: Ints = np.full(count, EMPTY, np.int64)
        self.last: Floats = np.zeros(count)
        self.at: Ints = np.full((count, _FIRST_WIDTH if need else 0), EMPTY, np.int64)
        self.value: Floats = np.zeros(self.at.shape)
        self._head: Ints = np.zeros(count, np.int64)

    def put(self, rows: Ints, at: Ints, value: Floats) -> None:
        """Take one reading for each of these rows (no row twice); the same instant is replaced,
        and what no window reaches any more is left out."""
        reached = np.maximum(self.newest[rows], at) - self.need
        if self.need:
            fit = at > reached
            self._keep(rows[fit], at[fit], value[fit], reached[fit])
        fresh = at >= self.newest[rows]
        self.newest[rows[fresh]], self.last[rows[fresh]] = at[fresh], value[fresh]

    def _keep(self, rows: Ints, at: Ints, value: Floats, reached: Ints) -> None:
        same = self.at[rows] == at[:, None]
        again = same.any(axis=1)
        if again.any():
            self.value[rows[again], same[again].argmax(axis=1)] = value[again]
            rows, at, value, reached = (one[~again] for one in (rows, at, value, reached))
        while True:
            place = self._head[rows]
            held = self.at[rows, place] > reached
            if not held.any():
                break
            late = np.flatnonzero(held)
            oldest = self.at[rows[late]].argmin(axis=1)
            if (self.at[rows[late], oldest] > reached[late]).any():
                self._widen()
                continue
            self._head[rows[late]] = oldest
        self.at[rows, place], self.value[rows, place] = at, value
        self._head[rows] = (place + 1) % self.at.shape[1]

    def _widen(self) -> None:
        width = self.at.shape[1]
        self.at = np.concatenate([np.full(self.at.shape, EMPTY, np.int64), self.at], axis=1)
        self.value = np.concatenate([np.zeros(self.value.shape), self.value], axis=1)
        # Where a ring would be written next is room now.
        full = np.arange(len(self._head))
        self._head[full] = np.where(self.at[:, 0] == EMPTY, 0, width)


def window_of(asked: Input, t: Ints, offset: int) -> tuple[Ints, Ints]:
    """The instants after which and up to which readings count.

    Args:
        t: instants looked at, µs. offset: how far the city's clock is ahead of UTC, µs.
    """
    over = asked.over * SECOND
    if asked.aligned:
        end = (t + offset) // over * over - offset
        return end - over - 1, end - 1
    return t - over, t


def reach(asked: Input) -> int:
    """How far back an input looks, µs."""
    if asked.take == "age" or not asked.over:
        return 0
    return asked.over * SECOND * (2 if asked.aligned else 1) + 1


def figure(asked: Input, at: Ints, value: Floats, counts: Bools, t: Ints) -> tuple[Any, Any]:
    """A figure of each row's window, and whether it is known.

    Args:
        at, value, counts: rows of readings, and which of them count.
        t: the instants looked at.
    """
    some = counts.any(axis=1)
    take = asked.take
    if take == "count":
        return counts.sum(axis=1).astype(np.float64), np.ones(len(t), np.bool_)
    if take == "min":
        return np.where(counts, value, np.inf).min(axis=1, initial=np.inf), some
    if take == "max":
        return np.where(counts, value, -np.inf).max(axis=1, initial=-np.inf), some
    if take in ("sum", "mean"):
        total = np.where(counts, value, 0.0).sum(axis=1)
        if take == "sum":
            return total, some
        return total / np.maximum(counts.sum(axis=1), 1), some
    if take == "percentile":
        return _percentile(value, counts, asked.percent or 0.0), some
    if not at.shape[1]:
        return np.zeros(len(t)), some
    rows = np.arange(len(t))
    last = np.where(counts, at, EMPTY).argmax(axis=1)
    if take == "value":
        return value[rows, last], some
    if take == "age":
        return (t - at[rows, last]) / SECOND, some
    first = np.where(counts, at, -EMPTY).argmin(axis=1)
    change = value[rows, last] - value[rows, first]
    if take == "change":
        return change, some
    gone = (at[rows, last] - at[rows, first]) / SECOND
    return change / np.where(gone > 0, gone, 1.0), np.logical_and(some, gone > 0)


def _percentile(value: Floats, counts: Bools, percent: float) -> Floats:
    ordered = np.sort(np.where(counts, value, np.inf), axis=1)
    n = counts.sum(axis=1)
    place = np.maximum(n - 1, 0) * (percent / 100)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(n - 1, 0))
    rows = np.arange(len(n))
    if not ordered.shape[1]:
        return np.zeros(len(n))
    a, b = ordered[rows, low], ordered[rows, high]
    found: Floats = np.where(n > 0, a + np.where(b > a, b - a, 0.0) * (place - low), 0.0)
    return found
