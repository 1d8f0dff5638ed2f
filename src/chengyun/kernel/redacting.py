"""Destroying parts of a photo: the copy holds no pixel of what was covered."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor
from pathlib import Path
from uuid import UUID

from django.db import transaction
from PIL import Image, ImageDraw

from chengyun.kernel import crypto, uploads
from chengyun.kernel.ids import new_id
from chengyun.kernel.models import Upload
from chengyun.kernel.problems import FieldError, Invalid, NotFound

BOXES_MAX = 50
_COVER = (32, 32, 32)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a photo, in shares of its width and height (0..1)."""

    x: float
    y: float
    width: float
    height: float


def redacted_copy(upload_id: UUID, boxes: Sequence[Box], *, now: datetime) -> Upload:
    """A new upload that shows a photo without what the boxes cover.

    The cover is drawn on the pixels and the picture encoded anew, without a margin of error: a
    box grows to whole pixels.

    Raises:
        NotFound: the photo is gone.
        Invalid: no box, too many, or one outside the photo.
    """
    if not 0 < len(boxes) <= BOXES_MAX:
        raise Invalid([FieldError("boxes", f"are 1 to {BOXES_MAX}", "bad_boxes")])
    for at, box in enumerate(boxes):
        if not (0 <= box.x < 1 and 0 <= box.y < 1 and box.width > 0 and box.height > 0):
            raise Invalid([FieldError(f"boxes.{at}", "lies outside the photo", "bad_box")])
    path = uploads.path_of(upload_id)
    if not path.is_file():
        raise NotFound("There is no such photo.")
    with Image.open(path, formats=("JPEG",)) as opened:
        image = opened.convert("RGB")
    draw = ImageDraw.Draw(image)
    wide, high = image.size
    for box in boxes:
        left, top = floor(box.x * wide), floor(box.y * high)
        right = min(wide, ceil((box.x + box.width) * wide)) - 1
        bottom = min(high, ceil((box.y + box.height) * high)) - 1
        draw.rectangle((left, top, max(left, right), max(top, bottom)), fill=_COVER)
    content, thumb = uploads.both_sizes(image)
    copy = Upload(
        id=new_id(),
        owner_id=None,
        sha256=hashlib.sha256(content).digest(),
        width=wide,
        height=high,
        size=len(content),
        created_at=now,
        used_at=now,
    )
    uploads.write_durably(uploads.path_of(copy.id), content)
    uploads.write_durably(uploads.path_of(copy.id, thumb=True), thumb)
    copy.save(force_insert=True)
    return copy


def _sealed_path(upload_id: UUID) -> Path:
    return uploads.path_of(upload_id).with_suffix(".sealed")


def seal_original(upload_id: UUID) -> bytes:
    """Keep a photo only encrypted; its files in the clear go once this is committed.

    Returns:
        The key, wrapped; whoever destroys it destroys the photo.

    Raises:
        NotFound: the photo is gone.
    """
    path = uploads.path_of(upload_id)
    if not path.is_file():
        raise NotFound("There is no such photo.")
    key = crypto.new_wrapped_key()
    content = crypto.seal_bytes_with(key, path.read_bytes())
    uploads.write_durably(_sealed_path(upload_id), content)
    transaction.on_commit(lambda: bare(upload_id))
    return key


def bare(upload_id: UUID) -> bool:
    """Remove a photo's files in the clear; whether there were any."""
    found = False
    for thumb in (False, True):
        path = uploads.path_of(upload_id, thumb=thumb)
        found = path.is_file() or found
        path.unlink(missing_ok=True)
    return found


def open_sealed(upload_id: UUID, key: bytes) -> bytes:
    """A sealed photo's JPEG.

    Raises:
        NotFound: it is gone, or its key is another.
    """
    try:
        return crypto.open_bytes_with(key, _sealed_path(upload_id).read_bytes())
    except (OSError, crypto.Sealed):
        raise NotFound("The original cannot be opened any more.") from None


def destroy(upload_id: UUID) -> None:
    """Remove a photo for good: its row now, its files once that is committed.

    A file that survives a crash in between has no row, and housekeeping removes such files.
    """
    Upload.objects.filter(pk=upload_id).delete()

    def remove() -> None:
        bare(upload_id)
        _sealed_path(upload_id).unlink(missing_ok=True)

    transaction.on_commit(remove)
