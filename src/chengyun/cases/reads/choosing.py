"""Units a dispatcher may choose, with what speaks for each; who gave the case back stands last."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.routing import RouteDecision, RouteQuery
from chengyun.cases.decide.state import CaseState, Decision
from chengyun.cases.events import CaseEvent, CaseReturned
from chengyun.cases.ports import router
from chengyun.cases.reads.loads import loads
from chengyun.cases.reads.names import unit_views
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import Json, JsonObject, Text, text

# Where a returned case may go now is asked anew: the list that sent it there was wrong.
ASKED_ANEW = "returned"


def reasons_of_return(events: Sequence[CaseEvent]) -> dict[UUID, str]:
    """Why each unit gave the case back to dispatch, the latest word of each, last unit last."""
    found: dict[UUID, str] = {}
    for event in events:
        if isinstance(event, CaseReturned) and event.to_state == "returned" and event.stamp.org:
            found.pop(event.stamp.org, None)
            found[event.stamp.org] = event.reason
    return found


def candidates(
    actor: Actor,
    state: CaseState,
    history: Sequence[CaseEvent],
    attributes: Mapping[str, Json],
    *,
    now: datetime,
) -> list[JsonObject]:
    """The units to choose from, the fittest first."""
    if state.state == ASKED_ANEW and state.kind_id is not None:
        return _anew(actor, state, reasons_of_return(history), attributes, now)
    queued: list[Decision] = [one for one in state.decisions if one.candidates][-1:]
    found = [
        (one.unit, one.reason, one.score, each)
        for each in queued
        for one in each.candidates
        if one.unit != state.lead_unit
    ]
    return _views(
        actor,
        [(unit, why, score, one.rule, one.rule_version, "") for unit, why, score, one in found],
        now,
    )


_Row = tuple[UUID, Text, float, str | None, str | None, str]


def _anew(
    actor: Actor,
    state: CaseState,
    returned: Mapping[UUID, str],
    attributes: Mapping[str, Json],
    now: datetime,
) -> list[JsonObject]:
    query = RouteQuery(
        kind_id=state.kind_id or "",
        area_no=state.area_no,
        at=now,
        attributes=attributes,
        source=state.source,
        exclude=tuple(returned),
    )
    route = router().route([query], city=state.city)[0]
    rows: list[_Row] = []
    if route.lead is not None:
        rows.append(_row(route, route.lead, _joined(route.reasons), route.confidence))
    rows += [_row(route, one.unit, one.reason, one.score) for one in route.candidates]
    rows = [row for row in rows if row[0] not in returned]
    gave_back = text("已回退此案", "Gave this case back")
    rows += [(unit, gave_back, 0.0, None, None, why) for unit, why in returned.items()]
    return _views(actor, rows, now)


def _row(route: RouteDecision, unit: UUID, reason: Text, score: float) -> _Row:
    return (unit, reason, score, route.rule, route.rule_version, "")


def _joined(reasons: Sequence[Text]) -> Text:
    return text("".join(one["zh"] for one in reasons), " ".join(one["en"] for one in reasons))


def _views(actor: Actor, rows: Sequence[_Row], now: datetime) -> list[JsonObject]:
    units = unit_views([row[0] for row in rows])
    loaded = loads(actor, units, now=now) if units else {}
    return [
        {
            "unit": units[unit],
            "reason": reason,
            "score": score,
            "open": loaded.get(unit, (0, 0))[0],
            "overdue": loaded.get(unit, (0, 0))[1],
            "rule": rule,
            "rule_version": version,
            "returned": returned or None,
        }
        for unit, reason, score, rule, version, returned in rows
        if unit in units
    ]
