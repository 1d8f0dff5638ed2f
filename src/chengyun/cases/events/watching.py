"""Clocks, supervision, and cases joined or parted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.limits import EscalationLevel
from chengyun.cases.decide.state import Ask, Decision, Place
from chengyun.cases.events.stamped import CaseEvent


@dataclass(frozen=True, slots=True)
class SupervisionOrdered(CaseEvent):
    """A leader watches it."""

    level: EscalationLevel
    listed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseUrged(CaseEvent):
    """Whoever has it is asked to hurry."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseEscalated(CaseEvent):
    """A higher level is told, by the ladder or by hand; carries the clock's next rung."""

    level: EscalationLevel
    reason: str = ""
    rung: int = 0
    escalate_at: datetime | None = None
    by_ladder: bool = False


@dataclass(frozen=True, slots=True)
class CaseRelocated(CaseEvent):
    """Its place was corrected; no clock starts anew. `decision` says where another unit is
    responsible there. The words of both places may be destroyed like a reason."""

    before: Place
    after: Place
    reason: str
    was_address: str = ""
    address: str = ""
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class CaseMerged(CaseEvent):
    """Joined into another case; the reporters of all `cases` are to be told."""

    into: UUID
    into_no: str
    cases: tuple[UUID, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseAbsorbed(CaseEvent):
    """Another case and its reports were joined into this one."""

    other: UUID
    other_no: str
    reports: int = 1


@dataclass(frozen=True, slots=True)
class CaseSplit(CaseEvent):
    """Parts of it became cases of their own."""

    children: tuple[UUID, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClockWarned(CaseEvent):
    """The stage clock turned yellow."""

    stage: str


@dataclass(frozen=True, slots=True)
class ClockOverdue(CaseEvent):
    """The stage clock turned red; the stage counts as overtime once and for ever."""

    stage: str
    due_at: datetime
    escalate_at: datetime | None = None
    rung: int = 0


@dataclass(frozen=True, slots=True)
class ClockRecomputed(CaseEvent):
    """A provisional deadline was computed again with a newer calendar."""

    clock: StageClock


@dataclass(frozen=True, slots=True)
class MarksWithdrawn(CaseEvent):
    """Marks that time alone had made after `stamp.at` are taken back: paper shows that the work
    was done before them. Carries what they had changed, as it was."""

    marks: int
    clock: StageClock | None = None
    overtime: tuple[str, ...] = ()
    escalation: EscalationLevel | None = None
    extension_ask: Ask | None = None
