"""The staff's doors."""

from typing import Annotated
from uuid import UUID

from django.http import FileResponse
from ninja import File, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import ValidationError

from chengyun.cases import reads, schemas, verbs
from chengyun.cases.api import photos
from chengyun.cases.api.filters import FilterQuery, PageQuery, box
from chengyun.cases.api.intake import staff_item
from chengyun.cases.policy import may_report_for_others
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject

router = Router(tags=["cases"])


@router.get("/cases", response=schemas.CasePage)
def list_cases(request: Request, query: Annotated[PageQuery, Query()]) -> JsonObject:
    """A page of the cases in sight, by deadline or newest first."""
    items, following = reads.queue(
        request.actor,
        query.filters(),
        now=request.now,
        sort=query.sort,
        cursor=query.cursor,
        limit=query.limit,
    )
    return {"items": items, "next": following}


@router.get("/cases/counts", response=schemas.CountsOut)
def count_cases(request: Request) -> JsonObject:
    """How many cases wait, by queue and by state."""
    return reads.counts(request.actor, now=request.now)


@router.get("/cases/map", response=schemas.MapOut)
def map_cases(request: Request, bbox: str, query: Annotated[FilterQuery, Query()]) -> JsonObject:
    """Open cases inside a box `west,south,east,north`."""
    return reads.case_map(request.actor, query.filters(), box(bbox), now=request.now)


@router.post("/cases", response={201: schemas.Reported})
def create_case(request: Request, data: schemas.ReportIn) -> Status[JsonObject]:
    """Take a report on somebody's behalf, or a script's."""
    may_report_for_others(request.actor)
    item = staff_item(data)
    key = idempotency_key(request)
    return Status(201, verbs.report(request.actor, now=request.now, key=key, item=item))


@router.post("/cases/batch", response=schemas.Results)
def create_cases(request: Request, data: schemas.BatchIn) -> JsonObject:
    """Take up to 1,000 reports at once; each good one is kept, each bad one says why."""
    may_report_for_others(request.actor)
    return _batch(request, data)


def _batch(request: Request, data: schemas.BatchIn) -> JsonObject:
    """Rows that are malformed keep their place among the results."""
    items, faults = [], {}
    for index, raw in enumerate(data.items):
        try:
            items.append(staff_item(schemas.ReportIn.model_validate(raw)))
        except ValidationError as error:
            faults[index] = Invalid(
                [
                    FieldError(".".join(map(str, one["loc"])) or "item", one["msg"], one["type"])
                    for one in error.errors()
                ]
            )
    done = verbs.report_batch(
        request.actor, now=request.now, key=idempotency_key(request), items=tuple(items)
    )
    kept = iter(done["results"])
    results = [
        {"ok": False, "problem": faults[index].as_dict()} if index in faults else next(kept)
        for index in range(len(data.items))
    ]
    return {"results": results}


@router.post("/cases/moves", response=schemas.Results)
def move_cases(request: Request, data: schemas.MoveManyIn) -> JsonObject:
    """One move on many cases, each succeeding or refusing on its own."""
    return verbs.move_many(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        move=data.move,
        params=data.params,
        items=tuple((one.id, one.version) for one in data.items),
    )


@router.get("/cases/{uuid:case_id}", response=schemas.CaseOut)
def get_case(request: Request, case_id: UUID) -> JsonObject:
    """A case whole, with the moves the asker may make."""
    return reads.case_detail(request.actor, case_id, now=request.now)


@router.get("/cases/{uuid:case_id}/timeline", response=schemas.TimelineOut)
def get_timeline(request: Request, case_id: UUID) -> JsonObject:
    """What happened, in plain sentences."""
    return {"items": reads.timeline(request.actor, case_id)}


@router.post("/cases/{uuid:case_id}/moves", response=schemas.Moved)
def move_case(request: Request, case_id: UUID, data: schemas.CaseMoveIn) -> JsonObject:
    """Make one move."""
    return verbs.move(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        case_id=case_id,
        move=data.move,
        version=data.version,
        params=data.params,
    )


@router.post("/cases/{uuid:case_id}/reports/{uuid:report_id}/contact", response=schemas.ContactOut)
def reveal(request: Request, case_id: UUID, report_id: UUID, data: schemas.RevealIn) -> JsonObject:
    """Open a reporter's contact for a reason, on record."""
    return verbs.reveal_contact(
        request.actor, now=request.now, case_id=case_id, report_id=report_id, reason=data.reason
    )


@router.get("/cases/{uuid:case_id}/photos/{uuid:upload_id}")
def get_photo(
    request: Request, case_id: UUID, upload_id: UUID, thumb: bool = False
) -> FileResponse:
    """A photo of a case in sight."""
    return photos.serve(reads.photo_in_sight(request.actor, case_id, upload_id), thumb)


@router.post("/uploads", response={201: schemas.UploadOut})
def upload(request: Request, file: Annotated[UploadedFile, File()]) -> Status[JsonObject]:
    """Keep a photo to be used as evidence within a day."""
    return Status(201, photos.take(request, file, "/api/v1/uploads"))


@router.get("/uploads/{uuid:upload_id}")
def get_upload(request: Request, upload_id: UUID, thumb: bool = False) -> FileResponse:
    """A photo of one's own that no case uses yet."""
    return photos.own(request, upload_id, thumb)


@router.get("/kinds", response=list[schemas.KindOut])
def list_kinds(request: Request, city: int | None = None) -> list[JsonObject]:
    """The case kinds of a city (of the only one, if none is named)."""
    return reads.kind_list(city)
