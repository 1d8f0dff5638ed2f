"""Carrying out what paper says: as its doer, at its time, entered by somebody else now."""

from dataclasses import replace
from uuid import UUID

from chengyun.cases.decide.context import Refusal
from chengyun.cases.decide.paper import for_several, on_paper
from chengyun.cases.events.stamped import Paper
from chengyun.cases.models import Case
from chengyun.cases.policy import may_enter_paper, may_report_for_others
from chengyun.cases.reads.called import Called
from chengyun.cases.reads.history import histories
from chengyun.cases.verbs.arriving import Intake
from chengyun.cases.verbs.intake import Typed, take
from chengyun.cases.verbs.moves import apply, context_for, hold, problem_of, read_command, receipt
from chengyun.cases.verbs.naming import check_named
from chengyun.cases.verbs.sheets import PaperRow
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, Problem
from chengyun.kernel.scope import bind, bind_subject
from chengyun.kernel.text import JsonObject


def problem_of_row(refusal: Refusal) -> Problem:
    """A refusal of a line, its field being the line's own."""
    problem = problem_of(replace(refusal, field=None))
    if isinstance(problem, Invalid) and refusal.field:
        said = FieldError(refusal.field, refusal.reason["en"], refusal.code)
        return Invalid([said], reason=refusal.reason)
    return problem


def report_then(actor: Actor, doer: Actor, row: PaperRow, paper: Paper) -> JsonObject:
    if not row.no.strip():
        raise Invalid([FieldError("no", "is missing: every sheet has its number", "required")])
    may_enter_paper(actor, doer, None)
    may_report_for_others(doer)
    item = replace(row.item or Intake(), reported_at=row.occurred_at)
    done = take(doer, [item], row.occurred_at, Typed(actor, paper))[0]
    if isinstance(done, Invalid):
        raise done
    # The typist keeps sight of the fresh case while its sheet is noted down.
    bind(actor.scope())
    bind_subject(UUID(done["id"]))
    return done


def move_then(actor: Actor, doer: Actor, row: Case, line: PaperRow, paper: Paper) -> JsonObject:
    command = read_command(line.move, line.params or {})
    unfit = for_several(command)
    if unfit is not None:
        raise problem_of_row(unfit)
    bind(actor.scope())
    held = hold(actor, [row.id])
    bind_subject(row.id)
    case, then = held[row.id], line.occurred_at
    context = context_for(doer, case, command, held, then, None)
    history = [event for event, _ in histories([row.id])[row.id]]
    outcome = on_paper(history, command, context, paper, Called())
    if isinstance(outcome, Refusal):
        own = outcome.field in ("occurred_at", "move")
        raise problem_of_row(outcome) if own else problem_of(outcome)
    check_named(command, case.state, then)
    after = apply(doer, held, outcome, now=paper.entered_at, typist=actor)
    return receipt(after[row.id])
