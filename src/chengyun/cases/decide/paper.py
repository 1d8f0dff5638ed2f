"""What was done on paper while the system was down, decided as if it had been done then.

History is only ever added to. What people did later than the paper says stands in the way and is
named; what time alone marked later (yellow, red, the ladder) is withdrawn by an event of its own,
because the work was done before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide.context import Context, Refusal, refuse
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.fold import evolve
from chengyun.cases.decide.limits import Limits
from chengyun.cases.decide.sentences import sentence
from chengyun.cases.decide.state import CaseState
from chengyun.cases.decide.wording import Names, instant_words
from chengyun.cases.events.stamped import Paper, Stamp

# Several cases at once are no line of a sheet.
_TOGETHER = ("merge", "split")


def too_old_or_ahead(occurred_at: datetime, now: datetime, limits: Limits) -> Refusal | None:
    """Refuses a time that has not come, or that paper may no longer be typed for."""
    if occurred_at > now:
        return refuse("invalid", "办理时间在将来", "This time lies ahead.", "occurred_at")
    days = limits.max_paper_days
    if now - occurred_at > timedelta(days=days):
        return refuse(
            "too_late",
            f"纸质记录须在{days}天内补录",
            f"Paper is to be entered within {days} days.",
            "occurred_at",
        )
    return None


def for_several(command: c.Command) -> Refusal | None:
    """Refuses what concerns several cases at once."""
    if command.move not in _TOGETHER:
        return None
    return refuse(
        "invalid", "并案、拆分须在系统中办理", "Merging and splitting are not for paper.", "move"
    )


def on_paper(
    history: Sequence[e.CaseEvent],
    command: c.Command,
    context: Context,
    paper: Paper,
    names: Names,
) -> list[e.CaseEvent] | Refusal:
    """The events of a command that somebody carried out on paper at `context.now`.

    Args:
        history: all events of the case, oldest first.
        context: of then: its `now` is when it was done, its actor who did it with the posts of
            then.
        names: what ids are called, for the step that stands in the way.
    """
    unfit = for_several(command)
    if unfit is not None:
        return unfit
    steps = _standing(history)
    before = [step for step in steps if step.event.at <= context.now]
    later = steps[len(before) :]
    if not before:
        return refuse(
            "out_of_order",
            "办理时间早于案件上报",
            "This time lies before the case was reported.",
            "occurred_at",
        )
    acts = [step.event for step in later if not _by_time_alone(step.event)]
    if acts:
        return _in_the_way(acts[0], names, context)
    state = steps[-1].state
    withdrawn: list[e.CaseEvent] = []
    if later:
        mark = _withdrawal(before[-1].state, state, len(later), context, paper)
        withdrawn = [mark]
        state = evolve(state, mark)
    outcome = decide(state, command, context)
    if isinstance(outcome, Refusal):
        return outcome
    return [*withdrawn, *marked(outcome, paper)]


def marked(events: Iterable[e.CaseEvent], paper: Paper) -> list[e.CaseEvent]:
    """The events with the paper's mark on what people did."""
    return [
        event
        if event.stamp.post == "system"
        else replace(event, stamp=replace(event.stamp, paper=paper))
        for event in events
    ]


@dataclass(frozen=True, slots=True)
class _Step:
    event: e.CaseEvent
    state: CaseState


def _standing(history: Sequence[e.CaseEvent]) -> list[_Step]:
    """The steps that still stand, each with the state it led to; their instants never fall."""
    steps: list[_Step] = []
    state: CaseState | None = None
    for event in history:
        state = evolve(state, event)
        if isinstance(event, e.MarksWithdrawn):
            del steps[len(steps) - event.marks :]
        steps.append(_Step(event, state))
    return steps


def _by_time_alone(event: e.CaseEvent) -> bool:
    if isinstance(event, e.CaseEscalated):
        return event.by_ladder
    return isinstance(event, e.ClockWarned | e.ClockOverdue)


def _withdrawal(
    then: CaseState, now: CaseState, marks: int, context: Context, paper: Paper
) -> e.MarksWithdrawn:
    grant = context.actor.grants[0] if context.actor.grants else None
    stamp = Stamp(
        now.id,
        now.version + 1,
        context.now,
        context.actor.id,
        grant.org_id if grant else None,
        grant.post if grant else None,
        paper,
    )
    return e.MarksWithdrawn(
        stamp, marks, then.clock, then.overtime, then.escalation, then.extension_ask
    )


def _in_the_way(event: e.CaseEvent, names: Names, context: Context) -> Refusal:
    zone = context.calendar.zone
    at, said = instant_words(event.at, zone), sentence(event, names, zone)
    return refuse(
        "out_of_order",
        f"系统中已有更晚的记录，纸质记录不能插在其前。{at['zh']}：{said['zh']}",
        f"A later step is recorded already; paper cannot go before it. {at['en']}: {said['en']}",
        "occurred_at",
    )
