"""News of signals, and their steps."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.events import NewEvent, publish
from chengyun.rules.events import OF_STEP
from chengyun.rules.models import Signal, SignalStep


def news(signal: Signal, what: str, now: datetime, actor: Actor = SYSTEM, **data: Any) -> NewEvent:
    """The event of a step; the signal's version was raised for it."""
    return NewEvent(
        OF_STEP[what],
        signal.id,
        signal.version,
        signal.area_no,
        actor,
        min(signal.changed_at, now),
        now,
        {"rule": signal.rule_id, "severity": signal.severity, "what": what, **data},
        tuple(signal.unit_ids),
    )


def tell_change(signals: Iterable[Signal], what: str, now: datetime) -> None:
    """A step without words for each signal, and its event."""
    some = list(signals)
    SignalStep.objects.bulk_create([step_of(one, what, now) for one in some])
    publish([news(one, what, now) for one in some])


def step_of(
    signal: Signal, what: str, now: datetime, actor: Actor = SYSTEM, note: str = "", **more: Any
) -> SignalStep:
    """A step as it is written."""
    fields: dict[str, Any] = {"at": now, "by_id": actor.id, "note": note, **more}
    return SignalStep(signal=signal, what=what, recorded_at=now, severity=signal.severity, **fields)


def answered(
    signal: Signal, what: str, now: datetime, actor: Actor = SYSTEM, note: str = ""
) -> None:
    """Save a signal that somebody answered, with its step and event."""
    signal.version += 1
    signal.save()
    step_of(signal, what, now, actor, note).save()
    publish([news(signal, what, now, actor)])
