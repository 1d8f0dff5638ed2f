"""A case as its moderator sees it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.cases.decide.masking import covered
from chengyun.cases.models import CasePhoto, Report
from chengyun.cases.reads.public_rules import public_rules
from chengyun.cases.reads.rows import case_rows
from chengyun.kernel.problems import NotFound
from chengyun.kernel.redacting import open_sealed
from chengyun.kernel.text import JsonObject


def moderated_items(found: Sequence[dict[str, Any]], now: datetime) -> list[JsonObject]:
    """Cases as a moderator sees them: what was told, what of it is shown, what looks personal."""
    ids = [row["id"] for row in found]
    masks = public_rules().masks
    names = {mask.id: mask.text for mask in masks}
    reports: dict[UUID, list[JsonObject]] = {one: [] for one in ids}
    for report in Report.objects.filter(case_id__in=ids).order_by("reported_at"):
        reports[report.case_id].append(
            {
                "id": report.id,
                "text": report.text,
                "shown_text": (
                    covered(report.text, masks) if report.shown_text is None else report.shown_text
                ),
                "flags": [names[flag] for flag in report.flags if flag in names],
                "reported_at": report.reported_at,
                "hidden": report.hidden,
                "removed": report.removed,
            }
        )
    photos: dict[UUID, list[JsonObject]] = {one: [] for one in ids}
    for photo in CasePhoto.objects.filter(case_id__in=ids).order_by("added_at"):
        url = f"/api/v1/cases/{photo.case_id}/photos/{photo.upload_id}"
        # A covered copy has an address of its own, so that no browser shows the old one.
        mark = f"?v={photo.redacted_id.hex[-8:]}" if photo.redacted_id else ""
        photos[photo.case_id].append(
            {
                "id": photo.upload_id,
                "url": f"{url}{mark}",
                "role": photo.role,
                "shown": photo.shown,
                "redacted": photo.redacted_id is not None,
                "original": photo.original_key is not None,
                "hidden": photo.hidden,
                "removed": photo.removed,
            }
        )
    return [
        {
            "row": row,
            "hidden": raw["hidden"],
            "public": raw["is_public"],
            "reports": reports[raw["id"]],
            "photos": photos[raw["id"]],
        }
        for row, raw in zip(case_rows(found, now), found, strict=True)
    ]


def sealed_original(case_id: UUID, upload_id: UUID) -> bytes:
    """The JPEG that a covered photo was; only for whom `open_original` has let in.

    Raises:
        NotFound: it is not covered, or the original was destroyed.
    """
    photo = CasePhoto.objects.filter(case_id=case_id, upload_id=upload_id).first()
    if photo is None or photo.original_key is None:
        raise NotFound("There is no original.")
    return open_sealed(upload_id, bytes(photo.original_key))
