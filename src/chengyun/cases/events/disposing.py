"""From dispatch to the department's feedback."""

from dataclasses import dataclass
from uuid import UUID

from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.state import Decision, Photo, State
from chengyun.cases.events.stamped import CaseEvent


@dataclass(frozen=True, slots=True)
class CaseDispatched(CaseEvent):
    """Sent to a lead unit and co-handlers."""

    unit: UUID
    co_units: tuple[UUID, ...] = ()
    clock: StageClock | None = None
    decision: Decision | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseRedispatched(CaseEvent):
    """Taken from one unit and sent to another."""

    unit: UUID
    from_unit: UUID | None = None
    co_units: tuple[UUID, ...] = ()
    clock: StageClock | None = None
    decision: Decision | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseReturned(CaseEvent):
    """Given back a step; all material stays."""

    from_state: State
    to_state: State
    reason: str
    clock: StageClock | None = None


@dataclass(frozen=True, slots=True)
class HandlerAssigned(CaseEvent):
    """The department gave it to one of its people."""

    handler_id: UUID
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandlerRevoked(CaseEvent):
    """The department took it from its handler."""

    handler_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HandlingStarted(CaseEvent):
    """Work began."""


@dataclass(frozen=True, slots=True)
class CaseHandled(CaseEvent):
    """The handler says it is done; the clock runs until the department confirms."""

    photos: tuple[Photo, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackConfirmed(CaseEvent):
    """The department confirmed; the disposal clock stops here."""

    clock: StageClock | None = None
    skips_check: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class CoUnitJoined(CaseEvent):
    """Another unit helps."""

    unit: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CoFeedbackGiven(CaseEvent):
    """A co-handling unit has done its part."""

    unit: UUID
    photos: tuple[Photo, ...] = ()
    note: str = ""
