"""What time alone does to a case: yellow, red, the ladder, the end of a hold, the archive.

Every command first lets overdue ticks happen, so the record never depends on how promptly the
scheduler comes: an event's instant is when it was due, not when somebody noticed.
"""

from chengyun.cases import events as e
from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.clocks import StageClock, escalation_at, recomputed
from chengyun.cases.decide.context import Context
from chengyun.cases.decide.fold import evolve
from chengyun.cases.decide.limits import ESCALATION_LEVELS, Limits
from chengyun.cases.decide.state import CLOSED, CaseState
from chengyun.cases.events.stamped import Stamp


def caught_up(state: CaseState, context: Context) -> tuple[CaseState, list[e.CaseEvent]]:
    """The state after everything that was due by now, and the events that lead there."""
    news: list[e.CaseEvent] = []
    due = state.next_tick_at
    while due is not None and due <= context.now:
        stamp = Stamp(state.id, state.version + 1, max(due, state.updated_at), None, None, "system")
        event = _tick(state, stamp, context)
        news.append(event)
        state = evolve(state, event)
        due = state.next_tick_at
    return state, news


def _tick(state: CaseState, stamp: Stamp, context: Context) -> e.CaseEvent:
    clock = state.clock
    if state.state in CLOSED:
        return e.CaseArchived(stamp)
    # A hold may outlast every clock: a case without one is resumed all the same.
    if state.state == "suspended" or clock is None:
        return e.CaseResumed(stamp)
    if clock.overdue_at is not None:
        return _climb(clock, stamp, context)
    if clock.warned_at is None:
        return e.ClockWarned(stamp, clock.stage)
    rung = _first_rung(state, context.limits)
    when = escalation_at(clock, rung, context.calendar, context.limits)
    return e.ClockOverdue(stamp, clock.stage, clock.due_at, when, rung)


def _first_rung(state: CaseState, limits: Limits) -> int:
    """The lowest rung above the level that is told already."""
    reached = -1 if state.escalation is None else ESCALATION_LEVELS.index(state.escalation)
    for index, rung in enumerate(limits.ladder):
        if ESCALATION_LEVELS.index(rung.level) > reached:
            return index
    return len(limits.ladder)


def _climb(clock: StageClock, stamp: Stamp, context: Context) -> e.CaseEvent:
    ladder = context.limits.ladder
    # The ladder may have become shorter since the clock turned red.
    rung = min(clock.rung, len(ladder) - 1)
    level = ladder[rung].level if ladder else ESCALATION_LEVELS[-1]
    following = clock.rung + 1
    when = escalation_at(clock, following, context.calendar, context.limits)
    return e.CaseEscalated(stamp, level, "", following, when, True)


def renewed(state: CaseState, calendar: Calendar, limits: Limits) -> StageClock | None:
    """The running clock by a newer calendar, if it was provisional and changes by that."""
    clock = state.clock
    if clock is None or not clock.provisional:
        return None
    fresh = recomputed(clock, calendar, limits)
    return None if fresh == clock else fresh
