"""Findings with their cases."""

from collections import defaultdict
from uuid import UUID

from chengyun.cases.models import Case
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.people.models import Organisation
from chengyun.vitals import policy
from chengyun.vitals.decide.suspicions import WHAT
from chengyun.vitals.models import Finding, FindingCase

MOST = 200
CASES_SHOWN = 50


def findings(
    actor: Actor, *, period: str | None = None, status: str | None = None, what: str | None = None
) -> list[JsonObject]:
    """Findings in sight, newest first, at most 200, each with its first 50 cases."""
    policy.may_look(actor)
    found = Finding.objects.visible_to(actor)
    for name, value in (("period", period), ("status", status), ("what", what)):
        if value:
            found = found.filter(**{name: value})
    return views(actor, list(found.order_by("-period", "status", "-cases", "id")[:MOST]))


def find(actor: Actor, finding_id: UUID) -> Finding:
    """One finding under lock. Raises NotFound when it is out of sight."""
    row = Finding.objects.visible_to(actor).select_for_update().filter(pk=finding_id).first()
    if row is None:
        raise NotFound("There is no such finding.")
    return row


def views(actor: Actor, rows: list[Finding]) -> list[JsonObject]:
    """Findings as they are shown."""
    members: dict[UUID, list[FindingCase]] = defaultdict(list)
    ids = [row.id for row in rows]
    for one in FindingCase.objects.filter(finding_id__in=ids).order_by("case_id"):
        if len(members[one.finding_id]) < CASES_SHOWN:
            members[one.finding_id].append(one)
    shown = {one.case_id for those in members.values() for one in those}
    numbers = dict(Case.objects.visible_to(actor).filter(pk__in=shown).values_list("id", "no"))
    units = {u.id: u.name for u in Organisation.objects.filter(pk__in=[r.unit for r in rows])}
    return [
        {
            "id": row.id,
            "period": row.period,
            "what": row.what,
            "title": WHAT[row.what],
            "reason": row.reason,
            "unit": units.get(row.unit) if row.unit else None,
            "area_no": row.area_no,
            "count": row.cases,
            "simulated": row.simulated,
            "found_at": row.found_at,
            "status": row.status,
            "decided_at": row.decided_at,
            "decided_by": row.decided_by_name,
            "decision_reason": row.decision_reason,
            "cases": [
                {"case_id": one.case_id, "no": numbers[one.case_id], "reason": one.reason}
                for one in members[row.id]
                if one.case_id in numbers
            ],
        }
        for row in rows
    ]
