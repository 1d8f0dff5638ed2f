"""The state of a case: the fold of its history, nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chengyun.cases.decide import codec
from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.kinds import Limit
from chengyun.cases.decide.limits import EscalationLevel
from chengyun.kernel.text import Text, text

State = Literal[
    "draft",
    "reported",
    "pending_accept",
    "verifying",
    "pending_file",
    "rejected",
    "pending_dispatch",
    "pending_handle",
    "handling",
    "suspended",
    "returned",
    "handled",
    "pending_check",
    "checking",
    "check_failed",
    "pending_close",
    "closed",
    "force_closed",
    "voided",
    "archived",
    "merged",
]

STATE_NAMES: dict[str, Text] = {
    "draft": text("草稿", "Draft"),
    "reported": text("已上报", "Reported"),
    "pending_accept": text("待受理", "Waiting to be accepted"),
    "verifying": text("核实中", "Being verified"),
    "pending_file": text("待立案", "Waiting to be filed"),
    "rejected": text("不予受理", "Not accepted"),
    "pending_dispatch": text("待派遣", "Waiting to be dispatched"),
    "pending_handle": text("待处置", "Waiting to be handled"),
    "handling": text("处置中", "Being handled"),
    "suspended": text("挂账中", "Suspended"),
    "returned": text("回退中", "Returned by the department"),
    "handled": text("处置完成待确认", "Handled, to be confirmed"),
    "pending_check": text("待核查", "Waiting to be checked"),
    "checking": text("核查中", "Being checked"),
    "check_failed": text("核查未通过", "Check failed"),
    "pending_close": text("待结案", "Waiting to be closed"),
    "closed": text("结案", "Closed"),
    "force_closed": text("强制结案", "Closed by force"),
    "voided": text("作废", "Void"),
    "archived": text("归档", "Archived"),
    "merged": text("已并案", "Merged into another case"),
}

# Nothing leads out of these.
TERMINAL: frozenset[str] = frozenset({"rejected", "voided", "archived", "merged"})
# Work on these is over, but the reporter or a shift leader may open them again.
CLOSED: frozenset[str] = frozenset({"closed", "force_closed"})
OPEN: frozenset[str] = frozenset(STATE_NAMES) - TERMINAL - CLOSED

# The clock that runs in a state; a state that is missing runs none.
STAGE_OF: dict[str, str] = {
    "pending_accept": "accept",
    "verifying": "verify",
    "pending_file": "file",
    "pending_dispatch": "dispatch",
    "returned": "dispatch",
    "pending_handle": "dispose",
    "handling": "dispose",
    "suspended": "dispose",
    "handled": "dispose",
    "pending_check": "check",
    "checking": "check",
    "pending_close": "close",
}

ClockLight = Literal["ok", "yellow", "red", "paused", "none"]
Appeal = Literal["none", "requested", "dispatcher_ok", "granted", "refused"]
PhotoRole = Literal["scene", "before", "after", "check"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that waits for approval.

    An extension asked for by a handler first needs the department (`unit_approved` is False);
    asked for by the department it goes straight to the dispatcher.
    """

    by: UUID | None
    org: UUID | None
    at: datetime
    reason: str
    until: datetime | None = None
    unit_approved: bool = False
    unit_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class CoUnit:
    """A co-handling unit and whether it has reported its part done."""

    unit: UUID
    done: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case lies: degrees, the deepest area known, grid and standard address."""

    area_no: int | None = None
    grid_code: str | None = None
    lon: float | None = None
    lat: float | None = None
    location: str = "none"
    address_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo by id and what it shows."""

    id: UUID
    role: PhotoRole


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit that a person may choose, and why it fits (0..1)."""

    unit: UUID
    reason: Text
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """Why something was decided: sentences, how sure (0..1), the rule and its version.

    Where a person has to decide, `candidates` and `similar` lay out what there is to choose.
    """

    what: str
    reasons: tuple[Text, ...] = ()
    confidence: float | None = None
    rule: str | None = None
    rule_version: str | None = None
    candidates: tuple[Suggestion, ...] = ()
    similar: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Supervision:
    """One supervision order."""

    by: UUID | None
    org: UUID | None
    at: datetime
    level: EscalationLevel
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Rating:
    """What the reporter says about the outcome, 1 to 5; `via` is public or callback."""

    score: int
    at: datetime
    via: str


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case after its first event.

    `overtime` lists the stages that were ever overdue, each once; it only grows. `place` is None
    while it lies where it was reported. `dispatched_*` and `handled_*` hold everybody who ever
    did so, which bars them from checking and closing.
    """

    id: UUID
    no: str
    state: State
    version: int
    reported_at: datetime
    updated_at: datetime
    city: int
    source: str
    kind_id: str | None = None
    condition_id: str | None = None
    limit: Limit | None = None
    area_no: int | None = None
    place: Place | None = None
    simulated: bool = False
    imported: bool = False
    reporter: UUID | None = None
    filed_at: datetime | None = None
    closed_at: datetime | None = None
    archive_at: datetime | None = None
    clock: StageClock | None = None
    past_clocks: tuple[StageClock, ...] = ()
    overtime: tuple[str, ...] = ()
    lead_unit: UUID | None = None
    co_units: tuple[CoUnit, ...] = ()
    handler_id: UUID | None = None
    collector_id: UUID | None = None
    dispatched_by: tuple[UUID, ...] = ()
    dispatched_orgs: tuple[UUID, ...] = ()
    handled_by: tuple[UUID, ...] = ()
    handled_orgs: tuple[UUID, ...] = ()
    checked_by: tuple[UUID, ...] = ()
    check_passed: bool = False
    extension_ask: Ask | None = None
    extensions: int = 0
    suspension_ask: Ask | None = None
    suspended_until: datetime | None = None
    suspended_from: State | None = None
    suspensions: int = 0
    void_ask: Ask | None = None
    returns: int = 0
    redispatches: int = 0
    reworks: int = 0
    reopens: int = 0
    urges: int = 0
    supervisions: tuple[Supervision, ...] = ()
    escalation: EscalationLevel | None = None
    merged_into: UUID | None = None
    merged_from: tuple[UUID, ...] = ()
    split_from: UUID | None = None
    children: tuple[UUID, ...] = ()
    recurrence_of: UUID | None = None
    reports: int = 1
    photos: tuple[Photo, ...] = ()
    appeal: Appeal = "none"
    appeal_reviewer: UUID | None = None
    exempt: bool = False
    rating: Rating | None = None
    decisions: tuple[Decision, ...] = ()

    @property
    def asks(self) -> tuple[str, ...]:
        """What waits for somebody's yes or no, each `what:post` with the post that is next."""
        found: list[str] = []
        if self.extension_ask is not None:
            judge = "dispatcher" if self.extension_ask.unit_approved else "department"
            found.append(f"extension:{judge}")
        if self.suspension_ask is not None:
            found.append("suspension:dispatcher")
        if self.void_ask is not None:
            found.append("void:shift_leader")
        judge = {"requested": "dispatcher", "dispatcher_ok": "acceptor"}.get(self.appeal, "")
        return (*found, f"appeal:{judge}") if judge else tuple(found)

    @property
    def is_open(self) -> bool:
        """Whether work is still to be done."""
        return self.state in OPEN

    @property
    def is_terminal(self) -> bool:
        """Whether nothing may change the state any more."""
        return self.state in TERMINAL

    @property
    def paused(self) -> bool:
        """Whether the clock stands still."""
        return self.state == "suspended"

    @property
    def due_at(self) -> datetime | None:
        """When the running clock turns red."""
        return self.clock.due_at if self.clock else None

    @property
    def warn_at(self) -> datetime | None:
        """When the running clock turns yellow."""
        return self.clock.warn_at if self.clock else None

    @property
    def next_tick_at(self) -> datetime | None:
        """The earliest instant at which a tick does something; None: never."""
        if self.state == "suspended":
            return self.suspended_until
        if self.state in CLOSED:
            pending = self.appeal in ("requested", "dispatcher_ok")
            return None if pending else self.archive_at
        clock = self.clock
        if clock is None:
            return None
        if clock.overdue_at is not None:
            return clock.escalate_at
        if clock.warned_at is not None:
            return clock.due_at
        return clock.warn_at

    @property
    def units(self) -> tuple[UUID, ...]:
        """Every unit that works on the case now, lead first."""
        lead = () if self.lead_unit is None else (self.lead_unit,)
        return lead + tuple(co.unit for co in self.co_units)

    @property
    def supervised(self) -> int:
        """How many supervision orders it has."""
        return len(self.supervisions)

    def light(self, now: datetime) -> ClockLight:
        """The colour of the running clock."""
        if self.state == "suspended":
            return "paused"
        clock = self.clock
        if clock is None:
            return "none"
        if now >= clock.due_at:
            return "red"
        return "yellow" if now >= clock.warn_at else "ok"

    def photos_of(self, role: PhotoRole) -> int:
        """How many photos there are of a role."""
        return sum(photo.role == role for photo in self.photos)

    def to_data(self) -> dict[str, Any]:
        """The state as JSON; what equals its default is left out."""
        return codec.encode(self)


def state_from_data(data: dict[str, Any]) -> CaseState:
    """The state that `to_data` wrote.

    Raises:
        codec.Malformed: a field is missing or of the wrong type.
    """
    return codec.decode(CaseState, data)
