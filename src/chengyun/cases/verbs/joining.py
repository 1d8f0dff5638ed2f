"""Me too: a further report of a public case, with a tracking code of its own."""

from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.context import Context, Refusal
from chengyun.cases.decide.moderating import join
from chengyun.cases.models import Case, CasePhoto
from chengyun.cases.reads.jitter import shown_at
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.reads.similar import metres_between
from chengyun.cases.verbs.arriving import Intake
from chengyun.cases.verbs.checking import contact_faults, plain
from chengyun.cases.verbs.contact import report_row, report_rows
from chengyun.cases.verbs.moves import apply, hold_unscoped, problem_of
from chengyun.kernel.actor import PUBLIC, Actor
from chengyun.kernel.copy import insert_together
from chengyun.kernel.ids import new_code
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.scope import bind, bind_subject
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

# Nobody sees a case from further away; measured to where it is shown, so that nothing is told.
NEAR_METRES = 500.0
NUMBER_MAX = 40


@verb("cases.join")
def join_case(actor: Actor, *, now: datetime, item: Intake, joins: str) -> JsonObject:
    """Report what is reported already.

    Args:
        joins: the number of a public, open case near the reported place.

    Returns:
        {"id", "no", "state", "version", "track_code", "lead_unit", "due_at"}

    Raises:
        Invalid: no such case, too far away, or a text or contact that cannot be kept.
        Conflict: it was closed meanwhile.
    """
    faults = contact_faults(item.contact)
    if not plain(item.text):
        faults.append(FieldError("text", "holds a NUL character or half a surrogate", "bad_text"))
    if faults:
        raise Invalid(faults)
    case_id = _joined(item, joins)
    bind_subject(case_id)
    held = hold_unscoped(case_id)
    rules = rulebook().of(held.state.city)
    context = Context(now, actor, rules.calendar, rules.limits)
    outcome = join(held.state, context, item.source, item.photos)
    if isinstance(outcome, Refusal):
        raise problem_of(outcome)
    after = apply(actor, {case_id: held}, outcome, now=now)[case_id]
    code = new_code()
    row = report_row(case_id, code, item.source, item.text, now, actor, item.contact, now)
    insert_together(report_rows([row]))
    CasePhoto.objects.filter(case_id=case_id, upload_id__in=item.photos).update(report_id=row[0])
    return {
        "id": str(case_id),
        "no": after.no,
        "state": after.state,
        "version": after.version,
        "track_code": code,
        "lead_unit": str(after.lead_unit) if after.lead_unit else None,
        "due_at": after.due_at.isoformat() if after.due_at else None,
    }


def _joined(item: Intake, number: str) -> UUID:
    bind(PUBLIC.scope())
    found = Case.objects.public().filter(no=number.strip()[:NUMBER_MAX]).first()
    if found is None:
        raise Invalid([FieldError("joins", "is no public case", "unknown_case")])
    if item.lon is not None and item.lat is not None and found.lon is not None:
        lon, lat = shown_at(found.id, found.lon, found.lat or 0.0)
        if metres_between(item.lon, item.lat, lon, lat) > NEAR_METRES:
            raise Invalid([FieldError("joins", "is too far from the place named", "too_far")])
    return found.id
