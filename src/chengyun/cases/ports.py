"""What cases asks of the rooms above it; the app binds the answers."""

from collections.abc import Sequence
from typing import Protocol

from chengyun.cases.decide.routing import Candidate, RouteDecision, RouteQuery

__all__ = ["Candidate", "RouteDecision", "RouteQuery", "Router", "bind_router", "router"]


class Router(Protocol):
    """Names the unit responsible for each case; answered by dispatch, in the caller's transaction.

    `city` is the area number of the city. Answers come in the order of the queries.
    """

    def route(self, queries: Sequence[RouteQuery], *, city: int) -> list[RouteDecision]: ...


_bound: list[Router] = []


def bind_router(answer: Router) -> None:
    """Say who answers; the app does so once while it starts."""
    _bound[:] = [answer]


def router() -> Router:
    """Whoever answers routing.

    Raises:
        RuntimeError: nobody was bound, which is a fault of the composition.
    """
    if not _bound:
        raise RuntimeError("no Router is bound: chengyun.app binds dispatch while it starts")
    return _bound[0]
