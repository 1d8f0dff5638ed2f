"""Supervise, urge, escalate, merge, split."""

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide import schema
from chengyun.cases.decide.context import Outcome, Refusal, refuse
from chengyun.cases.decide.limits import ESCALATION_LEVELS, EscalationLevel
from chengyun.cases.decide.moves.shape import FILED, UNFILED, Move, at
from chengyun.cases.decide.state import Decision
from chengyun.cases.decide.turn import Turn, reason_missing, too_long
from chengyun.kernel import areas
from chengyun.kernel.text import JsonObject, text

_OPEN = f"{UNFILED} {FILED}"
_MAX_PARTS = 20


def _level(turn: Turn) -> EscalationLevel:
    """The level at which the actor's post stands; a community's counts as its street's."""
    number = turn.standing.area_no
    level = areas.level(number) if number is not None else "street"
    if level == "city" or level == "district":
        return level
    return "street"


def _supervise(turn: Turn, command: c.Supervise) -> Outcome:
    return too_long(command.note) or [
        e.SupervisionOrdered(turn.stamp(), _level(turn), command.listed, command.note)
    ]


def _urge(turn: Turn, command: c.Urge) -> Outcome:
    return too_long(command.note) or [e.CaseUrged(turn.stamp(), command.note)]


def _at_top(turn: Turn) -> Refusal | None:
    if turn.state.escalation == ESCALATION_LEVELS[-1]:
        return refuse("limit_reached", "已升级至市级", "The city is told already.")
    return None


def _escalate(turn: Turn, command: c.Escalate) -> Outcome:
    now = turn.state.escalation
    reached = -1 if now is None else ESCALATION_LEVELS.index(now)
    level = command.level or ESCALATION_LEVELS[reached + 1]
    if ESCALATION_LEVELS.index(level) <= reached:
        return refuse("invalid", "已升级至该级", "This level is told already.", "level")
    return reason_missing(command.reason) or [e.CaseEscalated(turn.stamp(), level, command.reason)]


def _merge(turn: Turn, command: c.Merge) -> Outcome:
    state, other = turn.state, turn.context.other
    if command.into == state.id:
        return refuse("invalid", "不能并入自身", "A case cannot join itself.", "into")
    if other is None or other.id != command.into:
        return refuse("unknown_case", "没有此案件", "There is no such case.", "into")
    if not other.is_open:
        return refuse("invalid", "目标案件已办结", "The other case is not open.", "into")
    if other.city != state.city:
        return refuse("invalid", "目标案件属于其他城市", "It is another city's case.", "into")
    wrong = reason_missing(command.reason)
    if wrong:
        return wrong
    cases = (other.id, *other.merged_from, state.id, *state.merged_from)
    when = max(turn.now, other.updated_at)
    return [
        e.CaseMerged(turn.stamp(), other.id, other.no, tuple(dict.fromkeys(cases)), command.reason),
        e.CaseAbsorbed(
            turn.stamp_of(other.id, other.version + 1, when), state.id, state.no, state.reports
        ),
    ]


def _split(turn: Turn, command: c.Split) -> Outcome:
    state = turn.state
    ids = {part.id for part in command.parts}
    if not 1 <= len(command.parts) <= _MAX_PARTS:
        return refuse("invalid", f"可拆分为1至{_MAX_PARTS}件", f"1 to {_MAX_PARTS} parts.", "parts")
    if len(ids) != len(command.parts) or state.id in ids:
        return refuse("invalid", "案件编号重复", "Each part needs an id of its own.", "parts")
    wrong = reason_missing(command.reason)
    if wrong:
        return wrong
    news: list[e.CaseEvent] = [
        e.CaseSplit(turn.stamp(), tuple(part.id for part in command.parts), command.reason)
    ]
    why = Decision(
        "queue",
        (text(f"由案件{state.no}拆分", f"It was split from case {state.no}."),),
    )
    for part in command.parts:
        news.append(
            e.CaseReported(
                turn.stamp_of(part.id, 1),
                part.no,
                state.city,
                state.source,
                state.reported_at,
                part.kind_id,
                None,
                state.area_no,
                state.photos,
                state.simulated,
                None,
                state.id,
            )
        )
        news.append(e.CaseQueued(turn.stamp_of(part.id, 2), why, turn.clock("accept")))
    return news


def _level_schema(_turn: Turn) -> JsonObject:
    names = {"street": ("街镇", "Street"), "district": ("区", "District"), "city": ("市", "City")}
    choices = [schema.choice(level, *names[level]) for level in ESCALATION_LEVELS]
    return schema.params(
        ("reason",),
        reason=schema.reason(),
        level=schema.chosen(("级别", "Level"), "level", choices),
    )


def _split_schema(_turn: Turn) -> JsonObject:
    # Ids and numbers of the new cases are drawn by whoever writes them.
    part = schema.params(
        kind_id=schema.chosen(("案件类别", "Kind"), "kind", []),
    )
    return schema.params(
        ("parts", "reason"),
        parts={"type": "array", "items": part, "minItems": 1, "maxItems": _MAX_PARTS},
        reason=schema.reason(),
    )


MOVES = (
    Move(
        "supervise",
        text("督办", "Supervise"),
        at(_OPEN, "leader shift_leader evaluator"),
        _supervise,
        lambda _: schema.params(
            listed=schema.flag(("挂牌督办", "Listed supervision")), note=schema.words()
        ),
    ),
    Move(
        "urge",
        text("催办", "Urge"),
        at(_OPEN, "acceptor shift_leader dispatcher leader public"),
        _urge,
        lambda _: schema.params(note=schema.words()),
    ),
    Move(
        "escalate",
        text("升级", "Escalate"),
        at(_OPEN, "acceptor shift_leader dispatcher leader"),
        _escalate,
        _level_schema,
        guard=_at_top,
    ),
    Move(
        "merge",
        text("并案", "Merge into another case"),
        at(
            f"{UNFILED} pending_dispatch pending_handle handling returned",
            "acceptor shift_leader dispatcher",
        ),
        _merge,
        lambda _: schema.params(
            ("into", "reason"),
            into=schema.one(("并入案件", "Into case"), "case"),
            reason=schema.reason(),
        ),
    ),
    Move(
        "split",
        text("拆分", "Split"),
        at(f"{UNFILED} pending_dispatch", "acceptor shift_leader dispatcher"),
        _split,
        _split_schema,
    ),
)
