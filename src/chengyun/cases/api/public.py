"""The residents' doors: no account, masked, throttled."""

from typing import Annotated
from uuid import UUID

from django.http import FileResponse
from ninja import File, Router, Status
from ninja.files import UploadedFile

from chengyun.cases import reads, schemas, verbs
from chengyun.cases.api import photos
from chengyun.cases.api.intake import public_item
from chengyun.kernel.request import Request, idempotency_key
from chengyun.kernel.text import JsonObject
from chengyun.kernel.throttle import caller_of, knock

router = Router(tags=["public"])
HOUR = 3600


def _knock(request: Request, door: str, limit: int) -> None:
    knock(door, caller_of(request), limit=limit, seconds=HOUR, now=request.now)


@router.get("/kinds", response=list[schemas.KindOut])
def public_kinds(request: Request, city: int | None = None) -> list[JsonObject]:
    """The kinds a resident can report."""
    return [kind for kind in reads.kind_list(city) if kind["public"]]


@router.post("/uploads", response={201: schemas.UploadOut})
def public_upload(request: Request, file: Annotated[UploadedFile, File()]) -> Status[JsonObject]:
    """Keep a photo for a report; it is shown to nobody before it stands on a case."""
    _knock(request, "upload", 60)
    return Status(201, photos.take(request, file, "/api/v1/public/uploads"))


@router.post("/reports", response={201: schemas.PublicReported})
def public_report(request: Request, data: schemas.PublicReportIn) -> Status[JsonObject]:
    """Report a problem; the answer is a number, a tracking code and a promise."""
    _knock(request, "report", 30)
    key, item = idempotency_key(request), public_item(data)
    if data.joins is None:
        kept = verbs.report(request.actor, now=request.now, key=key, item=item)
    else:
        kept = verbs.join_case(request.actor, now=request.now, key=key, item=item, joins=data.joins)
    return Status(201, reads.promise(kept))


@router.get("/reports/{code}", response=schemas.TrackOut)
def track(request: Request, code: str) -> JsonObject:
    """How a report stands, for whoever holds its code."""
    _knock(request, "track", 600)
    return reads.track(verbs.report_of(code, now=request.now), now=request.now)


@router.post("/reports/{code}/rating", response=schemas.TrackMoved)
def rate(request: Request, code: str, data: schemas.RatingIn) -> JsonObject:
    """Rate how it was solved."""
    _knock(request, "rate", 60)
    return verbs.rate(
        request.actor, now=request.now, track_code=code, score=data.score, note=data.text
    )


@router.post("/reports/{code}/reopen", response=schemas.TrackMoved)
def reopen(request: Request, code: str, data: schemas.ReopenIn) -> JsonObject:
    """Say that it is not fixed."""
    _knock(request, "rate", 60)
    return verbs.reopen(
        request.actor,
        now=request.now,
        key=idempotency_key(request),
        track_code=code,
        reason=data.reason,
        photos=tuple(data.photos),
    )


@router.get("/reports/{code}/photos/{uuid:upload_id}")
def track_photo(request: Request, code: str, upload_id: UUID, thumb: bool = False) -> FileResponse:
    """A photo of the solved problem, for whoever holds the code."""
    report = verbs.report_of(code, now=request.now)
    return photos.serve(reads.photo_of_track(report, upload_id), thumb)


@router.get("/nearby", response=schemas.NearbyOut)
def nearby(
    request: Request, lon: schemas.Lon, lat: schemas.Lat, kind: str | None = None
) -> JsonObject:
    """Public cases near a point, so that nobody reports what is known."""
    _knock(request, "nearby", 1200)
    return {"items": reads.nearby(lon, lat, kind, now=request.now)}
