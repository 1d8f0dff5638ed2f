"""When a signal opens, grows worse, eases and closes. Ranks: 0 none, 1 (IV, blue) … 4 (I, red)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule stands with a thing.

    Attributes:
        rank: of its open signal. way: 1 while something worse must hold, -1 while it settles.
        goal: the mildest rank seen while waiting upwards, the worst while waiting downwards.
        since: µs; when waiting began. silent: whether silence is being told.
    """

    rank: int = 0
    way: int = 0
    goal: int = 0
    since: int = 0
    silent: bool = False


def rank_of(severity: int) -> int:
    """I … IV (1 … 4) as a rank."""
    return 5 - severity


def severity_of(rank: int) -> int:
    """A rank as I … IV (1 … 4)."""
    return 5 - rank


def moved(now: Standing, target: int, at: int, hold: int, settle: int) -> Standing:
    """The standing after a look: `target` is the rank that the conditions ask for.

    Args:
        at: instant looked at, µs. hold, settle: how long to wait, µs.
    """
    way = (target > now.rank) - (target < now.rank)
    if not way:
        return Standing(now.rank, silent=now.silent)
    waiting = now.way == way
    since = now.since if waiting else at
    goal = (min if way > 0 else max)(now.goal, target) if waiting else target
    if at - since < (hold if way > 0 else settle):
        return Standing(now.rank, way, goal, since, now.silent)
    after = (target > goal) - (target < goal)
    # Something further yet is asked for: it begins to wait now, or goes at once.
    if after:
        return moved(Standing(goal, silent=now.silent), target, at, hold, settle)
    return Standing(goal, silent=now.silent)
