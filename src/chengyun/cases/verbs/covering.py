"""Covering parts of a photo, and opening what was covered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chengyun.cases.models import CasePhoto
from chengyun.cases.reads.public_rules import public_rules
from chengyun.cases.verbs.register import held_for, photo_on, recorded
from chengyun.kernel import audit
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.redacting import Box, bare, destroy, redacted_copy, seal_original
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb


@verb("cases.redact_photo")
def redact_photo(
    actor: Actor,
    *,
    now: datetime,
    case_id: UUID,
    upload_id: UUID,
    boxes: Sequence[Box],
    reason: str,
    destroy_original: bool = False,
) -> JsonObject:
    """Cover parts of a photo; everybody, staff included, is served the covered copy from now on.

    The original is sealed for the packs' `original_days`, opened by no door but `open_original`,
    or is destroyed at once.

    Raises:
        NotFound: out of scope, or no such photo.
        Forbidden: neither acceptor nor shift leader of the area.
        Invalid: no reason, or boxes outside the photo.
    """
    held = held_for(actor, case_id)
    photo = photo_on(case_id, str(upload_id))
    before = photo.redacted_id
    copy = redacted_copy(before or upload_id, boxes, now=now)
    done = recorded(actor, held, "redact", "photo", now=now, target=str(upload_id), reason=reason)
    photo.redacted_id = copy.id
    # Whoever covered what had to be covered has looked at the rest.
    photo.shown, photo.hidden = "approved", None
    if before is not None:
        destroy(before)
    if destroy_original:
        photo.original_key = photo.original_until = None
        destroy(upload_id)
    elif before is None:
        photo.original_key = seal_original(upload_id)
        photo.original_until = now + public_rules().original_for
    photo.save(update_fields=["redacted_id", "shown", "hidden", "original_key", "original_until"])
    return done


@verb("cases.open_original")
def open_original(
    actor: Actor, *, now: datetime, case_id: UUID, upload_id: UUID, reason: str
) -> JsonObject:
    """Allow the original of a covered photo to be opened, on record.

    Returns:
        {"id": case, "upload_id"}

    Raises:
        NotFound: out of scope, not covered, or the original was destroyed.
        Forbidden: no shift leader of the area.
    """
    held = held_for(actor, case_id)
    photo = photo_on(case_id, str(upload_id))
    if photo.original_key is None:
        raise NotFound("This photo is shown as it is, or its original was destroyed.")
    done = recorded(actor, held, "open", "photo", now=now, target=str(upload_id), reason=reason)
    return {"id": done["id"], "upload_id": str(upload_id)}


def expire_originals(now: datetime, *, most: int) -> int:
    """Destroy sealed originals whose time is over, key, row and file.

    Returns:
        How many were destroyed, at most `most`.
    """
    over = CasePhoto.objects.filter(original_until__lte=now).select_for_update(skip_locked=True)
    gone = list(over.order_by("original_until")[:most])
    for photo in gone:
        destroy(photo.upload_id)
    CasePhoto.objects.filter(pk__in=[photo.pk for photo in gone]).update(
        original_key=None, original_until=None
    )
    if gone:
        audit.write(SYSTEM, "cases.expire_originals", now=now, count=len(gone))
    return len(gone)


def bare_originals(now: datetime, *, most: int) -> int:
    """Remove files in the clear that a crash left beside a photo sealed in the last two days."""
    since = now + public_rules().original_for - timedelta(days=2)
    sealed = CasePhoto.objects.filter(original_until__gt=since).order_by("-original_until")
    return sum(bare(upload_id) for upload_id in sealed.values_list("upload_id", flat=True)[:most])
