"""Covering parts of a photo, and opening what was covered."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chengyun.cases.verbs.register import held_for, photo_on, recorded
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.redacting import Box, destroy, redacted_copy
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

    The original stays, served by no door but `open_original`, or is destroyed.

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
    photo.save(update_fields=["redacted_id", "shown", "hidden"])
    if before is not None:
        destroy(before)
    if destroy_original:
        destroy(upload_id)
    return done


@verb("cases.open_original")
def open_original(
    actor: Actor, *, now: datetime, case_id: UUID, upload_id: UUID, reason: str
) -> JsonObject:
    """Open the original of a covered photo, on record.

    Returns:
        {"id": case, "upload_id"}

    Raises:
        NotFound: out of scope, not covered, or the original was destroyed.
        Forbidden: no shift leader of the area.
    """
    held = held_for(actor, case_id)
    photo = photo_on(case_id, str(upload_id))
    if photo.redacted_id is None:
        raise NotFound("This photo is shown as it is.")
    done = recorded(actor, held, "open", "photo", now=now, target=str(upload_id), reason=reason)
    return {"id": done["id"], "upload_id": str(upload_id)}
