"""More time, a hold, voiding: somebody asks, somebody else approves."""

from dataclasses import replace
from datetime import datetime, timedelta

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide import schema
from chengyun.cases.decide.clocks import Pause, StageClock, recomputed
from chengyun.cases.decide.context import Outcome, Refusal, refuse
from chengyun.cases.decide.moves.shape import FILED, UNFILED, WORKING, Move, at
from chengyun.cases.decide.turn import Turn, reason_missing, too_long
from chengyun.kernel.text import JsonObject, text


def rearmed(turn: Turn, clock: StageClock) -> StageClock:
    """A clock computed again; yellow comes again if its instant moved into the future."""
    fresh = recomputed(clock, turn.calendar, turn.limits)
    if fresh.warned_at is not None and fresh.overdue_at is None and fresh.warn_at > turn.now:
        return replace(fresh, warned_at=None)
    return fresh


def _same_person(turn: Turn, *others: object) -> Refusal | None:
    if turn.by is None or turn.by not in others:
        return None
    return refuse(
        "separation",
        "不能审批自己的申请",
        "Nobody approves their own request.",
    )


def _cannot_extend(turn: Turn) -> Refusal | None:
    state = turn.state
    if state.clock is None:
        return refuse("invalid", "没有运行中的时限", "No clock is running.")
    if turn.overdue() or state.clock.overdue_at is not None:
        return refuse("too_late", "已超时，不能延期", "It is overdue and cannot be extended.")
    if state.extensions >= turn.limits.max_extensions:
        return refuse(
            "limit_reached",
            f"最多延期{turn.limits.max_extensions}次",
            f"It has been extended {turn.limits.max_extensions} times already.",
        )
    return None


def _may_ask_extension(turn: Turn) -> Refusal | None:
    if turn.state.extension_ask is not None:
        return refuse("pending", "已有待审的延期申请", "A request for more time is waiting.")
    return _cannot_extend(turn)


def _ask_extension(turn: Turn, command: c.RequestExtension) -> Outcome:
    supported = turn.standing.post == "department"
    return reason_missing(command.reason) or [
        e.ExtensionRequested(turn.stamp(), command.reason, supported)
    ]


def _extension_step(turn: Turn) -> Refusal | None:
    """Refuses who is not next to judge the request: the department, then a dispatcher."""
    ask = turn.state.extension_ask
    if ask is None:
        return refuse("nothing_pending", "没有待审的延期申请", "No request for more time waits.")
    if ask.unit_approved != (turn.standing.post == "dispatcher"):
        return refuse(
            "not_yours",
            "延期先由部门、再由派遣员审批",
            "More time is approved by the department, then by a dispatcher.",
        )
    return None


def _may_approve_extension(turn: Turn) -> Refusal | None:
    ask = turn.state.extension_ask
    return (
        _extension_step(turn)
        or _cannot_extend(turn)
        or (_same_person(turn, ask.by, ask.unit_by) if ask else None)
    )


def _approve_extension(turn: Turn, command: c.ApproveExtension) -> Outcome:
    clock = turn.state.clock
    wrong = too_long(command.note)
    if wrong:
        return wrong
    if turn.standing.post == "department" or clock is None:
        return [e.ExtensionSupported(turn.stamp(), command.note)]
    longer = rearmed(turn, replace(clock, extended=clock.extended + 1))
    return [e.ExtensionGranted(turn.stamp(), longer, command.note)]


def _refuse_extension(turn: Turn, command: c.RefuseExtension) -> Outcome:
    return reason_missing(command.reason) or [e.ExtensionRefused(turn.stamp(), command.reason)]


def _may_ask_suspension(turn: Turn) -> Refusal | None:
    if turn.state.suspension_ask is not None:
        return refuse("pending", "已有待审的挂账申请", "A request to suspend is waiting.")
    return _suspended_before(turn)


def _suspended_before(turn: Turn) -> Refusal | None:
    if turn.state.suspensions:
        return refuse("limit_reached", "每案只能挂账一次", "A case can be suspended once only.")
    return None


def _wrong_until(turn: Turn, until: datetime) -> Refusal | None:
    if until <= turn.now:
        return refuse("invalid", "挂账日期须在将来", "The date has to lie ahead.", "until")
    days = turn.limits.max_suspension_days
    if until > turn.now + timedelta(days=days):
        return refuse(
            "invalid",
            f"挂账不得超过{days}天",
            f"A case can be suspended for {days} days at most.",
            "until",
        )
    return None


def _ask_suspension(turn: Turn, command: c.RequestSuspension) -> Outcome:
    return (
        reason_missing(command.reason)
        or _wrong_until(turn, command.until)
        or [e.SuspensionRequested(turn.stamp(), command.until, command.reason)]
    )


def _suspension_waits(turn: Turn) -> Refusal | None:
    if turn.state.suspension_ask is None:
        return refuse("nothing_pending", "没有待审的挂账申请", "No request to suspend waits.")
    return None


