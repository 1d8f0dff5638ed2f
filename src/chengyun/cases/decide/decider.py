"""Deciding: a command on a case becomes events, or a refusal that says why. Never an exception."""

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide.arrivals import ImportCase, Report
from chengyun.cases.decide.context import Context, Refusal, refuse
from chengyun.cases.decide.intake import imported, report
from chengyun.cases.decide.moves import (
    asking,
    closing,
    disposing,
    opening,
    relocating,
    watching,
)
from chengyun.cases.decide.moves.shape import Move
from chengyun.cases.decide.state import CaseState
from chengyun.cases.decide.ticking import caught_up, renewed
from chengyun.cases.events.stamped import Stamp

MOVES: dict[str, Move] = {
    move.id: move
    for room in (opening, disposing, closing, asking, watching, relocating)
    for move in room.MOVES
}


def decide(
    state: CaseState | None, command: c.Command, context: Context
) -> list[e.CaseEvent] | Refusal:
    """The events that a command leads to, in order, or why it is refused.

    Whatever was due before `context.now` comes first in the list. Merge and split also give
    events of the other cases: group them by `case_id`. An empty list means that there was nothing
    to do (a tick too early).
    """
    if isinstance(command, Report | ImportCase):
        if state is not None:
            return refuse("exists", "案件已存在", "The case exists already.", "id")
        made = (
            report(command, context) if isinstance(command, Report) else imported(command, context)
        )
        return made if isinstance(made, Refusal) else list(made)
    if state is None:
        return refuse("unknown_case", "没有此案件", "There is no such case.")
    if context.version is not None and context.version != state.version:
        return refuse(
            "stale",
            "案件已被他人更新，请刷新后再试",
            "Somebody changed the case meanwhile; look again before you decide.",
        )
    now_state, news = caught_up(state, context)
    if isinstance(command, c.Tick | c.Recompute):
        return _by_system(now_state, news, command, context)
    turn = MOVES[command.move].permit(now_state, context)
    if isinstance(turn, Refusal):
        return turn
    outcome = MOVES[command.move].act(turn, command)
    return outcome if isinstance(outcome, Refusal) else [*news, *outcome]


def _by_system(
    state: CaseState, news: list[e.CaseEvent], command: c.Command, context: Context
) -> list[e.CaseEvent] | Refusal:
    if context.actor.kind != "system":
        return refuse("not_yours", "此操作由系统进行", "This is for the system.")
    if isinstance(command, c.Recompute):
        clock = renewed(state, context.calendar, context.limits)
        if clock is not None:
            at = max(context.now, state.updated_at)
            stamp = Stamp(state.id, state.version + 1, at, None, None, "system")
            return [*news, e.ClockRecomputed(stamp, clock)]
    return news
