"""Versions of duty lists."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from chengyun.dispatch import reads, schemas, verbs
from chengyun.dispatch.api.asked import city_of
from chengyun.dispatch.decide.files import SIZE_MAX
from chengyun.dispatch.models import DutyList
from chengyun.kernel.problems import TooLarge
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject

router = Router()


@router.get("/duty-lists", response=schemas.DutyListPage, operation_id="duty_lists")
def list_lists(request: Request, query: Annotated[schemas.ListsQuery, Query()]) -> JsonObject:
    """Versions of duty lists, newest first."""
    rows, following = reads.lists(request.actor, **query.model_dump())
    return {"items": rows, "next": following}


@router.post("/duty-lists", response={201: schemas.ListReceipt}, operation_id="save_duty_list")
def save_draft(request: Request, data: schemas.DraftIn) -> Status[JsonObject]:
    """Keep a list as a draft; its author may send it again under the same version."""
    city, key = city_of(request, data.city), idempotency_key(request)
    return Status(
        201,
        verbs.save_draft(
            request.actor,
            now=request.now,
            key=key,
            city_no=city,
            content=data.content,
            base=data.base,
        ),
    )


@router.post(
    "/duty-lists/import", response={201: schemas.ImportReceipt}, operation_id="import_duty_list"
)
def import_list(
    request: Request, file: File[UploadedFile], head: Form[schemas.ImportHead]
) -> Status[JsonObject]:
    """Keep the good rows of a CSV, XLSX, YAML or JSON file as a draft, and tell the others."""
    if (file.size or 0) > SIZE_MAX:
        raise TooLarge(f"A list's file may have {SIZE_MAX // 2**20} MiB.")
    return Status(
        201,
        verbs.import_list(
            request.actor,
            now=request.now,
            key=idempotency_key(request),
            city_no=city_of(request, head.city),
            file_name=file.name or "",
            data=file.read(),
            head=verbs.Head(**head.model_dump(exclude={"city"})),
        ),
    )


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


@router.get("/duty-lists/{uuid:list_id}/yaml", response={200: str}, operation_id="duty_list_yaml")
def get_yaml(request: Request, list_id: UUID) -> HttpResponse:
    """One version as a pack writes it; the import takes it back."""
    answer = HttpResponse(reads.as_yaml(request.actor, list_id), content_type="application/yaml")
    answer["Content-Disposition"] = f'attachment; filename="duty-list-{list_id}.yaml"'
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
