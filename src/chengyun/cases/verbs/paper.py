"""Paper: what a desk did by hand while the system was down, typed later with its own times."""

from datetime import datetime

from django.db import IntegrityError, transaction

from chengyun.cases.decide.paper import too_old_or_ahead
from chengyun.cases.events.stamped import Paper
from chengyun.cases.models import PaperEntry
from chengyun.cases.policy import may_enter_paper, typing_desk
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.verbs.backdating import move_then, problem_of_row, report_then
from chengyun.cases.verbs.sheets import PaperRow, case_of, city_of, first_of, person_of
from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, Problem
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people.reads import actor_for

ROWS_MAX = 200


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
    person = person_of(actor, row)
    case = None if row.item is not None else case_of(actor, org, row.case)
    no = row.no.strip() or f"{row.case}/{row.move}/{row.occurred_at:%Y%m%dT%H%M%S}/{person.id}"
    first = first_of(org, no)
    if first is not None:
        return first
    city = areas.city_of(case.area_no if case else city_of(actor, row))
    late = too_old_or_ahead(row.occurred_at, now, rulebook().of(city).limits)
    if late is not None:
        raise problem_of_row(late)
    paper = Paper(actor.id or person.id, now, row.no.strip())
    doer = actor_for(person, now=row.occurred_at)
    if not doer.grants:
        raise Invalid([FieldError("by", "held no post at that time", "no_post")])
    if case is None:
        done = report_then(actor, doer, row, paper)
    else:
        may_enter_paper(actor, doer, case.area_no)
        done = move_then(actor, doer, case, row, paper)
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
