"""What anybody may read: one's own report by its code, and public cases near a place."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Q

from chengyun.cases.decide.masking import covered
from chengyun.cases.decide.state import CLOSED, STATE_NAMES, CaseState
from chengyun.cases.decide.telling import told
from chengyun.cases.models import Case, CasePhoto, Report, ReporterMessage
from chengyun.cases.reads.history import histories, load_states
from chengyun.cases.reads.jitter import shown_at
from chengyun.cases.reads.kinds import kinds
from chengyun.cases.reads.names import unit_views
from chengyun.cases.reads.public_rules import public_rules
from chengyun.cases.reads.similar import cells_around, metres_between
from chengyun.kernel.problems import NotFound
from chengyun.kernel.scope import bind_subject
from chengyun.kernel.text import JsonObject, Text, text

NEARBY_METRES = 250.0
STEP_METRES = 50
NEARBY_SINCE = timedelta(days=30)
NEARBY_MAX = 10
# Photos of the reporter's own view and of the result; before and check are the office's.
TOLD_ROLES = ("scene", "after")


def track(report: Report, *, now: datetime) -> JsonObject:
    """How a report stands, for whoever holds its code."""
    bind_subject(report.case_id)
    case = Case.objects.get(pk=report.case_id)
    state = load_states([case.id])[case.id]
    steps: list[JsonObject] = []
    for event, _ in histories([case.id])[case.id]:
        said = told(event)
        # Another collector for the same check is the office's own affair.
        if said is not None and not (steps and steps[-1]["text"] == said):
            steps.append({"at": event.at, "text": said})
    unit = unit_views([case.lead_unit]).get(case.lead_unit) if case.lead_unit else None
    closed = state.state in CLOSED
    in_time = state.archive_at is None or now < state.archive_at
    return {
        "no": case.no,
        "state": case.state,
        "state_name": STATE_NAMES[state.state],
        "kind": _kind_name(case.kind_id),
        "text": shown_text(report),
        "text_hidden": _why(report.removed or report.hidden),
        "reported_at": report.reported_at,
        "due_at": case.due_at if case.open else None,
        "address": case.address,
        "lead_unit": unit["name"] if unit else None,
        "steps": steps,
        "messages": [
            {"at": one.at, "text": {"zh": one.zh, "en": one.en}}
            for one in ReporterMessage.objects.filter(report=report).order_by("at")
        ],
        "photos": [_photo(report.track_code, photo) for photo in _told_photos(report)],
        "rating": state.rating.score if state.rating else None,
        "can_rate": closed and in_time and state.rating is None,
        "can_reopen": closed and in_time,
        "reopen_until": state.archive_at if closed else None,
        "reopen_refused": _not_reopened(state, in_time),
        "reports": case.reports,
        "simulated": case.simulated,
    }


def _kind_name(kind_id: str | None) -> Text | None:
    brief = kinds().brief(kind_id)
    return brief["name"] if brief else None


def shown_text(report: Report) -> str:
    """A reporter's words as whoever holds the link reads them: links travel."""
    if report.hidden or report.removed:
        return ""
    if report.shown_text is not None:
        return report.shown_text
    return covered(report.text, public_rules().masks)


def _why(note: JsonObject | None) -> Text | None:
    return text(note["zh"], note["en"]) if note and "zh" in note else None


def _not_reopened(state: CaseState, in_time: bool) -> Text | None:
    """Why it cannot be opened again by its reporter; None where it can, or is open."""
    if state.is_open or (state.state in CLOSED and in_time):
        return None
    if state.state in CLOSED or state.state == "archived":
        return text(
            "可申请重办的期限已过，请重新上报。", "The time to reopen it is over; report it anew."
        )
    return text("该案件未进入处理，请重新上报。", "It was not taken on; please report it anew.")


def _photo(code: str, photo: CasePhoto) -> JsonObject:
    hidden = _why(photo.removed or photo.hidden)
    url = f"/api/v1/public/reports/{code}/photos/{photo.upload_id}"
    return {
        "url": "" if hidden else url,
        "thumb": "" if hidden else f"{url}?thumb=1",
        "role": photo.role,
        "hidden": hidden,
    }


def _told_photos(report: Report) -> list[CasePhoto]:
    """The result, and what the holder of the code sent; never what another reporter sent."""
    found = CasePhoto.objects.filter(case_id=report.case_id, role__in=TOLD_ROLES)
    first = Report.objects.filter(case_id=report.case_id).order_by("reported_at", "id").first()
    mine = Q(report_id=report.id)
    if first is not None and first.id == report.id:
        mine |= Q(report_id=None)
    return list(found.filter(Q(role="after") | mine).order_by("added_at"))


def photo_of_track(report: Report, upload_id: UUID) -> UUID:
    """The file of a photo that the holder of the code is shown.

    Raises:
        NotFound: it is not one of theirs, or hidden.
    """
    for photo in _told_photos(report):
        if photo.upload_id == upload_id and not (photo.removed or photo.hidden):
            return photo.redacted_id or photo.upload_id
    raise NotFound("There is no such photo.")


def promise(kept: JsonObject) -> JsonObject:
    """What a resident is promised on the spot: who, and by when, from the real clock."""
    unit: Text | None = None
    due = None
    if kept.get("lead_unit"):
        found = unit_views([UUID(kept["lead_unit"])]).get(UUID(kept["lead_unit"]))
        unit = found["name"] if found else None
    if kept.get("due_at"):
        due = datetime.fromisoformat(kept["due_at"])
    if unit is not None and due is not None:
        said = text(f"已交由{unit['zh']}处理。", f"{unit['en']} is responsible for it now.")
    else:
        said = text("工作人员将核对并受理。", "Staff will look at it and take it on.")
    return {
        "no": kept["no"],
        "track_code": kept["track_code"],
        "promise": {"unit": unit, "due_at": due, "text": said},
    }


def nearby(lon: float, lat: float, kind_id: str | None, *, now: datetime) -> list[JsonObject]:
    """Public open cases near a point, nearest first; no words of other reporters.

    Distances are to where a case is shown, in steps of STEP_METRES: asking from several points
    does not give the place away.
    """
    cells = cells_around(lon, lat, NEARBY_METRES)
    cases: Any = Case.objects.public().filter(
        cell__in=cells, open=True, reported_at__gte=now - NEARBY_SINCE
    )
    if kind_id:
        cases = cases.filter(kind_id=kind_id)
    found = []
    for case in cases.order_by("-reported_at")[:200]:
        metres = metres_between(lon, lat, *shown_at(case.id, case.lon, case.lat))
        name = _kind_name(case.kind_id)
        if metres <= NEARBY_METRES and name is not None:
            found.append(
                {
                    "no": case.no,
                    "kind": name,
                    "state_name": STATE_NAMES[case.state],
                    "distance_m": ceil(metres / STEP_METRES) * STEP_METRES,
                    "reported_at": case.reported_at,
                }
            )
    return sorted(found, key=lambda one: one["distance_m"])[:NEARBY_MAX]
