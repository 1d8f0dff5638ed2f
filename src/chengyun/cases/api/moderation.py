"""The moderators' doors."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from chengyun.cases import reads, schemas, verbs
from chengyun.cases.api import photos
from chengyun.cases.policy import may_moderate
from chengyun.kernel.redacting import Box
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject

router = Router(tags=["moderation"])


@router.get("/moderation", response=schemas.ModerationPage)
def list_moderation(
    request: Request, view: str = "new", cursor: str | None = None, limit: int | None = None
) -> JsonObject:
    """What the public newly sees, what looks personal, photos to look at, or what is hidden."""
    return reads.moderation_list(request.actor, view, now=request.now, cursor=cursor, limit=limit)


@router.get("/moderation/reasons", response=schemas.ReasonsOut)
def list_reasons(request: Request) -> JsonObject:
    """The reasons there are; the resident reads them."""
    may_moderate(request.actor)
    known = reads.public_rules().reasons
    return {"items": [{"id": one, "text": said} for one, said in known.items()]}


@router.get("/moderation/{uuid:case_id}", response=schemas.ModerationDetail)
def get_moderation(request: Request, case_id: UUID) -> JsonObject:
    """One case as its moderator sees it."""
    return reads.moderation_item(request.actor, case_id, now=request.now)


@router.post("/moderation/{uuid:case_id}", response=schemas.Moved)
def moderate(request: Request, case_id: UUID, data: schemas.ModerateIn) -> JsonObject:
    """Hide, show again, correct or approve."""
    return verbs.moderate_part(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        case_id=case_id,
        act=data.act,
        what=data.what,
        target=data.target,
        reason=data.reason,
        text=data.text,
    )


@router.post("/moderation/{uuid:case_id}/photos/{uuid:upload_id}/redact", response=schemas.Moved)
def redact(request: Request, case_id: UUID, upload_id: UUID, data: schemas.RedactIn) -> JsonObject:
    """Cover parts of a photo; everybody is served the covered copy."""
    return verbs.redact_photo(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        case_id=case_id,
        upload_id=upload_id,
        boxes=tuple(Box(one.x, one.y, one.width, one.height) for one in data.boxes),
        reason=data.reason,
        destroy_original=data.destroy_original,
    )


@router.post("/moderation/{uuid:case_id}/photos/{uuid:upload_id}/original")
def open_original(
    request: Request, case_id: UUID, upload_id: UUID, data: schemas.OpenIn
) -> HttpResponse:
    """The original of a covered photo, for a reason, on record."""
    verbs.open_original(
        request.actor, now=request.now, case_id=case_id, upload_id=upload_id, reason=data.reason
    )
    answer = photos.picture(HttpResponse(reads.sealed_original(case_id, upload_id)))
    answer["Cache-Control"] = "no-store"
    return answer


@router.post("/moderation/{uuid:case_id}/erase", response=schemas.Moved)
def erase(request: Request, case_id: UUID, data: schemas.EraseIn) -> JsonObject:
    """Destroy words, a photo, the address or answers for good, in history too."""
    return verbs.erase(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        case_id=case_id,
        what=data.what,
        target=data.target,
        reason=data.reason,
    )
