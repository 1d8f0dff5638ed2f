"""Booking people for steps: who makes it, and when they are done."""

from collections.abc import Sequence
from random import Random
from uuid import UUID

from chengyun.app.simulation.hands import Hand, Hands
from chengyun.app.simulation.hours import instant
from chengyun.app.simulation.life import Life, Photos, Step, Still
from chengyun.cases.decide.state import CaseState
from chengyun.kernel.text import JsonObject
from chengyun.sdk.simulate import SimulateFile

# What lies further ahead (seconds) is nobody's booked time.
_FAR = 7_200


class Book:
    """The plan, the people and one stream of chance for all that they decide."""

    def __init__(
        self, plan: SimulateFile, hands: Hands, random: Random, states: dict[UUID, CaseState]
    ) -> None:
        self.plan, self.hands, self.random, self.states = plan, hands, random, states
        self.behaviour = plan.behaviour

    def desk(
        self,
        life: Life,
        post: str,
        at: int,
        move: str,
        params: JsonObject,
        expects: tuple[str, ...],
        *,
        when: Still | None = None,
        cheat: bool = False,
    ) -> Step | None:
        """A step of a desk post over the place of the case; None where nobody holds it."""
        hands = self.hands.at(post, place(self.states[life.id]))
        return self.step(life, post, hands, at, move, params, expects, when=when, cheat=cheat)

    def step(
        self,
        life: Life,
        post: str,
        among: Sequence[Hand],
        at: int,
        move: str,
        params: JsonObject,
        expects: tuple[str, ...],
        *,
        photos: tuple[Photos, ...] = (),
        side: bool = False,
        when: Still | None = None,
        cheat: bool = False,
        begin: int | None = None,
    ) -> Step | None:
        """A step of whoever of these is free first, or at `begin`; None: there is nobody."""
        low, high = self.behaviour.work.get(move, (0.5, 2.0))
        minutes = self.random.uniform(low, high)
        begin = self.delayed(move, at) if begin is None else begin
        if begin - at > _FAR / self.hands.speed and among:
            # Nobody keeps an hour of next week free.
            hand = among[self.random.randrange(len(among))]
            done = self.hands.on_shift(post, begin) + max(1, round(minutes * 60))
        else:
            booked = self.hands.book(post, among, begin, minutes)
            if booked is None:
                return None
            hand, done = booked
        actor = self.hands.actor(hand)
        return Step(done, actor, move, params, expects, photos, side, when, cheat)

    def delayed(self, move: str, at: int) -> int:
        """When somebody gets round to a move."""
        low, high = self.behaviour.delay.get(move, (0.0, 0.0))
        wait = self.random.uniform(low, high) if high else 0.0
        return at + round(wait * 60 / self.hands.speed)

    def chance(self, share: float) -> bool:
        """Whether it happens this time."""
        return self.random.random() < share


def place(state: CaseState) -> int:
    """The area whose posts a case belongs to."""
    return state.area_no or state.city


def overdue(state: CaseState, at: int) -> bool:
    """Whether its clock has run out by a second."""
    return state.due_at is not None and state.due_at <= instant(at)


def in_time(state: CaseState, at: int) -> bool:
    """Whether its clock still runs at a second."""
    return state.due_at is not None and state.due_at > instant(at)
