"""What becomes of each reading of a batch, given what its streams said before.

Streams whose readings come in order are judged all together in numpy. A stream that has anything
unusual in the batch (late, given twice, corrected) is judged reading by reading; `tests/sensing`
holds the two against each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chengyun.sensing.decide.packing import STATE, State
from chengyun.sensing.decide.readings import (
    CORRECTED,
    DOUBTFUL,
    IMPOSSIBLE,
    LATE,
    STUCK,
    Flags,
    Floats,
    Ints,
)

Marks = npt.NDArray[np.bool_]
Kept = Mapping[tuple[int, int], float]
"""(stream, at) → the value in the store, for every reading of a batch that is not new in time."""

STORED, DUPLICATE, CORRECTION, GONE = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked of each stream, one row a stream; microseconds, NaN and 0 where none."""

    low: Floats
    high: Floats
    jump: Floats
    stuck_us: Ints
    climbs: Marks

    def of(self, rows: Ints) -> "Limits":
        """The limits of some streams."""
        return Limits(
            self.low[rows], self.high[rows], self.jump[rows], self.stuck_us[rows], self.climbs[rows]
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """The sound readings of a batch, sorted by stream; equal streams in the order they came.

    Attributes:
        who: row → place of its stream in `Limits` and the state.
        at: microseconds. value: numbers; of a category, the word's place in its list.
    """

    who: Ints
    at: Ints
    value: Floats

    def __len__(self) -> int:
        return len(self.who)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One class and one set of flags a row, and the streams' newest values afterwards.

    `final` marks rows whose value is the one to keep: of several for one instant, the last.
    """

    outcome: npt.NDArray[np.int8]
    flags: Flags
    final: Marks
    late: int


def unusual(asked: Asked, state: State) -> Marks:
    """Rows of streams whose readings are not strictly newer than all before them."""
    first = _firsts(asked.who)
    before = np.empty(len(asked), np.int64)
    before[1:] = asked.at[:-1]
    before[first] = state["at"][asked.who[first]]
    streams = np.zeros(len(state), np.bool_)
    streams[asked.who[asked.at <= before]] = True
    marks: Marks = streams[asked.who]
    return marks


def _firsts(who: Ints) -> Marks:
    first = np.empty(len(who), np.bool_)
    first[:1] = True
    np.not_equal(who[1:], who[:-1], out=first[1:])
    return first


def judge(asked: Asked, limits: Limits, state: State, kept: Kept, received: int) -> Verdict:
    """Classes and flags of all rows; `state` is moved on in place.

    Args:
        limits, state: one row a stream of the batch.
        received: now, in microseconds.
    """
    n = len(asked)
    verdict = Verdict(np.zeros(n, np.int8), np.zeros(n, np.int32), np.ones(n, np.bool_), 0)
    if not n:
        return verdict
    odd = unusual(asked, state)
    plain = np.flatnonzero(~odd)
    if len(plain):
        part = Asked(asked.who[plain], asked.at[plain], asked.value[plain])
        verdict.flags[plain] = _in_order(part, limits, state, received)
    late = 0
    if len(plain) < n:
        late = _one_by_one(asked, np.flatnonzero(odd), limits, state, kept, received, verdict)
    return Verdict(verdict.outcome, verdict.flags, verdict.final, late)


def _in_order(rows: Asked, limits: Limits, state: State, received: int) -> Flags:
    who, at, value = rows.who, rows.at, rows.value
    first = _firsts(who)
    heads = who[first]
    of = limits.of(who)
    flags = np.zeros(len(who), np.int32)
    out = (value < of.low) | (value > of.high)
    flags[out] = IMPOSSIBLE
    before, bad = np.empty_like(value), np.empty(len(who), np.bool_)
    before[1:], bad[1:] = value[:-1], out[:-1]
    before[first] = state["value"][heads]
    bad[first] = (state["flags"][heads] & IMPOSSIBLE) != 0
    step = value - before
    doubt = ((np.abs(step) > of.jump) | (of.climbs & (step < 0))) & ~bad & ~out
    flags[doubt] |= DOUBTFUL
    # How long each value has been the same: a run begins where it changes, or before the batch.
    same = value == before
    since = at.copy()
    carried = first & same
    since[carried] = state["since"][who[carried]]
    begins = np.maximum.accumulate(np.where(~same | first, np.arange(len(who)), 0))
    since = since[begins]
    flags[(of.stuck_us > 0) & (at - since >= of.stuck_us)] |= STUCK
    last = np.empty(len(who), np.bool_)
    last[-1:], last[:-1] = True, first[1:]
    ends = who[last]
    fresh = np.empty(len(ends), STATE)
    fresh["at"], fresh["value"], fresh["since"] = at[last], value[last], since[last]
    fresh["flags"], fresh["received"] = flags[last], received
    state[ends] = fresh
    return flags


def _one_by_one(
    asked: Asked,
    rows: Ints,
    limits: Limits,
    state: State,
    kept: Kept,
    received: int,
    verdict: Verdict,
) -> int:
    """Judge the rows of streams with something unusual; returns how many stored ones are late."""
    seen: dict[tuple[int, int], tuple[float, int]] = {}
    late = 0
    for row in rows.tolist():
        who, at, value = int(asked.who[row]), int(asked.at[row]), float(asked.value[row])
        newest = state[who]
        known = seen.get((who, at))
        before = known[0] if known else kept.get((who, at))
        if before is not None and before == value:
            verdict.outcome[row], verdict.final[row] = DUPLICATE, False
            continue
        low, high = float(limits.low[who]), float(limits.high[who])
        flags = IMPOSSIBLE if value < low or value > high else 0
        if before is not None:
            verdict.outcome[row] = CORRECTION
            flags |= CORRECTED
            if at == newest["at"]:
                newest["value"], newest["since"], newest["flags"] = value, at, flags
            if known:
                verdict.final[known[1]] = False
                flags |= int(verdict.flags[known[1]]) & LATE
        elif at < newest["at"]:
            flags |= LATE
            late += 1
        else:
            flags |= _against(
                newest, value, float(limits.jump[who]), bool(limits.climbs[who]), flags
            )
            since = int(newest["since"]) if newest["value"] == value else at
            stuck = int(limits.stuck_us[who])
            if stuck and at - since >= stuck:
                flags |= STUCK
            state[who] = (at, since, received, value, flags)
        verdict.flags[row] = flags
        seen[(who, at)] = (value, row)
    return late


def _against(newest: np.void, value: float, jump: float, climbs: bool, flags: int) -> int:
    """Whether a step from the newest value is doubtful."""
    if newest["flags"] & IMPOSSIBLE or flags & IMPOSSIBLE:
        return 0
    step = value - float(newest["value"])
    return DOUBTFUL if abs(step) > jump or (climbs and step < 0) else 0
