"""Photos: sniffed, bounded, re-encoded without metadata, written so that a power cut keeps them."""

import hashlib
import io
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import Upload
from chengyun.kernel.problems import FieldError, Invalid, TooLarge

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 50_000_000
LONG_SIDE = 2048
THUMB_SIDE = 320
_QUALITY = 85


def media_dir() -> Path:
    """Where photos lie, apart from anything served as a page."""
    return Path(settings.DATA_DIR) / "media"


def path_of(upload_id: UUID, thumb: bool = False) -> Path:
    """The file of an upload (two levels of folders by the id's random tail)."""
    name = upload_id.hex
    return media_dir() / name[-2:] / name[-4:-2] / f"{name}{'.t' if thumb else ''}.jpg"


def _refuse(reason: str, code: str) -> Invalid:
    return Invalid([FieldError("file", reason, code)])


def _decode(raw: bytes) -> Image.Image:
    try:
        # `formats` keeps every other parser of Pillow out of reach of an uploaded file.
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise _refuse(f"has more than {MAX_PIXELS:,} pixels", "too_many_pixels")
            if width < 8 or height < 8:
                raise _refuse("is smaller than 8 × 8 pixels", "too_small")
            turned = ImageOps.exif_transpose(opened)
            return turned.convert("RGB")
    except Image.DecompressionBombError as error:
        raise _refuse(f"has more than {MAX_PIXELS:,} pixels", "too_many_pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise _refuse(f"is not a whole {', '.join(FORMATS)} photo", "not_a_photo") from error


def _encoded(image: Image.Image, side: int) -> tuple[bytes, tuple[int, int]]:
    copy = image.copy()
    copy.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue(), copy.size


def write_durably(path: Path, content: bytes) -> None:
    """Write → fsync → rename → fsync the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def store_photo(actor: Actor, raw: bytes, *, now: datetime) -> Upload:
    """Keep a photo.

    Args:
        raw: the bytes as received.

    Returns:
        The row; its file and thumbnail are on disk before it is.

    Raises:
        TooLarge: more than UPLOAD_MAX_BYTES.
        Invalid: not a JPEG, PNG or WebP, cut short, or absurd in size.
    """
    if len(raw) > settings.UPLOAD_MAX_BYTES:
        raise TooLarge(f"A photo may have at most {settings.UPLOAD_MAX_BYTES // 2**20} MiB.")
    if not raw:
        raise _refuse("is empty", "empty")
    image = _decode(raw)
    content, (width, height) = _encoded(image, LONG_SIDE)
    thumb, _ = _encoded(image, THUMB_SIDE)
    upload = Upload(
        id=new_id(),
        owner_id=actor.id,
        sha256=hashlib.sha256(raw).digest(),
        width=width,
        height=height,
        size=len(content),
        created_at=now,
    )
    write_durably(path_of(upload.id), content)
    write_durably(path_of(upload.id, thumb=True), thumb)
    upload.save(force_insert=True)
    return upload
