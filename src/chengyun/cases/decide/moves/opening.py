"""Accept, reject, verify, file."""

from uuid import UUID

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide import schema
from chengyun.cases.decide.clocks import start_clock
from chengyun.cases.decide.context import Outcome, Refusal, refuse
from chengyun.cases.decide.moves.shape import Move, at
from chengyun.cases.decide.state import Decision
from chengyun.cases.decide.turn import (
    Turn,
    as_photos,
    reason_missing,
    route_decision,
    too_long,
    too_many,
)
from chengyun.kernel import areas
from chengyun.kernel.text import JsonObject, text


def _wrong_area(turn: Turn, area_no: int | None) -> Refusal | None:
    if area_no is None:
        return None
    try:
        inside = areas.contains(turn.state.city, area_no)
    except ValueError:
        inside = False
    if inside:
        return None
    return refuse("invalid", "该区域不属于本市", "This area is not in the city.", "area_no")


def _accept(turn: Turn, command: c.Accept) -> Outcome:
    wrong = _wrong_area(turn, command.area_no) or too_long(command.note)
    if wrong:
        return wrong
    clock = turn.clock("file")
    return [e.CaseAccepted(turn.stamp(), clock, command.area_no, command.note)]


def _reject(turn: Turn, command: c.Reject) -> Outcome:
    return reason_missing(command.reason) or [e.CaseRejected(turn.stamp(), command.reason)]


def _verify(turn: Turn, command: c.Verify) -> Outcome:
    wrong = too_long(command.note)
    if wrong:
        return wrong
    # Naming another collector does not give more time.
    clock = None if turn.state.state == "verifying" else turn.clock("verify")
    return [e.VerifyRequested(turn.stamp(), clock, command.collector_id, command.note)]


def named_other(collector_id: UUID | None, turn: Turn) -> Refusal | None:
    """Refuses a collector when the task was given to another one."""
    if collector_id is None or collector_id == turn.by:
        return None
    return refuse(
        "not_yours",
        "该任务已指定其他采集员",
        "This task was given to another collector.",
    )


def _verify_result(turn: Turn, command: c.VerifyResult) -> Outcome:
    wrong = too_long(command.note) or too_many(command.photos)
    if wrong:
        return wrong
    clock = turn.clock("file" if command.exists else "accept")
    photos = as_photos(command.photos, "scene")
    return [e.VerifyReported(turn.stamp(), command.exists, clock, photos, command.note)]


def _file(turn: Turn, command: c.File) -> Outcome:
    state, context = turn.state, turn.context
    if not command.kind_id:
        return refuse("missing", "请选择案件类别", "Choose the kind of case.", "kind_id")
    kind = context.kind
    if kind is None or kind.id != command.kind_id:
        return refuse("unknown_kind", "没有此案件类别", "There is no such kind.", "kind_id")
    if not command.condition_id:
        return refuse(
            "missing", "立案条件必须选择", "A filing condition is compulsory.", "condition_id"
        )
    condition = kind.condition(command.condition_id)
    if condition is None:
        return refuse(
            "invalid",
            "该类别没有此立案条件",
            "This kind has no such filing condition.",
            "condition_id",
        )
    wrong = _wrong_area(turn, command.area_no) or too_long(command.note)
    if wrong:
        return wrong
    area_no = command.area_no or state.area_no
    if area_no is None:
        return refuse(
            "missing", "请先确定案件所在区域", "Say first which area the case lies in.", "area_no"
        )
    route = context.route
    sure = (
        route is not None and route.lead is not None and route.confidence >= turn.limits.sure_route
    )
    filed = e.CaseFiled(
        turn.stamp(),
        kind.id,
        condition.id,
        condition.limit,
        None if sure else turn.clock("dispatch"),
        command.area_no,
        None if sure else route_decision(context, "route"),
        command.note,
    )
    if route is None or route.lead is None or not sure:
        return [filed]
    clock = start_clock("dispose", condition.limit, turn.now, turn.calendar, turn.limits)
    decision = Decision("route", route.reasons, route.confidence, route.rule, route.rule_version)
    return [
        filed,
        e.CaseDispatched(turn.system_stamp(), route.lead, route.co, clock, decision),
    ]


def _file_schema(turn: Turn) -> JsonObject:
    kind = turn.context.kind
    choices = [
        schema.choice(item.id, item.text["zh"], item.text["en"])
        for item in (kind.conditions if kind else ())
    ]
    needed = ["kind_id", "condition_id"] + ([] if turn.state.area_no else ["area_no"])
    return schema.params(
        tuple(needed),
        kind_id=schema.chosen(("案件类别", "Kind"), "kind", []),
        # Choices belong to the present kind; the screen offers another kind's own.
        condition_id=schema.chosen(("立案条件", "Filing condition"), "condition", [])
        | ({"x-choices": choices} if choices else {}),
        area_no=schema.area(),
        note=schema.words(),
    )


MOVES = (
    Move(
        "accept",
        text("受理", "Accept"),
        at("reported pending_accept", "acceptor shift_leader"),
        _accept,
        lambda _: schema.params(area_no=schema.area(), note=schema.words()),
    ),
    Move(
        "reject",
        text("不予受理", "Do not accept"),
        at("reported pending_accept pending_file", "acceptor shift_leader"),
        _reject,
        lambda _: schema.params(("reason",), reason=schema.reason()),
    ),
    Move(
        "verify",
        text("核实", "Have it verified"),
        at("pending_accept pending_file verifying", "acceptor shift_leader"),
        _verify,
        lambda _: schema.params(
            collector_id=schema.one(("采集员", "Collector"), "collector"), note=schema.words()
        ),
    ),
    Move(
        "verify_result",
        text("核实反馈", "Report what is there"),
        at("verifying", "collector"),
        _verify_result,
        lambda _: schema.params(
            ("exists",),
            exists=schema.flag(("情况属实", "It is there")),
            photos=schema.photos(),
            note=schema.words(),
        ),
        guard=lambda turn: named_other(turn.state.collector_id, turn),
    ),
    Move(
        "file",
        text("立案", "File"),
        at("pending_file", "shift_leader acceptor"),
        _file,
        _file_schema,
    ),
)
