"""Paper: what a desk did by hand while the system was down, typed later with its own times."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from chengyun.cases.decide.context import Refusal
from chengyun.cases.decide.paper import for_several, on_paper, too_old_or_ahead
from chengyun.cases.events.stamped import Paper
from chengyun.cases.models import Case, PaperEntry
from chengyun.cases.policy import may_enter_paper, may_report_for_others, typing_desk
from chengyun.cases.reads.called import Called
from chengyun.cases.reads.history import histories
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.verbs.arriving import Intake
from chengyun.cases.verbs.intake import Typed, take
from chengyun.cases.verbs.moves import apply, context_for, hold, problem_of, read_command, receipt
from chengyun.cases.verbs.naming import check_named
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound, Problem
from chengyun.kernel.scope import bind, bind_subject
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people.models import User
from chengyun.people.reads import actor_for

ROWS_MAX = 200


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One line of paper: a report taken, or a move made on a case.

    `by` is the user name or id of who did it, `case` a case's number or id, or the paper number
    of a report. `no` may be empty for a move.
    """

    no: str
    occurred_at: datetime
    by: str = ""
    item: Intake | None = None
    case: str = ""
    move: str = ""
    params: JsonObject | None = None


@verb("cases.enter_paper")
def enter_paper(actor: Actor, *, now: datetime, rows: tuple[PaperRow, ...]) -> JsonObject:
    """Enter lines of paper in the order of their times; each succeeds or says why.

    Returns:
        {"results": [{"ok", "already", "id", "no", "state", …} or {"ok", "problem"}], "count"}
    """
    if len(rows) > ROWS_MAX:
        raise Invalid([FieldError("rows", f"at most {ROWS_MAX} at once", "too_many")])
    results: dict[int, JsonObject] = {}
    for at in sorted(range(len(rows)), key=lambda one: rows[one].occurred_at):
        try:
            with transaction.atomic():
                bind(actor.scope())
                results[at] = {"ok": True, **_entered(actor, rows[at], now)}
        except Problem as problem:
            results[at] = {"ok": False, "problem": problem.as_dict()}
    bind(actor.scope())
    fresh = [one for one in results.values() if one["ok"] and not one["already"]]
    return {"results": [results[at] for at in range(len(rows))], "count": len(fresh)}


def _entered(actor: Actor, row: PaperRow, now: datetime) -> JsonObject:
    org = typing_desk(actor)
    person = _person(actor, row)
    case = None if row.item is not None else _case(actor, org, row.case)
    no = row.no.strip() or f"{row.case}/{row.move}/{row.occurred_at:%Y%m%dT%H%M%S}/{person.id}"
    first = _first(org, no)
    if first is not None:
        return first
    city = areas.city_of(case.area_no if case else _city(actor, row))
    late = too_old_or_ahead(row.occurred_at, now, rulebook().of(city).limits)
    if late is not None:
        raise problem_of_row(late)
    paper = Paper(actor.id or person.id, now, row.no.strip())
    doer = actor_for(person, now=row.occurred_at)
    if not doer.grants:
        raise Invalid([FieldError("by", "held no post at that time", "no_post")])
    if case is None:
        done = _report(actor, doer, row, paper)
    else:
        may_enter_paper(actor, doer, case.area_no)
        done = _moved(actor, doer, case, row, paper)
    entry = PaperEntry(
        org_id=org,
        no=no,
        case_id=done["id"],
        what=row.move or "report",
        occurred_at=row.occurred_at,
        acted_by=person.id,
        entered_at=now,
        entered_by=actor.id,
        entered_by_name=actor.name,
    )
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("This sheet is being entered by somebody else.", code="exists") from error
    return {**done, "already": False, "entered_at": now.isoformat(), "entered_by": actor.name}


def problem_of_row(refusal: Refusal) -> Problem:
    """A refusal of a line, its field being the line's own."""
    problem = problem_of(replace(refusal, field=None))
    if isinstance(problem, Invalid) and refusal.field:
        said = FieldError(refusal.field, refusal.reason["en"], refusal.code)
        return Invalid([said], reason=refusal.reason)
    return problem


def _person(actor: Actor, row: PaperRow) -> User:
    """Who did it: somebody in the typist's sight, or the typist."""
    wanted = row.by.strip()
    same = Q(pk=actor.id) if not wanted else Q(username__iexact=wanted)
    with suppress(ValueError):
        same |= Q(pk=UUID(wanted))
    found = User.objects.visible_to(actor).filter(same).first()
    if found is None:
        raise Invalid([FieldError("by", "is nobody known here", "unknown_person")])
    return found


def _case(actor: Actor, org: UUID, named: str) -> Case:
    words = named.strip()
    same = Q(no=words.upper())
    with suppress(ValueError):
        same |= Q(pk=UUID(words))
    on_sheet = PaperEntry.objects.filter(org_id=org, no=words, what="report")
    found = Case.objects.visible_to(actor).filter(
        same | Q(pk__in=on_sheet.values_list("case_id", flat=True))
    )
    row = found.first() if words else None
    if row is None:
        raise NotFound("There is no such case.")
    return row


def _city(actor: Actor, row: PaperRow) -> int:
    if row.item is not None and row.item.city_no:
        return row.item.city_no
    return actor.grants[0].area_no


def _first(org: UUID, no: str) -> JsonObject | None:
    """What a number stands for already, whoever may see the case by now."""
    bind(SYSTEM.scope())
    found = PaperEntry.objects.filter(org_id=org, no=no).first()
    if found is None:
        return None
    case = Case.objects.get(pk=found.case_id)
    return {
        "id": str(case.id),
        "no": case.no,
        "state": case.state,
        "version": case.version,
        "already": True,
        "entered_at": found.entered_at.isoformat(),
        "entered_by": found.entered_by_name,
    }


def _report(actor: Actor, doer: Actor, row: PaperRow, paper: Paper) -> JsonObject:
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


def _moved(actor: Actor, doer: Actor, row: Case, line: PaperRow, paper: Paper) -> JsonObject:
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
