"""What people say to signals: seen, a true alarm, a false one."""

from datetime import datetime
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.rules.models import Signal
from chengyun.rules.models.signals import JUDGEMENTS
from chengyun.rules.policy import check_may_answer
from chengyun.rules.verbs.telling import answered


def _locked(actor: Actor, signal_id: UUID) -> Signal:
    found = Signal.objects.visible_to(actor).select_for_update().filter(pk=signal_id).first()
    if found is None:
        raise NotFound
    check_may_answer(actor, found.area_no, found.unit_ids)
    return found


@verb("rules.acknowledge")
def acknowledge(actor: Actor, *, now: datetime, signal_id: UUID) -> JsonObject:
    """Say that somebody sees to a signal: it escalates no further.

    Returns {"id", "version"}. Raises NotFound; Forbidden; Conflict: it was acknowledged before.
    """
    signal = _locked(actor, signal_id)
    if signal.acknowledged_at is not None:
        raise Conflict("Somebody acknowledged this signal before.", code="acknowledged")
    _acknowledge(signal, actor, now)
    answered(signal, "acknowledged", now, actor)
    return {"id": str(signal.id), "version": signal.version}


@verb("rules.judge")
def judge(
    actor: Actor, *, now: datetime, signal_id: UUID, judgement: str, reason: str
) -> JsonObject:
    """Say whether a signal was a true alarm; the rule's share of false ones counts it.

    Args:
        judgement: "true" or "false". reason: what was found; needed for a false alarm.

    Returns {"id", "version"}. Raises NotFound, Forbidden, Invalid.
    """
    if judgement not in JUDGEMENTS:
        raise Invalid([FieldError("judgement", "is true or false", "bad_judgement")])
    if judgement == "false" and not reason.strip():
        raise Invalid([FieldError("reason", "say what was found instead", "missing")])
    signal = _locked(actor, signal_id)
    if signal.acknowledged_at is None:
        _acknowledge(signal, actor, now)
    signal.judged, signal.judged_by, signal.judged_reason = judgement, actor.id, reason.strip()
    answered(signal, "judged", now, actor, f"{judgement}: {reason.strip()}")
    return {"id": str(signal.id), "version": signal.version}


def _acknowledge(signal: Signal, actor: Actor, now: datetime) -> None:
    signal.acknowledged_at, signal.acknowledged_by = now, actor.id
    signal.escalate_at = None
