"""Where cases branch and join: parts of a split, reports of a merged case."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.state import CaseState
from chengyun.cases.models import Case, Report, ReporterMessage
from chengyun.cases.reads.kinds import kinds
from chengyun.cases.verbs.writing import Said, insert_cases, row_of
from chengyun.kernel.ids import new_id


def insert_parts(parent: Case, states: Sequence[CaseState]) -> None:
    """Insert the cases that came out of a split; place and words are the parent's."""
    rows = []
    for state in states:
        entry = kinds().get(state.kind_id)
        said = Said(
            is_public=bool(entry and entry.kind.public),
            kind_version_id=entry.version_id if entry else None,
            lon=parent.lon,
            lat=parent.lat,
            location=parent.location,
            cell=parent.cell,
            grid_code=parent.grid_code,
            address=parent.address,
            address_id=parent.address_id,
            text=parent.text,
            attributes=parent.attributes,
        )
        rows.append(row_of(state, said))
    insert_cases(rows)


def move_reports(merged: UUID, into: Case, now: datetime) -> None:
    """Let every reporter of a merged case follow the case it went into, and tell each."""
    reports = list(Report.objects.filter(case_id=merged).values_list("id", flat=True))
    Report.objects.filter(case_id=merged).update(case_id=into.id)
    ReporterMessage.objects.bulk_create(
        ReporterMessage(
            id=new_id(),
            report_id=report,
            at=now,
            zh=f"您反映的问题与 {into.no} 号案件为同一件事，已合并办理；本页今后显示该案件的进展。",
            en=(
                f"What you reported is the same matter as case {into.no}; they are handled"
                " together now, and this page shows that case."
            ),
        )
        for report in reports
    )
