"""Objections to published figures, and what comes of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.vitals import policy
from chengyun.vitals.models import Excuse, Objection, Publication
from chengyun.vitals.reads.kept import counted_cases
from chengyun.vitals.reads.published import find
from chengyun.vitals.reads.tables import wanted
from chengyun.vitals.verbs.finding import reason_given
from chengyun.vitals.verbs.publishing import freeze

CASES_MAX = 200
# What is held against a unit, and may be taken out.
AGAINST = ("overtime_dispose", "overtime_undisposed", "rework", "return", "reopen", "force_close")


def _row(publication: Publication, key: str) -> JsonObject:
    for row in publication.content["rows"]:
        if row["key"] == key:
            found: JsonObject = row
            return found
    raise Invalid([FieldError("key", "is no row of this table", "unknown_row")])


def _unit(publication: Publication, key: str) -> UUID | None:
    return UUID(key) if publication.by == "unit" else None


@verb("vitals.object")
def object_to(
    actor: Actor,
    *,
    now: datetime,
    publication_id: UUID,
    row_key: str,
    counter: str,
    case_ids: Sequence[UUID],
    reason: str,
) -> JsonObject:
    """Object to one figure of a published table, naming the cases that should not be in it.

    Returns:
        {"id", "status"}

    Raises:
        NotFound: no such table in sight.
        Forbidden: the row is not the actor's to speak for.
        Invalid: no such row or counter, no or too many cases, or one that the figure has not.
    """
    publication = find(actor, publication_id)
    row = _row(publication, row_key)
    unit = _unit(publication, row_key)
    policy.may_object(actor, unit, row["area_no"] or publication.area_no)
    if counter not in AGAINST:
        allowed = ", ".join(AGAINST)
        raise Invalid([FieldError("counter", f"is none of {allowed}", "unknown_counter")])
    wanted_ids = sorted(set(case_ids))
    if not 1 <= len(wanted_ids) <= CASES_MAX:
        raise Invalid([FieldError("case_ids", f"names 1 to {CASES_MAX} cases", "out_of_range")])
    # What was published is objected to, whatever has become of the cases since.
    if set(wanted_ids) - counted_cases(actor, publication, row_key, counter).keys():
        raise Invalid([FieldError("case_ids", "names a case not in this figure", "unknown_case")])
    made = Objection.objects.create(
        publication=publication,
        area_no=row["area_no"] or publication.area_no,
        unit=unit,
        key=row_key,
        counter=counter,
        case_ids=wanted_ids,
        reason=reason_given(reason),
        made_at=now,
        made_by=actor.id,
        made_by_name=actor.name,
    )
    return {"id": str(made.id), "status": made.status}


@verb("vitals.decide_objection")
def decide_objection(
    actor: Actor, *, now: datetime, objection_id: UUID, upheld: bool, reason: str
) -> JsonObject:
    """Decide an objection; upheld, its cases leave the counter and the table gets a new version.

    Returns:
        {"id", "status", "publication_id"}

    Raises:
        NotFound: out of sight.
        Forbidden: the actor may not judge this area.
        Conflict: it was decided already.
    """
    row = Objection.objects.visible_to(actor).select_for_update().filter(pk=objection_id).first()
    if row is None:
        raise NotFound("There is no such objection.")
    publication = find(actor, row.publication_id)
    policy.may_judge(actor, publication.area_no)
    if row.status != "open":
        raise Conflict("It was decided already.", code="decided")
    row.decision_reason = reason_given(reason)
    row.status = "upheld" if upheld else "refused"
    row.decided_at, row.decided_by, row.decided_by_name = now, actor.id, actor.name
    if upheld:
        Excuse.objects.bulk_create(
            [Excuse(objection=row, case_id=case, counter=row.counter) for case in row.case_ids],
            ignore_conflicts=True,
        )
        asked = wanted(
            publication.area_no,
            publication.period,
            publication.by,  # type: ignore[arg-type]  # written by `freeze` alone
            publication.level,  # type: ignore[arg-type]
            now,
        )
        row.result = freeze(actor, asked, now=now, reason=row.decision_reason)
    row.save()
    return {"id": str(row.id), "status": row.status, "publication_id": str(row.result_id or "")}
