"""Duty lists, their reports, and who should go, over HTTP."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from chengyun.cases.decide.routing import RouteQuery
from chengyun.dispatch import policy, reads, schemas, verbs
from chengyun.dispatch.decide.files import SIZE_MAX
from chengyun.dispatch.models import DutyList
from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid, TooLarge
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject

router = Router(tags=["dispatch"])


def _city(request: Request, city: int | None) -> int:
    """The city asked for, or the only one the caller works in."""
    if city is not None:
        if not 0 < city < 2**58 or areas.city_of(city) != city:
            raise Invalid([FieldError("city", "is no city's area number", "unknown_area")])
        return city
    own = {areas.city_of(grant.area_no) for grant in request.actor.grants}
    if len(own) != 1:
        raise Invalid([FieldError("city", "must be given", "required")])
    return own.pop()


@router.get("/duty-lists", response=schemas.DutyListPage, operation_id="duty_lists")
def list_lists(request: Request, query: Annotated[schemas.ListsQuery, Query()]) -> JsonObject:
    """Versions of duty lists, newest first."""
    rows, following = reads.lists(request.actor, **query.model_dump())
    return {"items": rows, "next": following}


@router.post("/duty-lists", response={201: schemas.ListReceipt}, operation_id="save_duty_list")
def save_draft(request: Request, data: schemas.DraftIn) -> tuple[int, JsonObject]:
    """Keep a list as a draft; its author may send it again under the same version."""
    city, key = _city(request, data.city), idempotency_key(request)
    return 201, verbs.save_draft(
        request.actor, now=request.now, key=key, city_no=city, content=data.content
    )


@router.post(
    "/duty-lists/import", response={201: schemas.ImportReceipt}, operation_id="import_duty_list"
)
def import_list(
    request: Request, file: File[UploadedFile], head: Form[schemas.ImportHead]
) -> tuple[int, JsonObject]:
    """Keep the good rows of a CSV, XLSX, YAML or JSON file as a draft, and tell the others."""
    if (file.size or 0) > SIZE_MAX:
        raise TooLarge(f"A list's file may have {SIZE_MAX // 2**20} MiB.")
    return 201, verbs.import_list(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        city_no=_city(request, head.city),
        file_name=file.name or "",
        data=file.read(),
        head=verbs.Head(**head.model_dump(exclude={"city"})),
    )


@router.get("/duty-lists/quality", response=schemas.QualitiesOut, operation_id="duty_list_quality")
def quality(request: Request, query: Annotated[schemas.QualityQuery, Query()]) -> JsonObject:
    """What became of the cases each rule dispatched."""
    city = _city(request, query.city)
    policy.may_see_quality(request.actor, city)
    found = reads.quality(request.actor, city, **query.model_dump(exclude={"city"}))
    return {"items": [asdict(rule) for rule in found]}


@router.get("/duty-lists/{uuid:list_id}", response=schemas.DutyListDetail, operation_id="duty_list")
def get_list(request: Request, list_id: UUID) -> DutyList:
    """One version with its content."""
    return reads.find(request.actor, list_id)


@router.get("/duty-lists/{uuid:list_id}/csv", response={200: str}, operation_id="duty_list_csv")
def get_csv(request: Request, list_id: UUID) -> HttpResponse:
    """One version as a table that the import takes back."""
    answer = HttpResponse(reads.as_csv(request.actor, list_id), content_type="text/csv")
    answer["Content-Disposition"] = f'attachment; filename="duty-list-{list_id}.csv"'
    return answer


@router.post(
    "/duty-lists/{uuid:list_id}/activate",
    response=schemas.ListReceipt,
    operation_id="activate_duty_list",
)
def activate(request: Request, list_id: UUID) -> JsonObject:
    """Put a draft of somebody else into force."""
    key = idempotency_key(request)
    return verbs.activate_list(request.actor, now=request.now, key=key, list_id=list_id)


@router.post(
    "/duty-lists/{uuid:list_id}/retire",
    response=schemas.ListReceipt,
    operation_id="retire_duty_list",
)
def retire(request: Request, list_id: UUID, data: schemas.RetireIn) -> JsonObject:
    """Take a list out of force, or give up a draft."""
    key = idempotency_key(request)
    return verbs.retire_list(
        request.actor, now=request.now, key=key, list_id=list_id, reason=data.reason
    )


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
    "/duty-lists/{uuid:list_id}/route", response=schemas.RouteOut, operation_id="try_duty_list"
)
def try_route(request: Request, list_id: UUID, data: schemas.RouteIn) -> JsonObject:
    """Where a list would send a made-up case, with the reasons."""
    row = reads.find(request.actor, list_id)
    query = RouteQuery(data.kind, data.area, data.at or request.now, data.attributes, data.source)
    return reads.decision_view(reads.try_route(row, query, now=request.now))


@router.get(
    "/cases/{uuid:case_id}/officers", response=schemas.OfficersOut, operation_id="suggest_officers"
)
def officers(request: Request, case_id: UUID, unit: UUID | None = None) -> JsonObject:
    """Handlers of the case's unit by fitness, with the grounds."""
    found = reads.suggest_officers(request.actor, case_id, now=request.now, unit=unit)
    return {"items": [asdict(one) for one in found]}


@router.get("/skills", response=schemas.SkillsOut, operation_id="skills")
def list_skills(request: Request, unit: UUID | None = None) -> JsonObject:
    """What people in sight can do."""
    return {"items": reads.skills_view(request.actor, unit=unit)}


@router.post("/skills", response={201: schemas.SkillReceipt}, operation_id="record_skill")
def record_skill(request: Request, data: schemas.SkillIn) -> tuple[int, JsonObject]:
    """Record what one of the department's people can do."""
    key = idempotency_key(request)
    return 201, verbs.record_skill(request.actor, now=request.now, key=key, **data.model_dump())


@router.delete(
    "/skills/{uuid:skill_id}", response=schemas.SkillReceipt, operation_id="remove_skill"
)
def remove_skill(request: Request, skill_id: UUID) -> JsonObject:
    """Take a skill off the record."""
    key = idempotency_key(request)
    return verbs.remove_skill(request.actor, now=request.now, key=key, skill=skill_id)
