"""From report to filing."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.kinds import Limit
from chengyun.cases.decide.state import Decision, Photo, State
from chengyun.cases.events.stamped import CaseEvent


@dataclass(frozen=True, slots=True)
class CaseReported(CaseEvent):
    """A report came in; the case exists."""

    no: str
    city: int
    source: str
    reported_at: datetime
    kind_id: str | None = None
    condition_id: str | None = None
    area_no: int | None = None
    photos: tuple[Photo, ...] = ()
    simulated: bool = False
    recurrence_of: UUID | None = None
    split_from: UUID | None = None


@dataclass(frozen=True, slots=True)
class CaseImported(CaseEvent):
    """The case is history from elsewhere: state as given, no clock."""

    state: State
    closed_at: datetime | None = None
    kind_id: str | None = None
    condition_id: str | None = None
    merged_into: UUID | None = None
    lead_unit: UUID | None = None


@dataclass(frozen=True, slots=True)
class CaseQueued(CaseEvent):
    """It waits for an acceptor, for the reasons given."""

    decision: Decision
    clock: StageClock | None = None


@dataclass(frozen=True, slots=True)
class CaseAccepted(CaseEvent):
    """An acceptor took it on."""

    clock: StageClock | None = None
    area_no: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseRejected(CaseEvent):
    """It is not taken on."""

    reason: str


@dataclass(frozen=True, slots=True)
class VerifyRequested(CaseEvent):
    """A collector is to look at the place before filing."""

    clock: StageClock | None = None
    collector_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class VerifyReported(CaseEvent):
    """The collector says whether it is there."""

    exists: bool
    clock: StageClock | None = None
    photos: tuple[Photo, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseFiled(CaseEvent):
    """Filed under a kind and filing condition, which fix limit and closing condition."""

    kind_id: str
    condition_id: str
    limit: Limit
    clock: StageClock | None = None
    area_no: int | None = None
    decision: Decision | None = None
    note: str = ""
