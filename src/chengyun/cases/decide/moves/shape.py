"""What a move is: who may make it in which state, what stands in its way, what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chengyun.cases.decide.context import Context, Outcome, Refusal, refuse
from chengyun.cases.decide.standing import barred, standing
from chengyun.cases.decide.state import STATE_NAMES, CaseState
from chengyun.cases.decide.turn import Turn
from chengyun.kernel.text import JsonObject, Text

Posts = Mapping[str, tuple[str, ...]]


def _free(_turn: Turn) -> Refusal | None:
    return None


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the loop.

    `posts` maps each state in which it can be made to the posts that may. `guard` refuses for
    reasons that no params can mend; `act` decides with the params. `separated` moves are barred
    to whoever dispatched or handled the case.
    """

    id: str
    title: Text
    posts: Posts
    act: Callable[[Turn, Any], Outcome]
    schema: Callable[[Turn], JsonObject]
    guard: Callable[[Turn], Refusal | None] = _free
    separated: bool = False

    def permit(self, state: CaseState, context: Context) -> Turn | Refusal:
        """The actor's turn at this move, or why it is not theirs now."""
        posts = self.posts.get(state.state)
        if posts is None:
            name = STATE_NAMES[state.state]
            return refuse(
                "wrong_state",
                f"案件处于“{name['zh']}”，不能进行“{self.title['zh']}”",
                f"The case is in state “{name['en']}”, which does not allow “{self.title['en']}”.",
            )
        found = standing(state, context.actor, posts)
        if isinstance(found, Refusal):
            return found
        # The reporter is never the one who handled it; a rating is theirs to give.
        if self.separated and found.post not in ("public", "system"):
            bar = barred(state, context.actor)
            if bar is not None:
                return bar
        turn = Turn(state, context, found)
        return self.guard(turn) or turn


def at(states: str, posts: str) -> Posts:
    """Posts by state, both as words in a line."""
    return dict.fromkeys(states.split(), tuple(posts.split()))


WORKING = "pending_handle handling"
# Filed, and not yet closed.
FILED = (
    "pending_dispatch pending_handle handling suspended returned handled "
    "pending_check checking pending_close"
)
UNFILED = "reported pending_accept verifying pending_file"
