"""Findings of the checks against gaming."""

from typing import Annotated
from uuid import UUID

from ninja import Query, Router

from chengyun.kernel import areas
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.vitals import reads, schemas, verbs
from chengyun.vitals.api.asked import area_of
from chengyun.vitals.schemas.asked import PLAIN

router = Router()
Plain = Annotated[str | None, Query(max_length=20, pattern=PLAIN)]


@router.get(
    "/evaluation/findings", response=schemas.FindingsOut, operation_id="evaluation_findings"
)
def findings(
    request: Request, period: Plain = None, status: Plain = None, what: Plain = None
) -> JsonObject:
    """Patterns that look like gaming, with their cases; a person decides what they mean."""
    found = reads.findings(request.actor, period=period, status=status, what=what)
    return {"items": found}


@router.post(
    "/evaluation/findings/search", response=schemas.Searched, operation_id="search_findings"
)
def search(request: Request, data: schemas.SearchIn) -> JsonObject:
    """Look through a month of the city now; it is done every night as well."""
    city = areas.city_of(area_of(request.actor, data.city, "area"))
    return verbs.search(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        city_no=city,
        period=data.period,
    )


@router.post(
    "/evaluation/findings/{uuid:finding_id}/decision",
    response=schemas.FindingDecision,
    operation_id="decide_finding",
)
def decide(request: Request, finding_id: UUID, data: schemas.DecisionIn) -> JsonObject:
    """Confirm (its cases leave the good counters) or dismiss, with a reason."""
    return verbs.decide_finding(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        finding_id=finding_id,
        **data.model_dump(),
    )
