"""Which moves somebody is offered, and what each one takes."""

from dataclasses import dataclass

from chengyun.cases.decide.context import Context
from chengyun.cases.decide.decider import MOVES
from chengyun.cases.decide.state import CaseState
from chengyun.cases.decide.ticking import caught_up
from chengyun.cases.decide.turn import Turn
from chengyun.kernel.text import JsonObject, Text


@dataclass(frozen=True, slots=True)
class Offer:
    """One move that the actor can make now; `params` is a JSON Schema."""

    move: str
    title: Text
    params: JsonObject
    needs_photo: bool


def offered(state: CaseState, context: Context) -> list[Offer]:
    """The moves that are not refused whatever their params, in the order of the loop."""
    now_state, _ = caught_up(state, context)
    offers: list[Offer] = []
    for move in MOVES.values():
        turn = move.permit(now_state, context)
        if isinstance(turn, Turn):
            params = move.schema(turn)
            offers.append(Offer(move.id, move.title, params, _needs_photo(params)))
    return offers


def _needs_photo(params: JsonObject) -> bool:
    return any(params["properties"][name].get("x-input") == "photos" for name in params["required"])
