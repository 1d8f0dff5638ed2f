"""Dispatch, return, assign, handle, feedback, and the units that help."""

from uuid import UUID

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide import schema
from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.context import Outcome, Refusal, refuse
from chengyun.cases.decide.kinds import EvidenceRule
from chengyun.cases.decide.moves.shape import WORKING, Move, at
from chengyun.cases.decide.state import State
from chengyun.cases.decide.turn import Turn, as_photos, reason_missing, too_long, too_many
from chengyun.kernel.text import JsonObject, text


def _units(unit: UUID, co_units: tuple[UUID, ...]) -> tuple[UUID, ...] | Refusal:
    co_units = tuple(dict.fromkeys(co_units))
    if unit in co_units:
        return refuse(
            "invalid",
            "主办单位不能同时是协办单位",
            "The lead unit cannot be a co-handling unit too.",
            "co_units",
        )
    return co_units


def _dispatch(turn: Turn, command: c.Dispatch) -> Outcome:
    co_units = _units(command.unit, command.co_units)
    if isinstance(co_units, Refusal):
        return co_units
    wrong = too_long(command.note)
    if wrong:
        return wrong
    return [
        e.CaseDispatched(
            turn.stamp(), command.unit, co_units, turn.dispose_clock(), None, command.note
        )
    ]


def _redispatch(turn: Turn, command: c.Redispatch) -> Outcome:
    state = turn.state
    co_units = _units(command.unit, command.co_units)
    if isinstance(co_units, Refusal):
        return co_units
    if state.state == "pending_handle" and command.unit == state.lead_unit:
        return refuse("invalid", "案件已在该单位", "The case is with this unit already.", "unit")
    return reason_missing(command.reason) or [
        e.CaseRedispatched(
            turn.stamp(),
            command.unit,
            state.lead_unit,
            co_units,
            turn.dispose_clock(),
            None,
            command.reason,
        )
    ]


def _assigned(turn: Turn) -> Refusal | None:
    if turn.state.handler_id is None or turn.standing.post == "handler":
        return None
    return refuse(
        "pending",
        "请先撤回对处置人员的指派",
        "First take the case back from its handler.",
    )


def _return_step(turn: Turn, command: c.ReturnStep) -> Outcome:
    here = turn.state.state
    clock: StageClock | None = None
    to: State
    if here in ("pending_file", "pending_dispatch", "returned"):
        to, clock = "pending_accept", turn.clock("accept")
    elif here in WORKING.split():
        if turn.standing.post == "handler":
            to = "pending_handle"
        else:
            to, clock = "returned", turn.clock("dispatch")
    elif here == "handled":
        to = "handling"
    else:
        to, clock = "pending_check", turn.clock("check")
    return reason_missing(command.reason) or [
        e.CaseReturned(turn.stamp(), here, to, command.reason, clock)
    ]


def _assign(turn: Turn, command: c.Assign) -> Outcome:
    known = turn.context.handlers
    if known is not None and command.handler_id not in known:
        return refuse(
            "invalid",
            "该人员不是本单位的处置人员",
            "This person is no handler of the unit.",
            "handler_id",
        )
    return too_long(command.note) or [
        e.HandlerAssigned(turn.stamp(), command.handler_id, command.note)
    ]


def _unassigned(turn: Turn) -> Refusal | None:
    if turn.state.handler_id is not None:
        return None
    return refuse("nothing_pending", "尚未指派处置人员", "Nobody is assigned.")


def _revoke(turn: Turn, command: c.RevokeAssign) -> Outcome:
    return too_long(command.note) or [
        e.HandlerRevoked(turn.stamp(), turn.state.handler_id, command.note)
    ]


def _start(turn: Turn, _command: c.Start) -> Outcome:
    return [e.HandlingStarted(turn.stamp())]


def _evidence(turn: Turn) -> EvidenceRule:
    kind = turn.kind
    return kind.evidence if kind is not None else EvidenceRule()


def _before_missing(turn: Turn) -> int:
    """How many before photos are still missing; earlier ones count, material is kept."""
    return max(0, _evidence(turn).before - turn.state.photos_of("before"))


def _handle(turn: Turn, command: c.Handle) -> Outcome:
    if turn.state.kind_id is not None and turn.kind is None:
        return refuse("unknown_kind", "没有此案件类别", "There is no such kind.")
    before, after = set(command.before), set(command.after)
    kept = {photo.id for photo in turn.state.photos}
    missing = _before_missing(turn)
    if len(before - kept) < missing:
        return refuse(
            "missing",
            f"还缺{missing}张处置前照片",
            f"{missing} photo(s) from before the work are compulsory.",
            "before",
        )
    # After a rework the old photos prove nothing.
    least = _evidence(turn).after
    if len(after - before - kept) < least:
        return refuse(
            "missing",
            f"需要{least}张新的处置后照片",
            f"{least} new photo(s) from after the work are compulsory.",
            "after",
        )
    wrong = (
        too_many(command.before, "before")
        or too_many(command.after, "after")
        or too_long(command.note)
    )
    photos = as_photos(command.before, "before") + as_photos(command.after, "after")
    return wrong or [e.CaseHandled(turn.stamp(), photos, command.note)]


