"""Telling the reporters who agreed to it: each step in plain words, who, by when, and the link."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from chengyun.cases import events as e
from chengyun.cases.decide.telling import told
from chengyun.cases.events import CaseEvent
from chengyun.cases.handlers.facts import cases_of, fresh, said_of
from chengyun.cases.models import Case, Report, ReporterMessage
from chengyun.cases.verbs.contact import contact_of
from chengyun.kernel.events import PastEvent, follow
from chengyun.kernel.text import Text, text
from chengyun.notices import verbs as notices


@follow("cases.tell_reporters", *sorted(e.EVENTS))
def tell_reporters(events: Sequence[PastEvent], now: datetime) -> None:
    """Queue one notice a report for all the steps a batch brings; none for simulated cases."""
    news = fresh(events, now)
    steps: dict[UUID, list[CaseEvent]] = defaultdict(list)
    for event in news:
        if told(event) is not None:
            steps[event.case_id].append(event)
    merged = [event for event in news if isinstance(event, e.CaseMerged)]
    if not steps and not merged:
        return
    reports = _reports(set(steps))
    cases = cases_of({one.case_id for one in reports} | {one.into for one in merged})
    tellings = [
        _step(report, case, steps[case.id])
        for report in reports
        if (case := cases.get(report.case_id)) is not None and not case.simulated
    ]
    tellings += [
        telling
        for event in merged
        if (case := cases.get(event.into)) is not None and not case.simulated
        for telling in _joined(event, case)
    ]
    notices.tell(tellings, now=now)


def _reports(cases: set[UUID]) -> list[Report]:
    agreed = Report.objects.filter(contact_tell=True, contact_key__isnull=False)
    return list(agreed.filter(case_id__in=list(cases)))


def _step(report: Report, case: Case, events: Sequence[CaseEvent]) -> notices.Telling:
    said = [words for event in events if (words := told(event)) is not None]
    step = text("".join(one["zh"] for one in said), " ".join(one["en"] for one in said))
    key = f"report:{report.id}:{case.id}:{events[-1].version}"
    return _telling(key, "reporter-step", report, case, {"step": step})


def _joined(event: e.CaseMerged, into: Case) -> list[notices.Telling]:
    """The reports that came with a merged case stand on the other case now, each with a message of
    that instant."""
    moved = ReporterMessage.objects.filter(
        report__case_id=into.id,
        at=event.at,
        report__contact_tell=True,
        report__contact_key__isnull=False,
    ).select_related("report")
    number = text(event.into_no, event.into_no)
    return [
        _telling(
            f"report:{one.report_id}:{event.case_id}:{event.version}",
            "reporter-merged",
            one.report,
            into,
            {"into": number},
        )
        for one in moved
    ]


def _telling(
    key: str, template: str, report: Report, case: Case, more: dict[str, Text]
) -> notices.Telling:
    contact = contact_of(report)
    link = f"{settings.SITE_URL}/track/{report.track_code}"
    values = {**said_of(case), "link": text(link, link), **more}
    return notices.Telling(
        key=key,
        template=template,
        area_no=case.area_no,
        subject_kind="report",
        subject_id=case.id,
        values=values,
        contacts=(notices.Contact(contact.email, contact.phone),) if contact else (),
    )
