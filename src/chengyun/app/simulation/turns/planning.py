"""Whose turn it is and what they do next: the behaviour of simulated staff and residents."""

from collections.abc import Callable, Iterator
from random import Random
from uuid import UUID

from chengyun.app.simulation.crowd import Crowd
from chengyun.app.simulation.hands import Hands
from chengyun.app.simulation.life import Life, Step
from chengyun.app.simulation.turns.booking import Book, overdue, place
from chengyun.app.simulation.turns.desk import Desks
from chengyun.app.simulation.turns.ending import Ending
from chengyun.app.simulation.turns.work import Work
from chengyun.cases.decide.state import CaseState
from chengyun.kernel.actor import PUBLIC
from chengyun.sdk.simulate import SimulateFile

_WORKING = ("pending_handle", "handling")
_BEFORE_WORK = ("pending_accept", "pending_file", "pending_dispatch", "returned")


class Turns:
    """Plans the next steps of each case; one stream of chance for all of it."""

    def __init__(
        self,
        plan: SimulateFile,
        hands: Hands,
        crowd: Crowd,
        random: Random,
        states: dict[UUID, CaseState],
    ) -> None:
        self.book = Book(plan, hands, random, states)
        desks, work = Desks(self.book), Work(self.book)
        self.ending = Ending(self.book, crowd)
        self._by_state: dict[str, Callable[[Life, CaseState, int], Step | None]] = {
            "pending_accept": desks.accepting,
            "verifying": desks.verifying,
            "pending_file": desks.filing,
            "pending_dispatch": desks.dispatching,
            "returned": desks.dispatching,
            "pending_handle": work.assigning,
            "handling": work.handling,
            "suspended": work.waiting,
            "handled": work.confirming,
            "pending_check": work.checking,
            "checking": work.checking,
            "pending_close": self.ending.closing,
        }

    def next(self, life: Life, at: int) -> Iterator[Step]:
        """The next step of a case's main course, and what happens beside it."""
        state = self.book.states[life.id]
        plan = self._by_state.get(state.state)
        if plan is not None:
            step = plan(life, state, at)
            if step is not None:
                yield step
        if state.state in ("closed", "force_closed"):
            yield from self.ending.afterwards(life, state, at)

    def beside(self, life: Life, at: int) -> Iterator[Step]:
        """What may happen to a case while it waits: residents urge, leaders supervise."""
        random, behaviour = self.book.random, self.book.behaviour
        state = self.book.states[life.id]
        if life.resident and self.book.chance(behaviour.urged):
            yield Step(
                self.book.delayed("urge", at),
                PUBLIC,
                "urge",
                {"note": "请尽快处理（模拟）"},
                (*_BEFORE_WORK, *_WORKING),
                side=True,
            )
        if state.due_at is not None and self.book.chance(behaviour.supervised):
            late = self.book.delayed("supervise", int(state.due_at.timestamp()))
            listed = random.random() < 0.1
            step = self.book.step(
                life,
                "leader",
                self.book.hands.at("leader", place(state)),
                at,
                "supervise",
                {"listed": listed, "note": "超时督办（模拟）"},
                (*_BEFORE_WORK, *_WORKING, "handled", "pending_check"),
                side=True,
                when=overdue,
                begin=late,
            )
            if step is not None:
                yield step
