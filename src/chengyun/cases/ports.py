"""What cases asks of the rooms above it; the app binds the answers."""

from collections.abc import Sequence
from typing import Protocol

from chengyun.cases.decide.routing import Candidate, RouteDecision, RouteQuery

__all__ = ["Candidate", "RouteDecision", "RouteQuery", "Router"]


class Router(Protocol):
    """Names the unit responsible for each case; answered by dispatch, in the caller's transaction.

    `city` is the area number of the city. Answers come in the order of the queries.
    """

    def route(self, queries: Sequence[RouteQuery], *, city: int) -> list[RouteDecision]: ...
