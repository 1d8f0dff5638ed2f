"""What may be asked of a case: one frozen dataclass per move, its fields the move's params."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from chengyun.cases.decide import codec
from chengyun.cases.decide.limits import EscalationLevel


@dataclass(frozen=True, slots=True)
class Command:
    """Base of all commands."""

    move: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Tick(Command):
    """Time has passed: whatever is due at `Context.now` happens."""

    move: ClassVar[str] = "tick"


@dataclass(frozen=True, slots=True)
class Recompute(Command):
    """The calendar was renewed: compute a provisional deadline again."""

    move: ClassVar[str] = "recompute"


@dataclass(frozen=True, slots=True)
class Accept(Command):
    move: ClassVar[str] = "accept"
    area_no: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reject(Command):
    move: ClassVar[str] = "reject"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verify(Command):
    move: ClassVar[str] = "verify"
    collector_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class VerifyResult(Command):
    move: ClassVar[str] = "verify_result"
    exists: bool
    photos: tuple[UUID, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class File(Command):
    """File under a kind and condition; `Context.kind` has to be that kind."""

    move: ClassVar[str] = "file"
    kind_id: str = ""
    condition_id: str = ""
    area_no: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dispatch(Command):
    move: ClassVar[str] = "dispatch"
    unit: UUID
    co_units: tuple[UUID, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Redispatch(Command):
    move: ClassVar[str] = "redispatch"
    unit: UUID
    co_units: tuple[UUID, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReturnStep(Command):
    move: ClassVar[str] = "return_step"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Assign(Command):
    move: ClassVar[str] = "assign"
    handler_id: UUID
    note: str = ""


@dataclass(frozen=True, slots=True)
class RevokeAssign(Command):
    move: ClassVar[str] = "revoke_assign"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Start(Command):
    move: ClassVar[str] = "start"


@dataclass(frozen=True, slots=True)
class Handle(Command):
    move: ClassVar[str] = "handle"
    before: tuple[UUID, ...] = ()
    after: tuple[UUID, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Feedback(Command):
    """The department's confirmation; `leave_co_open` goes on without co-handlers' feedback."""

    move: ClassVar[str] = "feedback"
    note: str = ""
    leave_co_open: bool = False


@dataclass(frozen=True, slots=True)
class Check(Command):
    move: ClassVar[str] = "check"
    collector_id: UUID | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult(Command):
    move: ClassVar[str] = "check_result"
    passed: bool
    photos: tuple[UUID, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Close(Command):
    """`closing_condition` is the id of the condition whose closing text is met."""

    move: ClassVar[str] = "close"
    closing_condition: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ForceClose(Command):
    move: ClassVar[str] = "force_close"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Archive(Command):
    move: ClassVar[str] = "archive"


@dataclass(frozen=True, slots=True)
class RequestExtension(Command):
    move: ClassVar[str] = "request_extension"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ApproveExtension(Command):
    move: ClassVar[str] = "approve_extension"
    note: str = ""


@dataclass(frozen=True, slots=True)
class RefuseExtension(Command):
    move: ClassVar[str] = "refuse_extension"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RequestSuspension(Command):
    move: ClassVar[str] = "request_suspension"
    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ApproveSuspension(Command):
    move: ClassVar[str] = "approve_suspension"
    note: str = ""


@dataclass(frozen=True, slots=True)
class RefuseSuspension(Command):
    move: ClassVar[str] = "refuse_suspension"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Resume(Command):
    move: ClassVar[str] = "resume"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Supervise(Command):
    move: ClassVar[str] = "supervise"
    listed: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Urge(Command):
    move: ClassVar[str] = "urge"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Escalate(Command):
    """Tell a higher level; without `level` the next one up."""

    move: ClassVar[str] = "escalate"
    reason: str = ""
    level: EscalationLevel | None = None


@dataclass(frozen=True, slots=True)
class Relocate(Command):
    """Correct the place: a point in degrees, a standard address, words, or an area alone.

    Without `address` the words stay as they are.
    """

    move: ClassVar[str] = "relocate"
    reason: str = ""
    lon: float | None = None
    lat: float | None = None
    address_id: UUID | None = None
    address: str | None = None
    area_no: int | None = None


@dataclass(frozen=True, slots=True)
class Merge(Command):
    """Join this case into another, whose state is `Context.other`."""

    move: ClassVar[str] = "merge"
    into: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One case to come out of a split; the caller draws id and number."""

    id: UUID
    no: str
    kind_id: str | None = None


@dataclass(frozen=True, slots=True)
class Split(Command):
    move: ClassVar[str] = "split"
    parts: tuple[Part, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class JoinHandling(Command):
    move: ClassVar[str] = "join_handling"
    unit: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CoFeedback(Command):
    move: ClassVar[str] = "co_feedback"
    photos: tuple[UUID, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class RequestVoid(Command):
    move: ClassVar[str] = "request_void"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Void(Command):
    """Grant the request to void."""

    move: ClassVar[str] = "void"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefuseVoid(Command):
    move: ClassVar[str] = "refuse_void"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reopen(Command):
    move: ClassVar[str] = "reopen"
    reason: str = ""
    photos: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class MakeAppeal(Command):
    move: ClassVar[str] = "appeal"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReviewAppeal(Command):
    move: ClassVar[str] = "review_appeal"
    granted: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rate(Command):
    move: ClassVar[str] = "rate"
    score: int
    note: str = ""


# The moves of the contract, by id; report, import_case, tick and recompute are not moves.
MOVE_COMMANDS: dict[str, type[Command]] = {
    kind.move: kind
    for kind in (
        Accept,
        Reject,
        Verify,
        VerifyResult,
        File,
        Dispatch,
        ReturnStep,
        Assign,
        RevokeAssign,
        Start,
        Handle,
        Feedback,
        Check,
        CheckResult,
        Close,
        ForceClose,
        Archive,
        RequestExtension,
        ApproveExtension,
        RefuseExtension,
        RequestSuspension,
        ApproveSuspension,
        RefuseSuspension,
        Resume,
        Supervise,
        Urge,
        Escalate,
        Merge,
        Split,
        JoinHandling,
        CoFeedback,
        Void,
        RequestVoid,
        RefuseVoid,
        Reopen,
        MakeAppeal,
        ReviewAppeal,
        Rate,
        Redispatch,
        Relocate,
    )
}


def command_from(move: str, params: dict[str, Any]) -> Command:
    """The command of a move from its JSON params.

    Raises:
        KeyError: no move has this id.
        codec.Malformed: a param is missing, unknown or of the wrong type.
    """
    return codec.decode(MOVE_COMMANDS[move], params)
