"""How loaded units are, and what else a reporter told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from chengyun.cases.models import Case, Report
from chengyun.cases.reads.rows import ROW_FIELDS, case_rows
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject

HISTORY_SHOWN = 50


def loads(actor: Actor, units: Collection[UUID], *, now: datetime) -> dict[UUID, tuple[int, int]]:
    """How many open cases in sight each unit leads, and how many of them are overdue."""
    late = Q(paused=False, due_at__lte=now)
    rows = (
        Case.objects.visible_to(actor)
        .filter(lead_unit__in=list(units), open=True)
        .order_by()
        .values("lead_unit")
        .annotate(n=Count("pk"), late=Count("pk", filter=late))
        .values_list("lead_unit", "n", "late")
    )
    return {unit: (n, overdue) for unit, n, overdue in rows if unit is not None}


def told_by_same(actor: Actor, report: Report, *, now: datetime) -> list[JsonObject]:
    """Other cases in sight that the reporter of a report told of, newest first."""
    if report.contact_mark is None:
        return []
    others = Report.objects.filter(contact_mark=report.contact_mark).exclude(case_id=report.case_id)
    ids = list(others.order_by("-reported_at").values_list("case_id", flat=True)[:HISTORY_SHOWN])
    rows = (
        Case.objects.visible_to(actor)
        .filter(pk__in=ids)
        .order_by("-reported_at")
        .values(*ROW_FIELDS)
    )
    return case_rows(list(rows), now)
