"""How a stream is, by what it said last, and whether it drifts away from its neighbours."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.packing import NEVER
from chengyun.sensing.decide.readings import Floats

MISSED = 3
"""So many intervals without a reading, and a stream is dead."""
DAYS = 3
"""Days at the beginning of a span that say how a stream lay to its neighbours before."""
NOISES = 5.0
TURNED = 0.6


@dataclass(frozen=True, slots=True)
class Found:
    """A state, since when (microseconds, None: always), and the figures it rests on."""

    state: str
    since: int | None
    why: JsonObject


def vital(at: int, since: int, every_s: int, stuck_after_s: int | None, now: int) -> Found:
    """Whether a stream speaks, and says different things. All instants in microseconds."""
    if at == NEVER:
        return Found("silent", None, {})
    silent_s = (now - at) / 1e6
    if silent_s > MISSED * every_s:
        why = {"silent_s": round(silent_s), "every_s": every_s, "missed": MISSED}
        return Found("dead", at + MISSED * every_s * 1_000_000, why)
    same_s = (at - since) / 1e6
    if stuck_after_s and same_s >= stuck_after_s:
        why = {"same_s": round(same_s), "stuck_after_s": stuck_after_s}
        return Found("stuck", since + stuck_after_s * 1_000_000, why)
    return Found("fine", None, {})


def drift(own: Floats, neighbours: Floats) -> JsonObject | None:
    """Whether a stream leaves its neighbours, by its means of some days; the figures if it does.

    The difference to the neighbours' median is taken each day. It is drift when on the last day it
    lies more than five times its usual scatter away from where it lay on the first three days, and
    went there steadily (Kendall's tau of days against differences beyond 0.6).

    Args:
        own: means of days, NaN where there is none, (days,).
        neighbours: the same of at least three neighbours, (neighbours, days).
    """
    if len(neighbours) < 3:
        return None
    days = np.flatnonzero(np.isfinite(own) & np.isfinite(neighbours).any(axis=0))
    if len(days) < 2 * DAYS:
        return None
    neighbours = neighbours[:, days]
    apart = own[days] - np.nanmedian(neighbours, axis=0)
    before = float(np.median(apart[:DAYS]))
    steps = np.abs(np.diff(apart))
    # Neighbours scatter among themselves too; a stream that repeats itself exactly has no noise.
    among = float(np.nanmedian(np.nanstd(neighbours, axis=0)))
    noise = max(float(np.median(steps)) / 2, among / 10, 1e-9)
    moved = float(apart[-1]) - before
    tau = _tau(apart)
    if abs(moved) <= NOISES * noise or abs(tau) < TURNED or tau * moved < 0:
        return None
    return {
        "by": "neighbours",
        "neighbours": len(neighbours),
        "days": len(days),
        "moved": round(moved, 6),
        "noise": round(noise, 6),
        "tau": round(tau, 3),
    }


def _tau(values: Floats) -> float:
    signs: Any = np.sign(values[None, :] - values[:, None])
    upper = np.triu_indices(len(values), 1)
    return float(signs[upper].mean())
