"""What everybody is told of a case, and the photos everybody may see."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengyun.cases.decide.state import STATE_NAMES
from chengyun.cases.models import Case, CasePhoto
from chengyun.cases.reads.kinds import kinds
from chengyun.cases.reads.names import area_views
from chengyun.cases.reads.rulebook import rulebook
from chengyun.kernel import areas
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject

PUBLIC_FIELDS = (
    *("id", "no", "kind_id", "state", "open", "city_no", "area_no", "lon", "lat"),
    *("reported_at", "closed_at", "updated_at", "simulated"),
)


def public_rows(rows: Sequence[dict[str, Any]]) -> list[JsonObject]:
    """What is told of public cases: nothing that leads to a person or a door."""
    known = kinds()
    shown = {row["id"]: _neighbourhood(row["area_no"]) for row in rows}
    places = area_views(set(shown.values()))
    photos = _approved([row["id"] for row in rows])
    book = rulebook()
    found = []
    for row in rows:
        zone = book.of(row["city_no"]).calendar.zone
        kind = known.brief(row["kind_id"])
        found.append(
            {
                "no": row["no"],
                "kind_id": row["kind_id"],
                "kind": kind["name"] if kind else None,
                "state": "open" if row["open"] else "closed",
                "state_name": STATE_NAMES[row["state"]],
                "day": _day(row["reported_at"], zone),
                "closed_day": _day(row["closed_at"], zone),
                "area": places.get(shown[row["id"]]),
                "photos": [
                    f"/api/v1/public/cases/{row['no']}/photos/{one}" for one in photos[row["id"]]
                ],
                "simulated": row["simulated"],
            }
        )
    return found


def _neighbourhood(area_no: int) -> int:
    """The street a case lies in; a community may be a few houses."""
    return areas.at_level(area_no, "street") or areas.at_level(area_no, "district") or area_no


def _day(at: datetime | None, zone: ZoneInfo) -> str | None:
    return f"{at.astimezone(zone):%Y-%m-%d}" if at is not None else None


def _approved(ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Photos of results that a moderator let through, by case."""
    found: dict[UUID, list[UUID]] = {one: [] for one in ids}
    rows = CasePhoto.objects.filter(
        case_id__in=list(found),
        role="after",
        shown="approved",
        removed__isnull=True,
        hidden__isnull=True,
    )
    for case_id, upload_id in rows.order_by("added_at").values_list("case_id", "upload_id"):
        found[case_id].append(upload_id)
    return found


def photo_for_all(number: str, upload_id: UUID) -> UUID:
    """The file of a photo that everybody may see.

    Raises:
        NotFound: the case is not public, or the photo was not approved.
    """
    case = Case.objects.public().filter(no=number[:40].replace("\x00", "")).first()
    if case is None or upload_id not in _approved([case.id])[case.id]:
        raise NotFound("There is no such photo.")
    photo = CasePhoto.objects.get(case_id=case.id, upload_id=upload_id)
    return photo.redacted_id or photo.upload_id
