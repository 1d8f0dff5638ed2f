"""Requests that need approval: more time, a hold, voiding."""

from dataclasses import dataclass
from datetime import datetime

from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.state import State
from chengyun.cases.events.stamped import CaseEvent


@dataclass(frozen=True, slots=True)
class ExtensionRequested(CaseEvent):
    """More time is asked for; asked by the department it already has the first approval."""

    reason: str
    unit_approved: bool = False


@dataclass(frozen=True, slots=True)
class ExtensionSupported(CaseEvent):
    """The department approved; the dispatcher is next."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionGranted(CaseEvent):
    """One original limit was added to the deadline."""

    clock: StageClock
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionRefused(CaseEvent):
    """No more time."""

    reason: str


@dataclass(frozen=True, slots=True)
class SuspensionRequested(CaseEvent):
    """The department asks to put it on hold until a date."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CaseSuspended(CaseEvent):
    """On hold; the clock stands still."""

    until: datetime
    from_state: State
    clock: StageClock | None = None


@dataclass(frozen=True, slots=True)
class SuspensionRefused(CaseEvent):
    """Not put on hold."""

    reason: str


@dataclass(frozen=True, slots=True)
class CaseResumed(CaseEvent):
    """The hold is over, by date or by hand; the clock goes on."""

    clock: StageClock | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class VoidRequested(CaseEvent):
    """Somebody asks to void the case."""

    reason: str


@dataclass(frozen=True, slots=True)
class VoidRefused(CaseEvent):
    """It stays valid."""

    reason: str


@dataclass(frozen=True, slots=True)
class CaseVoided(CaseEvent):
    """It does not count."""

    reason: str
