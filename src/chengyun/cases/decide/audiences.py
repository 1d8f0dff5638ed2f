"""Whom each step of a case is told to among the staff. Pure."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chengyun.cases import events as e

# unit: the department of `unit`; owner: whoever has the running stage; handler: the person;
# dispatcher, shift_leader, leader: who holds the post over the place.
Who = Literal["unit", "owner", "handler", "dispatcher", "shift_leader", "leader"]

# Who has a stage that no department has (domain.md §1.1).
DESK_OF_STAGE: dict[str, str] = {
    "accept": "acceptor",
    "verify": "collector",
    "file": "shift_leader",
    "dispatch": "dispatcher",
    "check": "collector",
    "close": "shift_leader",
}


@dataclass(frozen=True, slots=True)
class Audience:
    """One notice to send: the template, to whom, and what the event itself says."""

    template: str
    who: Who
    unit: UUID | None = None
    person: UUID | None = None
    stage: str | None = None
    level: str | None = None

    @property
    def mark(self) -> str:
        """Tells the audiences of one event apart, for ever."""
        return f"{self.template}:{self.who}:{self.unit or self.person or ''}"


def audiences(event: e.CaseEvent) -> tuple[Audience, ...]:
    """Whom to tell of an event."""
    match event:
        case e.CaseDispatched(unit=unit) | e.CaseRedispatched(unit=unit):
            return (Audience("case-dispatched", "unit", unit=unit), *_helpers(event.co_units))
        case e.CoUnitJoined(unit=unit):
            return _helpers((unit,))
        case e.HandlerAssigned(handler_id=person):
            return (Audience("case-assigned", "handler", person=person),)
        case e.CaseReturned(to_state=to_state):
            back = to_state in ("pending_dispatch", "returned")
            return (Audience("case-returned", "dispatcher"),) if back else ()
        case e.CaseRelocated(decision=decision):
            asked = decision is not None and decision.what == "redispatch"
            return (Audience("case-relocated", "dispatcher"),) if asked else ()
        case e.ClockWarned(stage=stage):
            return (Audience("case-warned", "owner", stage=stage),)
        case e.ClockOverdue(stage=stage):
            owner = Audience("case-overdue", "owner", stage=stage)
            return (owner, Audience("case-overdue", "shift_leader", stage=stage))
        case e.CaseEscalated(level=level):
            owner = Audience("case-escalated", "owner", level=level)
            return (owner, Audience("case-escalated", "leader", level=level))
        case e.SupervisionOrdered():
            owner = Audience("case-supervised", "owner")
            return (owner, Audience("case-supervised", "shift_leader"))
        case _:
            return ()


def _helpers(units: tuple[UUID, ...]) -> tuple[Audience, ...]:
    return tuple(Audience("case-dispatched", "unit", unit=unit) for unit in units)