def _handle_schema(turn: Turn) -> JsonObject:
    before, after = _before_missing(turn), _evidence(turn).after
    needed = (("before",) if before else ()) + (("after",) if after else ())
    return schema.params(
        needed,
        before=schema.photos(("处置前照片", "Photos before the work"), before),
        after=schema.photos(("处置后照片", "Photos after the work"), after),
        note=schema.words(),
    )


def _feedback(turn: Turn, command: c.Feedback) -> Outcome:
    waiting = [co for co in turn.state.co_units if not co.done]
    if waiting and not command.leave_co_open:
        return refuse(
            "pending",
            f"还有{len(waiting)}个协办单位未反馈",
            f"{len(waiting)} co-handling unit(s) have not reported yet.",
            "leave_co_open",
        )
    wrong = too_long(command.note)
    if wrong:
        return wrong
    kind = turn.kind
    skips = kind is not None and not kind.check
    clock = turn.clock("close" if skips else "check")
    return [e.FeedbackConfirmed(turn.stamp(), clock, skips, command.note)]


def _join(turn: Turn, command: c.JoinHandling) -> Outcome:
    if command.unit in turn.state.units:
        return refuse("invalid", "该单位已在办理", "This unit works on the case already.", "unit")
    return too_long(command.reason, "reason") or [
        e.CoUnitJoined(turn.stamp(), command.unit, command.reason)
    ]


def _own_co_done(turn: Turn) -> Refusal | None:
    if any(co.unit == turn.standing.org and not co.done for co in turn.state.co_units):
        return None
    return refuse("nothing_pending", "本单位已反馈", "Your unit has reported already.")


def _co_feedback(turn: Turn, command: c.CoFeedback) -> Outcome:
    unit = turn.standing.org
    if unit is None:
        return refuse("not_yours", "不是协办单位", "This is for a co-handling unit.")
    photos = as_photos(command.photos, "after")
    return (
        too_many(command.photos)
        or too_long(command.note)
        or [e.CoFeedbackGiven(turn.stamp(), unit, photos, command.note)]
    )


def _send_schema(_turn: Turn, words: str) -> JsonObject:
    return schema.params(
        ("unit",) if words == "note" else ("unit", "reason"),
        unit=schema.one(("主办单位", "Lead unit"), "org"),
        co_units=schema.many(("协办单位", "Co-handling units"), "org"),
        **{words: schema.words() if words == "note" else schema.reason()},
    )


MOVES = (
    Move(
        "dispatch",
        text("派遣", "Dispatch"),
        at("pending_dispatch", "dispatcher"),
        _dispatch,
        lambda turn: _send_schema(turn, "note"),
    ),
    Move(
        "redispatch",
        text("改派", "Send to another unit"),
        at("returned pending_handle", "dispatcher"),
        _redispatch,
        lambda turn: _send_schema(turn, "reason"),
        guard=_assigned,
    ),
    Move(
        "return_step",
        text("回退", "Return a step"),
        {
            **at("pending_file", "shift_leader acceptor"),
            **at("pending_dispatch returned", "dispatcher"),
            **at(WORKING, "handler department"),
            **at("handled", "department"),
            **at("pending_close", "shift_leader acceptor"),
        },
        _return_step,
        lambda _: schema.params(("reason",), reason=schema.reason()),
        guard=lambda turn: _assigned(turn) if turn.state.state in WORKING.split() else None,
    ),
    Move(
        "assign",
        text("指派", "Assign to a handler"),
        at("pending_handle", "department"),
        _assign,
        lambda _: schema.params(
            ("handler_id",),
            handler_id=schema.one(("处置人员", "Handler"), "handler"),
            note=schema.words(),
        ),
        guard=_assigned,
    ),
    Move(
        "revoke_assign",
        text("撤回指派", "Take back from the handler"),
        at(WORKING, "department"),
        _revoke,
        lambda _: schema.params(note=schema.words()),
        guard=_unassigned,
    ),
    Move(
        "start",
        text("开始处置", "Start work"),
        at("pending_handle", "handler department"),
        _start,
        lambda _: schema.params(),
        guard=_assigned,
    ),
    Move(
        "handle",
        text("处置完成", "Report it done"),
        at(WORKING, "handler department"),
        _handle,
        _handle_schema,
        guard=_assigned,
    ),
    Move(
        "feedback",
        text("确认反馈", "Confirm the result"),
        at("handled", "department"),
        _feedback,
        lambda _: schema.params(
            note=schema.words(),
            leave_co_open=schema.flag(("不等协办单位", "Do not wait for co-handling units")),
        ),
    ),
    Move(
        "join_handling",
        text("增加协办单位", "Add a co-handling unit"),
        at("pending_handle handling handled", "dispatcher"),
        _join,
        lambda _: schema.params(
            ("unit",),
            unit=schema.one(("协办单位", "Co-handling unit"), "org"),
            reason=schema.words(schema.REASON),
        ),
    ),
    Move(
        "co_feedback",
        text("协办反馈", "Report your part done"),
        at("pending_handle handling handled", "co_department"),
        _co_feedback,
        lambda _: schema.params(photos=schema.photos(), note=schema.words()),
        guard=_own_co_done,
    ),
)
