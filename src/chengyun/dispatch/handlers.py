"""What cases tell dispatch: what became of the dispatches its rules decided."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chengyun.cases.models import Case
from chengyun.dispatch.decide.outcomes import DISPATCHES, WATCHED, outcome_of
from chengyun.dispatch.models import RouteOutcome
from chengyun.kernel.events import PastEvent, follow


@follow("dispatch.quality", *sorted(WATCHED))
def keep_outcomes(
    events: Sequence[PastEvent],
    now: datetime,
) -> None:
    """Settle earlier dispatches and open new ones, in the order of the events.

    Rows of one batch are read and written together; reading a batch twice changes nothing.
    """
    ids = {event.subject_id for event in events}
    cases = {case.id: case for case in Case.objects.filter(pk__in=ids)}
    kept: dict[UUID, list[RouteOutcome]] = {}
    for row in RouteOutcome.objects.filter(case_id__in=ids).order_by("case_version"):
        kept.setdefault(row.case_id, []).append(row)
    new: list[RouteOutcome] = []
    changed: dict[UUID, RouteOutcome] = {}
    for event in events:
        rows = kept.setdefault(event.subject_id, [])
        settled = outcome_of(event.name, event.data.get("from_state"))
        if settled is not None:
            for row in rows:
                if row.outcome == "open" and row.case_version < event.subject_version:
                    row.outcome = settled
                    row.settled_at = event.occurred_at
                    changed[row.id] = row
        case = cases.get(event.subject_id)
        known = any(row.case_version == event.subject_version for row in rows)
        if event.name in DISPATCHES and case is not None and not known:
            opened = _opened(event, case)
            if opened is not None:
                rows.append(opened)
                new.append(opened)
    RouteOutcome.objects.bulk_create(new)
    fresh = {row.id for row in new}
    RouteOutcome.objects.bulk_update(
        [row for row in changed.values() if row.id not in fresh], ["outcome", "settled_at"]
    )


def _opened(event: PastEvent, case: Case) -> RouteOutcome | None:
    """The outcome to keep of a dispatch, None when no rule decided it."""
    decision = event.data.get("decision") or {}
    if not decision.get("rule"):
        return None
    return RouteOutcome(
        case_id=case.id,
        case_version=event.subject_version,
        city_no=case.city_no,
        area_no=case.area_no,
        kind_id=case.kind_id or "",
        rule=decision["rule"],
        rule_version=decision.get("rule_version") or "",
        unit=UUID(event.data["unit"]),
        simulated=case.simulated,
        dispatched_at=event.occurred_at,
    )
