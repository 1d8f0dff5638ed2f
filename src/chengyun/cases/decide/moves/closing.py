"""Check, close, archive, reopen, rate, appeal."""

from datetime import datetime

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide import schema
from chengyun.cases.decide.clocks import deadline
from chengyun.cases.decide.context import Outcome, Refusal, refuse
from chengyun.cases.decide.moves.opening import named_other
from chengyun.cases.decide.moves.shape import FILED, Move, at
from chengyun.cases.decide.standing import barred
from chengyun.cases.decide.state import State
from chengyun.cases.decide.turn import Turn, as_photos, reason_missing, too_long, too_many
from chengyun.kernel.text import JsonObject, text


def _check(turn: Turn, command: c.Check) -> Outcome:
    collector = command.collector_id
    state = turn.state
    if collector is not None and collector in (*state.handled_by, *state.dispatched_by):
        return refuse(
            "separation",
            "派遣或处置过本案件的人员不得核查",
            "Whoever dispatched or handled this case may not check it.",
            "collector_id",
        )
    if state.state == "checking" and collector in (None, state.collector_id):
        return refuse(
            "exists",
            "核查已安排，请另指派一名采集员",
            "The check is arranged already; name another collector.",
            "collector_id",
        )
    return too_long(command.note) or [
        e.CheckRequested(turn.stamp(), command.collector_id, command.note)
    ]


def _arranged(turn: Turn) -> Refusal | None:
    """A check that any collector may take needs no second arrangement; a named one may change."""
    if turn.state.state == "checking" and turn.state.collector_id is None:
        return refuse("exists", "核查已安排", "The check is arranged already.")
    return None


def _check_schema(turn: Turn) -> JsonObject:
    return schema.params(
        ("collector_id",) if turn.state.state == "checking" else (),
        collector_id=schema.one(("采集员", "Collector"), "collector"),
        note=schema.words(),
    )


def _check_result(turn: Turn, command: c.CheckResult) -> Outcome:
    wrong = too_long(command.note) or too_many(command.photos)
    if not wrong and not command.passed:
        wrong = reason_missing(command.note, "note")
    if wrong:
        return wrong
    photos = as_photos(command.photos, "check")
    clock = turn.clock("close") if command.passed else None
    result = e.CheckReported(turn.stamp(), command.passed, clock, photos, command.note)
    if command.passed:
        return [result]
    return [result, e.ReworkOrdered(turn.stamp(), turn.dispose_clock())]


def _archive_at(turn: Turn) -> datetime:
    return deadline(turn.now, turn.limits.reopen_window, turn.calendar).at


def _unchecked(turn: Turn) -> Refusal | None:
    kind = turn.kind
    if turn.state.check_passed or (kind is not None and not kind.check):
        return None
    return refuse(
        "pending",
        "未通过核查，不能结案",
        "It cannot be closed before a collector's check has passed.",
    )


def _close(turn: Turn, command: c.Close) -> Outcome:
    if not command.closing_condition or turn.state.condition_id is None:
        return refuse(
            "missing",
            "结案条件必须确认",
            "The closing condition is compulsory.",
            "closing_condition",
        )
    if command.closing_condition != turn.state.condition_id:
        return refuse(
            "invalid",
            "结案条件与立案条件不一致",
            "This is not the closing condition of the condition it was filed under.",
            "closing_condition",
        )
    return too_long(command.note) or [
        e.CaseClosed(turn.stamp(), command.closing_condition, _archive_at(turn), command.note)
    ]


def _close_schema(turn: Turn) -> JsonObject:
    kind, condition_id = turn.kind, turn.state.condition_id
    condition = kind.condition(condition_id) if kind else None
    choices = []
    if condition is not None:
        closing = condition.closing
        choices = [schema.choice(condition.id, closing["zh"], closing["en"])]
    return schema.params(
        ("closing_condition",),
        closing_condition=schema.chosen(("结案条件", "Closing condition"), "condition", choices),
        note=schema.words(),
    )


def _force_close(turn: Turn, command: c.ForceClose) -> Outcome:
    return reason_missing(command.reason) or [
        e.CaseForceClosed(turn.stamp(), command.reason, _archive_at(turn))
    ]


def _window_open(turn: Turn) -> Refusal | None:
    """Refuses archiving while the reporter may still reopen or an appeal is being reviewed."""
    state = turn.state
    if state.appeal in ("requested", "dispatcher_ok"):
        return refuse("pending", "申诉尚未审结", "An appeal is still being reviewed.")
    if state.archive_at is not None and turn.now < state.archive_at:
        return refuse(
            "too_early",
            "仍在上报人可重开的期限内",
            "The reporter may still reopen it.",
        )
    return None


def _archive(turn: Turn, _command: c.Archive) -> Outcome:
    return [e.CaseArchived(turn.stamp())]


def _reopen(turn: Turn, command: c.Reopen) -> Outcome:
    wrong = reason_missing(command.reason) or too_many(command.photos)
    if wrong:
        return wrong
    to: State = "pending_accept"
    clock = None
    # A shift leader has decided already; what a reporter says is looked at first.
    if turn.standing.post == "shift_leader" and turn.state.limit is not None:
        to, clock = "pending_dispatch", turn.clock("dispatch")
    else:
        clock = turn.clock("accept")
    photos = as_photos(command.photos, "scene")
    return [e.CaseReopened(turn.stamp(), to, command.reason, photos, clock)]