def _may_suspend(turn: Turn) -> Refusal | None:
    ask = turn.state.suspension_ask
    if ask is None or ask.until is None:
        return _suspension_waits(turn)
    if ask.until <= turn.now:
        return refuse("too_late", "申请的挂账日期已过", "The date asked for has passed.")
    return _suspended_before(turn) or _same_person(turn, ask.by)


def _suspend(turn: Turn, command: c.ApproveSuspension) -> Outcome:
    state = turn.state
    ask = state.suspension_ask
    if ask is None or ask.until is None:
        return _suspension_waits(turn) or []
    clock = state.clock
    if clock is not None:
        pause = Pause(turn.now, ask.until)
        clock = rearmed(turn, replace(clock, pauses=(*clock.pauses, pause)))
    return too_long(command.note) or [e.CaseSuspended(turn.stamp(), ask.until, state.state, clock)]


def _refuse_suspension(turn: Turn, command: c.RefuseSuspension) -> Outcome:
    return reason_missing(command.reason) or [e.SuspensionRefused(turn.stamp(), command.reason)]


def _resume(turn: Turn, command: c.Resume) -> Outcome:
    clock = turn.state.clock
    if clock is not None and clock.pauses:
        last = replace(clock.pauses[-1], end=turn.now)
        clock = rearmed(turn, replace(clock, pauses=(*clock.pauses[:-1], last)))
    return too_long(command.note) or [e.CaseResumed(turn.stamp(), clock, command.note)]


def _may_ask_void(turn: Turn) -> Refusal | None:
    if turn.state.void_ask is not None:
        return refuse("pending", "已有待审的作废申请", "A request to void is waiting.")
    return None


def _ask_void(turn: Turn, command: c.RequestVoid) -> Outcome:
    return reason_missing(command.reason) or [e.VoidRequested(turn.stamp(), command.reason)]


def _void_waits(turn: Turn) -> Refusal | None:
    if turn.state.void_ask is None:
        return refuse("nothing_pending", "没有待审的作废申请", "No request to void waits.")
    return None


def _may_void(turn: Turn) -> Refusal | None:
    ask = turn.state.void_ask
    return _void_waits(turn) or (_same_person(turn, ask.by) if ask else None)


def _void(turn: Turn, command: c.Void) -> Outcome:
    ask = turn.state.void_ask
    reason = command.reason or (ask.reason if ask else "")
    return reason_missing(reason) or [e.CaseVoided(turn.stamp(), reason)]


def _refuse_void(turn: Turn, command: c.RefuseVoid) -> Outcome:
    return reason_missing(command.reason) or [e.VoidRefused(turn.stamp(), command.reason)]


def _reason(_turn: Turn) -> JsonObject:
    return schema.params(("reason",), reason=schema.reason())


def _note(_turn: Turn) -> JsonObject:
    return schema.params(note=schema.words())


_NOT_SUSPENDED = " ".join(name for name in FILED.split() if name != "suspended")

MOVES = (
    Move(
        "request_extension",
        text("申请延期", "Ask for more time"),
        at(WORKING, "handler department"),
        _ask_extension,
        _reason,
        guard=_may_ask_extension,
    ),
    Move(
        "approve_extension",
        text("同意延期", "Grant more time"),
        at(WORKING, "department dispatcher"),
        _approve_extension,
        _note,
        guard=_may_approve_extension,
    ),
    Move(
        "refuse_extension",
        text("不同意延期", "Refuse more time"),
        at(WORKING, "department dispatcher"),
        _refuse_extension,
        _reason,
        guard=_extension_step,
    ),
    Move(
        "request_suspension",
        text("申请挂账", "Ask to suspend"),
        at(WORKING, "handler department"),
        _ask_suspension,
        lambda _: schema.params(
            ("until", "reason"),
            until=schema.instant(("挂账至", "Until")),
            reason=schema.reason(),
        ),
        guard=_may_ask_suspension,
    ),
    Move(
        "approve_suspension",
        text("同意挂账", "Suspend"),
        at(WORKING, "dispatcher"),
        _suspend,
        _note,
        guard=_may_suspend,
    ),
    Move(
        "refuse_suspension",
        text("不同意挂账", "Do not suspend"),
        at(WORKING, "dispatcher"),
        _refuse_suspension,
        _reason,
        guard=_suspension_waits,
    ),
    Move(
        "resume",
        text("恢复办理", "Resume"),
        at("suspended", "department dispatcher"),
        _resume,
        _note,
    ),
    Move(
        "request_void",
        text("申请作废", "Ask to void"),
        {
            **at(UNFILED, "acceptor"),
            **at(_NOT_SUSPENDED, "acceptor dispatcher department"),
        },
        _ask_void,
        _reason,
        guard=_may_ask_void,
    ),
    Move(
        "void",
        text("作废", "Void"),
        at(f"{UNFILED} {FILED}", "shift_leader"),
        _void,
        lambda _: schema.params(reason=schema.words(schema.REASON)),
        guard=_may_void,
        separated=True,
    ),
    Move(
        "refuse_void",
        text("不同意作废", "Do not void"),
        at(f"{UNFILED} {FILED}", "shift_leader"),
        _refuse_void,
        _reason,
        guard=_void_waits,
    ),
)
