"""Duty shifts: how long one may last, and how it passes from the outgoing to the incoming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from chengyun.people.decide.faults import Fault

# A guard against a typing error, not a labour rule.
LONGEST = timedelta(hours=36)
NOTE_MAX = 4000
MATTERS_MAX = 100
# How far ahead one shift is repeated at once.
REPEAT_MAX = 62

Why = Literal["overdue", "supervised", "suspended", "other"]

HandoverState = Literal["running", "open", "accepted"]


@dataclass(frozen=True, slots=True)
class Shift:
    """What a hand-over is decided from."""

    members: frozenset[UUID]
    handed_over_by: UUID | None
    accepted_by: UUID | None


@dataclass(frozen=True, slots=True)
class Matter:
    """Something the next shift must go on with: a case by id and number, or words alone."""

    why: Why
    no: str = ""
    note: str = ""
    case: UUID | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a hand-over cannot go on."""

    code: str
    reason: str


def period_faults(starts_at: datetime, ends_at: datetime) -> list[Fault]:
    """Why a shift may not last from one instant to the other; empty when it may."""
    if ends_at <= starts_at:
        return [Fault("ends_at", "is not after the start", "not_after_start")]
    if ends_at - starts_at > LONGEST:
        hours = int(LONGEST.total_seconds() // 3600)
        return [Fault("ends_at", f"is more than {hours} hours after the start", "too_long")]
    return []


def refuse_change(shift: Shift) -> Refusal | None:
    """Why a shift's plan may not be changed any more; None when it may."""
    if handover_state(shift) != "running":
        return Refusal("already_handed_over", "The shift has already been handed over.")
    return None


def matter_faults(matters: Sequence[Matter]) -> list[Fault]:
    """Why open matters may not stand in a hand-over; empty when they may."""
    if len(matters) > MATTERS_MAX:
        return [Fault("matters", f"are more than {MATTERS_MAX}", "too_many")]
    return [
        Fault(f"matters.{at}", "names neither a case nor what is open", "empty_matter")
        for at, one in enumerate(matters)
        if one.case is None and not one.note.strip()
    ]


def handover_state(shift: Shift) -> HandoverState:
    """Running, handed over and waiting to be accepted, or accepted."""
    if shift.accepted_by is not None:
        return "accepted"
    return "open" if shift.handed_over_by is not None else "running"


def refuse_hand_over(shift: Shift, by: UUID | None) -> Refusal | None:
    """Why this person may not sign the shift off; None when they may."""
    if handover_state(shift) != "running":
        return Refusal("already_handed_over", "The shift has already been handed over.")
    if by not in shift.members:
        return Refusal("not_a_member", "Only somebody on the shift can hand it over.")
    return None


def refuse_acceptance(shift: Shift, by: UUID | None, incoming: frozenset[UUID]) -> Refusal | None:
    """Why this person may not accept the hand-over; None when they may."""
    state = handover_state(shift)
    if state == "running":
        return Refusal("not_handed_over", "The outgoing shift has not handed over yet.")
    if state == "accepted":
        return Refusal("already_accepted", "The hand-over has already been accepted.")
    if by == shift.handed_over_by:
        return Refusal("same_person", "Whoever hands over cannot accept it as well.")
    if by not in incoming:
        return Refusal("not_incoming", "Only somebody on the incoming shift can accept it.")
    return None
