"""Folds of the events from check to archive, of requests, clocks and joining."""

from dataclasses import replace
from typing import Any

from chengyun.cases import events as e
from chengyun.cases.decide.fold_base import Changes, moved, plus
from chengyun.cases.decide.limits import ESCALATION_LEVELS, EscalationLevel
from chengyun.cases.decide.state import Ask, CaseState, CoUnit, Rating, State, Supervision


def check_requested(s: CaseState, x: e.CheckRequested) -> Changes:
    return moved(s, x, "checking", None) | {"collector_id": x.collector_id}


def checked(s: CaseState, x: e.CheckReported) -> Changes:
    return moved(s, x, "pending_close" if x.passed else "check_failed", x.clock) | {
        "check_passed": x.passed,
        "checked_by": plus(s.checked_by, x.stamp.by),
        "photos": plus(s.photos, *x.photos),
        "collector_id": None,
    }


def reworked(s: CaseState, x: e.ReworkOrdered) -> Changes:
    co_units = tuple(CoUnit(co.unit) for co in s.co_units)
    return moved(s, x, "pending_handle", x.clock) | {
        "reworks": s.reworks + 1,
        "handler_id": None,
        "co_units": co_units,
    }


def closed(s: CaseState, x: e.CaseClosed | e.CaseForceClosed) -> Changes:
    to: State = "closed" if isinstance(x, e.CaseClosed) else "force_closed"
    return moved(s, x, to, None) | {"closed_at": x.stamp.at, "archive_at": x.archive_at}


def archived(s: CaseState, x: e.CaseArchived) -> Changes:
    return moved(s, x, "archived", None) | {"archive_at": None}


def reopened(s: CaseState, x: e.CaseReopened) -> Changes:
    changes = moved(s, x, x.to_state, x.clock)
    changes.update(
        reopens=s.reopens + 1,
        closed_at=None,
        archive_at=None,
        check_passed=False,
        rating=None,
        handler_id=None,
        lead_unit=None,
        co_units=(),
        photos=plus(s.photos, *x.photos),
    )
    return changes


def appealed(_s: CaseState, _x: e.AppealMade) -> Changes:
    return {"appeal": "requested"}


def appeal_reviewed(_s: CaseState, x: e.AppealReviewed) -> Changes:
    if not x.granted:
        return {"appeal": "refused", "appeal_reviewer": x.stamp.by}
    if not x.final:
        return {"appeal": "dispatcher_ok", "appeal_reviewer": x.stamp.by}
    return {"appeal": "granted", "appeal_reviewer": x.stamp.by, "exempt": True}


def rated(_s: CaseState, x: e.CaseRated) -> Changes:
    return {"rating": Rating(x.score, x.stamp.at, x.via)}


def _ask(x: e.CaseEvent, reason: str, **more: Any) -> Ask:
    return Ask(x.stamp.by, x.stamp.org, x.stamp.at, reason, **more)


def extension_asked(_s: CaseState, x: e.ExtensionRequested) -> Changes:
    unit_by = x.stamp.by if x.unit_approved else None
    ask = _ask(x, x.reason, unit_approved=x.unit_approved, unit_by=unit_by)
    return {"extension_ask": ask}


def extension_supported(s: CaseState, x: e.ExtensionSupported) -> Changes:
    ask = s.extension_ask and replace(s.extension_ask, unit_approved=True, unit_by=x.stamp.by)
    return {"extension_ask": ask}


def extended(s: CaseState, x: e.ExtensionGranted) -> Changes:
    return {"extension_ask": None, "extensions": s.extensions + 1, "clock": x.clock}


def extension_refused(_s: CaseState, _x: e.ExtensionRefused) -> Changes:
    return {"extension_ask": None}


def suspension_asked(_s: CaseState, x: e.SuspensionRequested) -> Changes:
    return {"suspension_ask": _ask(x, x.reason, until=x.until)}


def suspended(s: CaseState, x: e.CaseSuspended) -> Changes:
    return {
        "state": "suspended",
        "suspension_ask": None,
        "extension_ask": None,
        "suspended_until": x.until,
        "suspended_from": x.from_state,
        "suspensions": s.suspensions + 1,
        "clock": x.clock or s.clock,
    }


def suspension_refused(_s: CaseState, _x: e.SuspensionRefused) -> Changes:
    return {"suspension_ask": None}


def resumed(s: CaseState, x: e.CaseResumed) -> Changes:
    return {
        "state": s.suspended_from or "pending_handle",
        "suspended_until": None,
        "suspended_from": None,
        "clock": x.clock or s.clock,
    }


def void_asked(_s: CaseState, x: e.VoidRequested) -> Changes:
    return {"void_ask": _ask(x, x.reason)}


def void_refused(_s: CaseState, _x: e.VoidRefused) -> Changes:
    return {"void_ask": None}


def voided(s: CaseState, x: e.CaseVoided) -> Changes:
    return moved(s, x, "voided", None)


def supervised(s: CaseState, x: e.SupervisionOrdered) -> Changes:
    order = Supervision(x.stamp.by, x.stamp.org, x.stamp.at, x.level, x.listed)
    return {"supervisions": (*s.supervisions, order)}


def urged(s: CaseState, _x: e.CaseUrged) -> Changes:
    return {"urges": s.urges + 1}


def higher(one: EscalationLevel | None, other: EscalationLevel) -> EscalationLevel:
    """The higher of two levels."""
    if one is None or ESCALATION_LEVELS.index(other) > ESCALATION_LEVELS.index(one):
        return other
    return one


def escalated(s: CaseState, x: e.CaseEscalated) -> Changes:
    changes: Changes = {"escalation": higher(s.escalation, x.level)}
    if x.by_ladder and s.clock is not None:
        changes["clock"] = replace(s.clock, rung=x.rung, escalate_at=x.escalate_at)
    return changes


def merged(s: CaseState, x: e.CaseMerged) -> Changes:
    return moved(s, x, "merged", None) | {"merged_into": x.into}


def absorbed(s: CaseState, x: e.CaseAbsorbed) -> Changes:
    return {"merged_from": (*s.merged_from, x.other), "reports": s.reports + x.reports}


def split(s: CaseState, x: e.CaseSplit) -> Changes:
    return {"children": (*s.children, *x.children)}


def warned(s: CaseState, x: e.ClockWarned) -> Changes:
    return {"clock": s.clock and replace(s.clock, warned_at=x.stamp.at)}


def overdue(s: CaseState, x: e.ClockOverdue) -> Changes:
    clock = s.clock and replace(
        s.clock, overdue_at=x.due_at, escalate_at=x.escalate_at, rung=x.rung
    )
    # More time was asked for too late.
    return {"clock": clock, "overtime": plus(s.overtime, x.stage), "extension_ask": None}


def recomputed(_s: CaseState, x: e.ClockRecomputed) -> Changes:
    return {"clock": x.clock}


def withdrawn(_s: CaseState, x: e.MarksWithdrawn) -> Changes:
    return {
        "clock": x.clock,
        "overtime": x.overtime,
        "escalation": x.escalation,
        "extension_ask": x.extension_ask,
    }


def report_joined(state: CaseState, event: e.ReportJoined) -> Changes:
    return {"reports": state.reports + 1, "photos": plus(state.photos, *event.photos)}


def moderated(_state: CaseState, _event: e.ContentModerated) -> Changes:
    return {}