def _too_late_to_reopen(turn: Turn) -> Refusal | None:
    late = turn.state.archive_at
    if turn.standing.post == "shift_leader" or late is None or turn.now < late:
        return None
    return refuse("too_late", "已超过可重开的期限", "The time to reopen it is over.")


def _rate(turn: Turn, command: c.Rate) -> Outcome:
    if not 1 <= command.score <= 5:
        return refuse("invalid", "评分为1至5", "A score is 1 to 5.", "score")
    via = "public" if turn.standing.post == "public" else "callback"
    return too_long(command.note) or [e.CaseRated(turn.stamp(), command.score, via, command.note)]


def _rated(turn: Turn) -> Refusal | None:
    if turn.state.rating is None:
        return None
    return refuse("limit_reached", "已评价过", "It has been rated already.")


def _no_appeal(turn: Turn) -> Refusal | None:
    if turn.state.appeal != "none":
        return refuse("limit_reached", "每案只能申诉一次", "A case can be appealed once only.")
    if "dispose" not in turn.state.overtime:
        return refuse("invalid", "本案件处置未超时", "Its handling was not overdue.")
    return None


def _appeal(turn: Turn, command: c.MakeAppeal) -> Outcome:
    return reason_missing(command.reason) or [e.AppealMade(turn.stamp(), command.reason)]


def _not_reviewer(turn: Turn) -> Refusal | None:
    state, post = turn.state, turn.standing.post
    wanted = {"requested": "dispatcher", "dispatcher_ok": "acceptor"}.get(state.appeal)
    if wanted is None:
        return refuse("nothing_pending", "没有待审的申诉", "No appeal waits for review.")
    if post != wanted and not turn.context.actor.has(wanted):
        return refuse(
            "not_yours",
            "申诉先由派遣员、再由受理员审核",
            "An appeal is reviewed by a dispatcher, then by an acceptor.",
        )
    if turn.by is not None and turn.by == state.appeal_reviewer:
        return refuse(
            "separation",
            "两级审核须由不同人员进行",
            "The two reviews are made by different people.",
        )
    orgs = {grant.org_id for grant in turn.context.actor.grants}
    if state.lead_unit in orgs:
        return refuse(
            "separation", "申诉单位不得审核", "The appealing unit may not review its appeal."
        )
    return None


def _review(turn: Turn, command: c.ReviewAppeal) -> Outcome:
    if not command.granted:
        wrong = reason_missing(command.reason)
        if wrong:
            return wrong
    final = turn.state.appeal == "dispatcher_ok"
    return too_long(command.reason, "reason") or [
        e.AppealReviewed(turn.stamp(), command.granted, final, command.reason)
    ]


def _callback_barred(turn: Turn) -> Refusal | None:
    if turn.standing.post == "public":
        return _rated(turn)
    return _rated(turn) or barred(turn.state, turn.context.actor)


MOVES = (
    Move(
        "check",
        text("安排核查", "Have it checked"),
        at("pending_check checking", "acceptor shift_leader"),
        _check,
        _check_schema,
        guard=_arranged,
        separated=True,
    ),
    Move(
        "check_result",
        text("核查反馈", "Report the check"),
        at("pending_check checking", "collector"),
        _check_result,
        lambda _: schema.params(
            ("passed",),
            passed=schema.flag(("通过", "Passed")),
            photos=schema.photos(),
            note=schema.words(),
        ),
        guard=lambda turn: named_other(turn.state.collector_id, turn),
        separated=True,
    ),
    Move(
        "close",
        text("结案", "Close"),
        at("pending_close", "shift_leader acceptor"),
        _close,
        _close_schema,
        guard=_unchecked,
        separated=True,
    ),
    Move(
        "force_close",
        text("强制结案", "Close by force"),
        at(FILED, "shift_leader"),
        _force_close,
        lambda _: schema.params(("reason",), reason=schema.reason()),
        separated=True,
    ),
    Move(
        "archive",
        text("归档", "Archive"),
        at("closed force_closed", "shift_leader acceptor system"),
        _archive,
        lambda _: schema.params(),
        guard=_window_open,
    ),
    Move(
        "reopen",
        text("重开", "Open again"),
        at("closed force_closed", "shift_leader acceptor public"),
        _reopen,
        lambda _: schema.params(("reason",), reason=schema.reason(), photos=schema.photos()),
        guard=_too_late_to_reopen,
    ),
    Move(
        "rate",
        text("满意度评价", "Rate the result"),
        at("closed force_closed", "public acceptor"),
        _rate,
        lambda _: schema.params(
            ("score",),
            score=schema.whole(("评分", "Score"), 1, 5, "stars"),
            note=schema.words(),
        ),
        guard=_callback_barred,
    ),
    Move(
        "appeal",
        text("超时申诉", "Appeal against overtime"),
        at("closed force_closed", "department"),
        _appeal,
        lambda _: schema.params(("reason",), reason=schema.reason()),
        guard=_no_appeal,
    ),
    Move(
        "review_appeal",
        text("审核申诉", "Review the appeal"),
        at("closed force_closed", "dispatcher acceptor"),
        _review,
        lambda _: schema.params(
            ("granted",),
            granted=schema.flag(("同意", "Granted")),
            reason=schema.words(schema.REASON),
        ),
        guard=_not_reviewer,
    ),
)
