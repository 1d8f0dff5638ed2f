"""Reports on duty lists."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from ninja import Query, Router

from chengyun.cases.decide.routing import RouteQuery
from chengyun.dispatch import policy, reads, schemas
from chengyun.dispatch.api.asked import city_of
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject

router = Router()


@router.get("/duty-lists/quality", response=schemas.QualitiesOut, operation_id="duty_list_quality")
def quality(request: Request, query: Annotated[schemas.QualityQuery, Query()]) -> JsonObject:
    """What became of the cases each rule dispatched."""
    city = city_of(request, query.city)
    policy.may_see_quality(request.actor, city)
    found = reads.quality(request.actor, city, **query.model_dump(exclude={"city"}))
    return {"items": [asdict(rule) for rule in found]}


@router.get(
    "/duty-lists/quality/cases", response=schemas.OutcomesOut, operation_id="duty_list_outcomes"
)
def outcomes(request: Request, query: Annotated[schemas.OutcomesQuery, Query()]) -> JsonObject:
    """The cases behind one rule's quality."""
    city = city_of(request, query.city)
    policy.may_see_quality(request.actor, city)
    found = reads.outcomes(request.actor, city, **query.model_dump(exclude={"city"}))
    return {"items": reads.outcomes_view(found)}


@router.get(
    "/duty-lists/{uuid:list_id}/conflicts",
    response=schemas.ConflictsOut,
    operation_id="duty_list_conflicts",
)
def conflicts(request: Request, list_id: UUID) -> JsonObject:
    """Entries between which no rule decides."""
    found = reads.conflicts(request.actor, list_id, now=request.now)
    return {"items": reads.conflicts_view(found)}


@router.get(
    "/duty-lists/{uuid:list_id}/gaps", response=schemas.GapsOut, operation_id="duty_list_gaps"
)
def gaps(request: Request, list_id: UUID) -> JsonObject:
    """Kinds that would reach nobody in some area."""
    found = reads.gaps(request.actor, list_id, now=request.now)
    return {"items": reads.gaps_view(found)}


@router.post(
    "/duty-lists/{uuid:list_id}/dry-run",
    response=schemas.DryRunOut,
    operation_id="dry_run_duty_list",
)
def dry_run(request: Request, list_id: UUID, data: schemas.DryRunIn) -> JsonObject:
    """Who would get what of past cases; nothing is changed."""
    row = reads.find(request.actor, list_id)
    policy.may_see_quality(request.actor, row.city_no)
    period = reads.Period(data.since, data.until, data.limit)
    return reads.diff_view(
        reads.dry_run(request.actor, row, now=request.now, period=period, against=data.against)
    )


@router.post(
    "/duty-lists/{uuid:list_id}/compare",
    response=schemas.CompareOut,
    operation_id="compare_duty_list",
)
def compare(request: Request, list_id: UUID, data: schemas.CompareIn) -> JsonObject:
    """Where one past case goes by the list in force and by this one, with the reasons."""
    row = reads.find(request.actor, list_id)
    policy.may_see_quality(request.actor, row.city_no)
    case, before, after = reads.compare_case(
        request.actor, row, data.case, now=request.now, against=data.against
    )
    return {
        "id": case.id,
        "no": case.no,
        "kind_id": case.kind_id,
        "before": reads.decision_view(before),
        "after": reads.decision_view(after),
    }


@router.post(
    "/duty-lists/{uuid:list_id}/route", response=schemas.RouteOut, operation_id="try_duty_list"
)
def try_route(request: Request, list_id: UUID, data: schemas.RouteIn) -> JsonObject:
    """Where a list would send a made-up case, with the reasons."""
    row = reads.find(request.actor, list_id)
    query = RouteQuery(data.kind, data.area, data.at or request.now, data.attributes, data.source)
    return reads.decision_view(reads.try_route(row, query, now=request.now))
