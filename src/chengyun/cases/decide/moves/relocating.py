"""Correct the place of a case.

Clocks are not started anew: the matter was known from the report on, and a wrong pin is the
office's own affair. Whoever needs more time asks for it, on record.
"""

from dataclasses import replace

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide import schema
from chengyun.cases.decide.context import Outcome, Refusal, refuse
from chengyun.cases.decide.moves.opening import named_other
from chengyun.cases.decide.moves.shape import FILED, UNFILED, Move, at
from chengyun.cases.decide.standing import standing
from chengyun.cases.decide.state import Decision, Suggestion
from chengyun.cases.decide.turn import Turn, reason_missing
from chengyun.kernel.text import JsonObject, text

MAX_ADDRESS = 500
_POSTS = {
    **at(f"{UNFILED} {FILED}", "acceptor shift_leader dispatcher"),
    # Who stands at the place sees best where it is.
    **at("verifying pending_check checking", "acceptor shift_leader dispatcher collector"),
}


def _at_the_place(turn: Turn) -> Refusal | None:
    if turn.standing.post != "collector":
        return None
    return named_other(turn.state.collector_id, turn)


def _unsaid(command: c.Relocate) -> Refusal | None:
    if (command.lon is None) != (command.lat is None):
        lacking = "lon" if command.lon is None else "lat"
        return refuse("missing", "经度和纬度须同时填写", "Give both degrees of the point.", lacking)
    if len(command.address or "") > MAX_ADDRESS:
        most = f"At most {MAX_ADDRESS} characters."
        return refuse("invalid", f"不得超过{MAX_ADDRESS}字", most, "address")
    said = (command.lon, command.address_id, command.area_no, command.address or None)
    if any(one is not None for one in said):
        return None
    return refuse(
        "missing",
        "请在地图上标出位置，或选择地址",
        "Mark the place on the map, or choose an address.",
        "lon",
    )


def _beyond(turn: Turn, area_no: int | None) -> Refusal | None:
    """Refuses a place at which the mover holds no post: whose rights cover both may move it."""
    there = standing(
        replace(turn.state, area_no=area_no), turn.context.actor, _POSTS[turn.state.state]
    )
    if not isinstance(there, Refusal):
        return None
    return refuse(
        "not_yours",
        "新位置不在您的职责区域内，请由管辖两地的上级改位置",
        "The new place lies outside your area; whoever is in charge of both may correct it.",
    )


def _who_then(turn: Turn) -> Decision | None:
    """Whom the duty list names at the new place, where a person has to decide on it now."""
    route, state = turn.context.route, turn.state
    if route is None or state.filed_at is None:
        return None
    lead = route.lead
    named = tuple(Suggestion(one.unit, one.reason, one.score) for one in route.candidates)
    if lead is not None:
        why = text(
            "".join(one["zh"] for one in route.reasons),
            " ".join(one["en"] for one in route.reasons),
        )
        named = (Suggestion(lead, why, route.confidence), *named)
    others = [one for one in named if one.unit != state.lead_unit]
    keeps = lead == state.lead_unit or (lead is None and len(others) < len(named))
    if not others or (state.lead_unit is not None and keeps):
        return None
    said = text(
        "位置更正后，职责清单给出的单位如下，由派遣员决定",
        "The place was corrected; the duty list names these units now, and a dispatcher decides",
    )
    what = "route" if state.lead_unit is None else "redispatch"
    return Decision(what, (said,), route.confidence, route.rule, route.rule_version, tuple(others))


def _relocate(turn: Turn, command: c.Relocate) -> Outcome:
    wrong = reason_missing(command.reason) or _unsaid(command)
    if wrong:
        return wrong
    here, there = turn.context.here, turn.context.there
    if isinstance(there, Refusal):
        return there
    if here is None or there is None:
        raise LookupError("a place is corrected with both places at hand")
    if here == there:
        return refuse("invalid", "案件已在此处", "It lies there already.", "lon")
    return _beyond(turn, there.place.area_no) or [
        e.CaseRelocated(
            turn.stamp(),
            here.place,
            there.place,
            command.reason,
            here.address,
            there.address,
            _who_then(turn),
        )
    ]


def _schema(_turn: Turn) -> JsonObject:
    return schema.params(
        ("reason",),
        lon=schema.degrees(("经度", "Longitude"), 180),
        lat=schema.degrees(("纬度", "Latitude"), 90),
        address_id=schema.one(("标准地址", "Standard address"), "address"),
        address=schema.words(("地址", "Address")) | {"maxLength": MAX_ADDRESS},
        area_no=schema.area(),
        reason=schema.reason(),
    )


MOVES = (
    Move(
        "relocate",
        text("改位置", "Correct the place"),
        _POSTS,
        _relocate,
        _schema,
        guard=_at_the_place,
    ),
)
