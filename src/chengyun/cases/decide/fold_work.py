"""Folds of the events from report to feedback: which fields of the state each one changes."""

from chengyun.cases import events as e
from chengyun.cases.decide.fold_base import Changes, by_dispatcher, by_handler, moved, plus
from chengyun.cases.decide.state import CaseState, CoUnit, State


def imported(_s: CaseState, x: e.CaseImported) -> Changes:
    return {
        "state": x.state,
        "imported": True,
        "closed_at": x.closed_at,
        "kind_id": x.kind_id,
        "condition_id": x.condition_id,
        "merged_into": x.merged_into,
        "lead_unit": x.lead_unit,
    }


def queued(s: CaseState, x: e.CaseQueued) -> Changes:
    return moved(s, x, "pending_accept", x.clock) | {"decisions": (*s.decisions, x.decision)}


def accepted(s: CaseState, x: e.CaseAccepted) -> Changes:
    return moved(s, x, "pending_file", x.clock) | {"area_no": x.area_no or s.area_no}


def rejected(s: CaseState, x: e.CaseRejected) -> Changes:
    return moved(s, x, "rejected", None)


def verify_requested(s: CaseState, x: e.VerifyRequested) -> Changes:
    return moved(s, x, "verifying", x.clock) | {"collector_id": x.collector_id}


def verify_reported(s: CaseState, x: e.VerifyReported) -> Changes:
    to: State = "pending_file" if x.exists else "pending_accept"
    return moved(s, x, to, x.clock) | {"photos": plus(s.photos, *x.photos), "collector_id": None}


def filed(s: CaseState, x: e.CaseFiled) -> Changes:
    changes = moved(s, x, "pending_dispatch", x.clock)
    changes.update(
        kind_id=x.kind_id,
        condition_id=x.condition_id,
        limit=x.limit,
        area_no=x.area_no or s.area_no,
        filed_at=s.filed_at or x.stamp.at,
    )
    if x.decision is not None:
        changes["decisions"] = (*s.decisions, x.decision)
    return changes


def dispatched(s: CaseState, x: e.CaseDispatched | e.CaseRedispatched) -> Changes:
    changes = moved(s, x, "pending_handle", x.clock) | by_dispatcher(s, x)
    changes.update(
        lead_unit=x.unit,
        co_units=tuple(CoUnit(unit) for unit in x.co_units),
        handler_id=None,
        extension_ask=None,
        suspension_ask=None,
    )
    if x.decision is not None:
        changes["decisions"] = (*s.decisions, x.decision)
    return changes


def redispatched(s: CaseState, x: e.CaseRedispatched) -> Changes:
    return dispatched(s, x) | {"redispatches": s.redispatches + 1}


def returned(s: CaseState, x: e.CaseReturned) -> Changes:
    changes = moved(s, x, x.to_state, x.clock)
    if x.to_state == "returned":
        changes["returns"] = s.returns + 1
        changes["handler_id"] = None
    elif x.to_state == "pending_handle":
        changes["handler_id"] = None
    elif x.to_state == "pending_accept":
        changes["lead_unit"] = None
        changes["co_units"] = ()
    elif x.to_state == "pending_check":
        changes["check_passed"] = False
    return changes


def assigned(_s: CaseState, x: e.HandlerAssigned) -> Changes:
    return {"handler_id": x.handler_id}


def revoked(s: CaseState, x: e.HandlerRevoked) -> Changes:
    return moved(s, x, "pending_handle", None) | {"handler_id": None}


def started(s: CaseState, x: e.HandlingStarted) -> Changes:
    return moved(s, x, "handling", None) | by_handler(s, x)


def handled(s: CaseState, x: e.CaseHandled) -> Changes:
    photos = plus(s.photos, *x.photos)
    return moved(s, x, "handled", None) | by_handler(s, x) | {"photos": photos}


def confirmed(s: CaseState, x: e.FeedbackConfirmed) -> Changes:
    to: State = "pending_close" if x.skips_check else "pending_check"
    return moved(s, x, to, x.clock) | by_handler(s, x) | {"check_passed": False}


def relocated(s: CaseState, x: e.CaseRelocated) -> Changes:
    changes: Changes = {"area_no": x.after.area_no, "place": x.after}
    if x.decision is not None:
        changes["decisions"] = (*s.decisions, x.decision)
    return changes


def joined(s: CaseState, x: e.CoUnitJoined) -> Changes:
    return by_dispatcher(s, x) | {"co_units": (*s.co_units, CoUnit(x.unit))}


def co_feedback(s: CaseState, x: e.CoFeedbackGiven) -> Changes:
    done = tuple(CoUnit(co.unit, co.done or co.unit == x.unit) for co in s.co_units)
    return by_handler(s, x) | {"co_units": done, "photos": plus(s.photos, *x.photos)}
