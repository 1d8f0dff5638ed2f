"""What a case rests on: reports and photos."""

from collections import Counter
from uuid import UUID

from chengyun.cases.models import CasePhoto, Report
from chengyun.kernel.models import Upload
from chengyun.kernel.text import JsonObject

REPORTS_MAX = 50


def reports(case_id: UUID) -> list[JsonObject]:
    """What reporters told, oldest first; contacts masked."""
    rows = Report.objects.filter(case_id=case_id).order_by("reported_at")
    return [
        dict(row)
        for row in rows.values(
            *("id", "source", "text", "reported_at", "contact_masked", "flags"),
            *("hidden", "removed", "shown_text"),
        )[:REPORTS_MAX]
    ]


def photos(case_id: UUID) -> list[JsonObject]:
    """The photos on a case, oldest first, with a mark on those used before."""
    found = list(CasePhoto.objects.filter(case_id=case_id).order_by("added_at"))
    sums = dict(
        Upload.objects.filter(pk__in=[one.upload_id for one in found]).values_list("pk", "sha256")
    )
    # The same bytes used before, here or on another case: shown, so that a checker looks twice.
    standing = CasePhoto.objects.exclude(upload_id__in=list(sums)).values("upload_id")
    elsewhere = Upload.objects.filter(sha256__in=list(sums.values()), pk__in=standing)
    twice = {bytes(one) for one in elsewhere.values_list("sha256", flat=True)}
    here = Counter(bytes(one) for one in sums.values())
    twice |= {one for one, times in here.items() if times > 1}
    return [
        {
            "id": one.upload_id,
            "url": f"/api/v1/cases/{case_id}/photos/{one.upload_id}",
            "thumb": f"/api/v1/cases/{case_id}/photos/{one.upload_id}?thumb=1",
            "role": one.role,
            "added_at": one.added_at,
            "shown": one.shown,
            "redacted": one.redacted_id is not None,
            "hidden": one.hidden,
            "removed": one.removed,
            "seen_elsewhere": bytes(sums.get(one.upload_id, b"")) in twice,
        }
        for one in found
    ]
