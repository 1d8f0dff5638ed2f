"""From check to archive, and what reporters and departments say afterwards."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.state import Photo, State
from chengyun.cases.events.stamped import CaseEvent


@dataclass(frozen=True, slots=True)
class CheckRequested(CaseEvent):
    """A collector is to check the result."""

    collector_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckReported(CaseEvent):
    """The collector's result; a failed one is followed by ReworkOrdered."""

    passed: bool
    clock: StageClock | None = None
    photos: tuple[Photo, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReworkOrdered(CaseEvent):
    """Back to the same unit, material kept."""

    clock: StageClock | None = None


@dataclass(frozen=True, slots=True)
class CaseClosed(CaseEvent):
    """Closed, the closing condition met; archived at `archive_at` unless opened again."""

    closing_condition: str
    archive_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseForceClosed(CaseEvent):
    """Closed by a shift leader without a passed check."""

    reason: str
    archive_at: datetime


@dataclass(frozen=True, slots=True)
class CaseArchived(CaseEvent):
    """The file is shut for good."""


@dataclass(frozen=True, slots=True)
class CaseReopened(CaseEvent):
    """Open again."""

    to_state: State
    reason: str
    photos: tuple[Photo, ...] = ()
    clock: StageClock | None = None


@dataclass(frozen=True, slots=True)
class AppealMade(CaseEvent):
    """The department disputes the overtime."""

    reason: str


@dataclass(frozen=True, slots=True)
class AppealReviewed(CaseEvent):
    """One of the two reviews; granted by both the case is exempt, its overtime stays recorded."""

    granted: bool
    final: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseRated(CaseEvent):
    """The reporter says how satisfied they are."""

    score: int
    via: str = "public"
    note: str = ""
