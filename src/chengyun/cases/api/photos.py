"""Photos at the door: taken in, and served only to those who may see them."""

from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpResponseBase
from ninja.files import UploadedFile

from chengyun.kernel import uploads
from chengyun.kernel.models import Upload
from chengyun.kernel.problems import NotFound, TooLarge
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject

Answer = TypeVar("Answer", bound=HttpResponseBase)


def take(request: Request, file: UploadedFile, base: str) -> JsonObject:
    """Keep a photo; where it will be found."""
    if file.size is not None and file.size > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(f"A photo may have at most {settings.UPLOAD_MAX_BYTES // 2**20} MiB.")
    upload = uploads.store_photo(request.actor, file.read(), now=request.now)
    url = f"{base}/{upload.id}"
    return {
        "id": upload.id,
        "url": url,
        "thumb": f"{url}?thumb=1",
        "width": upload.width,
        "height": upload.height,
    }


def serve(upload_id: UUID, thumb: bool) -> FileResponse:
    """A photo's bytes, as a photo and nothing else."""
    path = uploads.path_of(upload_id, thumb)
    if not path.is_file():
        raise NotFound("There is no such photo.")
    return picture(FileResponse(path.open("rb")))


def picture(answer: Answer) -> Answer:
    """An answer that is a photo to every browser, whatever its bytes say."""
    answer["Content-Type"] = "image/jpeg"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Disposition"] = "inline"
    return answer


def own(request: Request, upload_id: UUID, thumb: bool) -> FileResponse:
    """A photo that the caller uploaded and did not use yet."""
    if (
        request.actor.id is None
        or not Upload.objects.filter(pk=upload_id, owner_id=request.actor.id).exists()
    ):
        raise NotFound("There is no such photo.")
    return serve(upload_id, thumb)
