"""What the folds of all events share: going to a state, growing sets."""

from dataclasses import replace
from typing import Any

from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.state import CLOSED, STAGE_OF, TERMINAL, CaseState, State
from chengyun.cases.events.stamped import CaseEvent

Changes = dict[str, Any]


def moved(state: CaseState, event: CaseEvent, to: State, clock: StageClock | None) -> Changes:
    """Go to a state: its stage's clock starts, goes on, or the old one stops; asks lapse."""
    changes: Changes = {"state": to}
    running = state.clock
    if clock is not None or (running is not None and STAGE_OF.get(to) != running.stage):
        if running is not None:
            stopped = replace(running, stopped_at=event.stamp.at)
            changes["past_clocks"] = (*state.past_clocks, stopped)
        changes["clock"] = clock
    if state.state == "suspended":
        changes["suspended_until"] = changes["suspended_from"] = None
    if STAGE_OF.get(to) != "dispose" or to == "handled":
        if state.extension_ask is not None:
            changes["extension_ask"] = None
        if state.suspension_ask is not None:
            changes["suspension_ask"] = None
    if (to in TERMINAL or to in CLOSED) and state.void_ask is not None:
        changes["void_ask"] = None
    return changes


def plus(items: tuple[Any, ...], *more: Any) -> tuple[Any, ...]:
    """The items and those of `more` that are new and not None, in order."""
    new = [item for item in dict.fromkeys(more) if item is not None and item not in items]
    return (*items, *new) if new else items


def by_dispatcher(state: CaseState, event: CaseEvent) -> Changes:
    return {
        "dispatched_by": plus(state.dispatched_by, event.stamp.by),
        "dispatched_orgs": plus(state.dispatched_orgs, event.stamp.org),
    }


def by_handler(state: CaseState, event: CaseEvent) -> Changes:
    return {
        "handled_by": plus(state.handled_by, event.stamp.by),
        "handled_orgs": plus(state.handled_orgs, event.stamp.org),
    }
