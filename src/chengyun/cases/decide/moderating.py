"""Deciding what moderators and further reporters do to a case; no state moves by it."""

from uuid import UUID

from chengyun.cases import events as e
from chengyun.cases.decide.context import Context, Outcome, Refusal, refuse
from chengyun.cases.decide.standing import Standing, standing
from chengyun.cases.decide.state import CaseState, Photo
from chengyun.cases.decide.ticking import caught_up
from chengyun.cases.decide.turn import Turn
from chengyun.cases.events.moderating import ModeratedPart, ModerationAct
from chengyun.kernel.text import Text

# What cannot be taken back, or opens what was sealed, is a shift leader's alone.
LEADER_ONLY: tuple[ModerationAct, ...] = ("erase", "open")
MODERATORS = ("shift_leader", "acceptor")


def moderate(
    state: CaseState,
    context: Context,
    act: ModerationAct,
    what: ModeratedPart,
    why: Text | None = None,
) -> Outcome:
    """The event of a moderator's act, or why it is not theirs."""
    posts = MODERATORS[:1] if act in LEADER_ONLY else MODERATORS
    found = standing(state, context.actor, posts)
    if isinstance(found, Refusal):
        return found
    if why is None and act in ("hide", "redact", "erase", "correct", "open"):
        return refuse("missing", "请选择理由", "Choose a reason.", "reason")
    now_state, news = caught_up(state, context)
    turn = Turn(now_state, context, found)
    return [*news, e.ContentModerated(turn.stamp(), act, what, why)]


def join(state: CaseState, context: Context, source: str, photos: tuple[UUID, ...] = ()) -> Outcome:
    """The event of one more report of the same matter, or why it cannot join."""
    now_state, news = caught_up(state, context)
    if not now_state.is_open:
        return refuse(
            "wrong_state",
            "该案件已办结，请另行上报",
            "That case is closed; please report it anew.",
            "joins",
        )
    turn = Turn(now_state, context, Standing("public"))
    scene = tuple(Photo(one, "scene") for one in photos)
    return [*news, e.ReportJoined(turn.stamp(), source, scene)]
