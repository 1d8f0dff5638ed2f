"""Photos: sniffed, bounded, re-encoded without metadata, written so that a power cut keeps them."""

import hashlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from PIL import Image, ImageOps

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import Upload
from chengyun.kernel.problems import FieldError, Invalid, TooLarge

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 50_000_000
LONG_SIDE = 2048
THUMB_SIDE = 320
SHORT_SIDE = 8
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
    """The photo upright, in RGB, at most LONG_SIDE long."""
    try:
        # `formats` keeps every other parser of Pillow out of reach of an uploaded file.
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise _refuse(f"has more than {MAX_PIXELS:,} pixels", "too_many_pixels")
            if width < SHORT_SIDE or height < SHORT_SIDE:
                raise _refuse(f"is smaller than {SHORT_SIDE} × {SHORT_SIDE} pixels", "too_small")
            # Before turning: JPEG then decodes at a fraction of its size.
            opened.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
            return _flat(ImageOps.exif_transpose(opened))
    except Invalid:
        raise
    except Image.DecompressionBombError as error:
        raise _refuse(f"has more than {MAX_PIXELS:,} pixels", "too_many_pixels") from error
    except Exception as error:  # a hostile file may make a parser fail in any way
        raise _refuse(f"is not a whole {', '.join(FORMATS)} photo", "not_a_photo") from error


def _flat(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB")


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    # Only the pixels: nothing that came with the file travels on.
    Image.frombytes("RGB", image.size, image.tobytes()).save(
        out, "JPEG", quality=_QUALITY, optimize=True
    )
    return out.getvalue()


def both_sizes(image: Image.Image) -> tuple[bytes, bytes]:
    """A photo and its thumbnail, encoded; the image is shrunk in place."""
    content = _encoded(image)
    image.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return content, _encoded(image)


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
    width, height = image.size
    content, thumb = both_sizes(image)
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


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture this program drew itself, at most THUMB_SIDE long: a JPEG, whose, and when."""

    owner_id: UUID | None
    jpeg: bytes
    width: int
    height: int
    at: datetime


def store_drawn(drawn: Sequence[Drawn]) -> list[UUID]:
    """Keep many drawn pictures; they are their own thumbnails.

    They need no defence, and can be drawn again: nothing waits for the disk.

    Returns:
        Their ids, in order.
    """
    rows = []
    for one in drawn:
        row = Upload(
            id=new_id(),
            owner_id=one.owner_id,
            sha256=hashlib.sha256(one.jpeg).digest(),
            width=one.width,
            height=one.height,
            size=len(one.jpeg),
            created_at=one.at,
        )
        path = path_of(row.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.jpeg)
        path_of(row.id, thumb=True).hardlink_to(path)
        rows.append(row)
    Upload.objects.bulk_create(rows)
    return [row.id for row in rows]
