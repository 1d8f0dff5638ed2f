"""Doors to what stands beside a case: its like, its reporter's other cases, who is on it."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from chengyun.cases import reads, schemas, verbs
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject

router = Router(tags=["desk"])


@router.get(
    "/cases/{uuid:case_id}/similar", response=schemas.NeighboursOut, operation_id="similar_cases"
)
def similar(request: Request, case_id: UUID) -> JsonObject:
    """Cases like this one, near and recent, with the reason."""
    return {"items": reads.neighbours(request.actor, case_id, now=request.now)}


@router.post(
    "/cases/{uuid:case_id}/reports/{uuid:report_id}/history",
    response=schemas.ReporterHistoryOut,
    operation_id="reporter_history",
)
def history(request: Request, case_id: UUID, report_id: UUID) -> JsonObject:
    """What else the same reporter told; reading it is on record."""
    return verbs.reporter_history(
        request.actor, now=request.now, case_id=case_id, report_id=report_id
    )


@router.put("/cases/{uuid:case_id}/presence", response={204: None}, operation_id="be_here")
def be_here(request: Request, case_id: UUID, data: schemas.PresenceIn) -> HttpResponse:
    """Say that a window shows this case; said again every ten seconds."""
    verbs.be_here(request.actor, now=request.now, case_id=case_id, tab=data.tab, doing=data.doing)
    return HttpResponse(status=204)


@router.delete("/presence/{uuid:tab}", response={204: None}, operation_id="leave")
def leave(request: Request, tab: UUID) -> HttpResponse:
    """Say that a window shows no case any more."""
    verbs.leave(request.actor, tab=tab)
    return HttpResponse(status=204)


@router.get(
    "/cases/{uuid:case_id}/components",
    response=schemas.CaseComponentsOut,
    operation_id="case_components",
)
def components(request: Request, case_id: UUID) -> JsonObject:
    """The component a case is about, and the nearest ones of its class."""
    return reads.components_for(request.actor, case_id)


@router.put(
    "/cases/{uuid:case_id}/components",
    response=schemas.CaseComponentsOut,
    operation_id="name_component",
)
def name_component(request: Request, case_id: UUID, data: schemas.CaseComponentIn) -> JsonObject:
    """Say which component a case is about."""
    verbs.name_component(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        case_id=case_id,
        component_id=data.component_id,
    )
    return reads.components_for(request.actor, case_id)


@router.get(
    "/components/{uuid:component_id}/cases",
    response=schemas.ComponentCasesOut,
    operation_id="component_cases",
)
def cases_of(request: Request, component_id: UUID) -> JsonObject:
    """Cases in sight about a component."""
    return {"items": reads.cases_of_component(request.actor, component_id, now=request.now)}


@router.get(
    "/addresses/{uuid:address_id}/figures",
    response=schemas.AddressFiguresOut,
    operation_id="address_figures",
)
def figures_of(
    request: Request, address_id: UUID, query: Annotated[schemas.AddressFiguresQuery, Query()]
) -> JsonObject:
    """How many cases in sight were filed under an address, by kind; the list opens each."""
    return reads.address_figures(
        request.actor, address_id, now=request.now, since=query.since, until=query.until
    )
