"""Simulated people at work: who is free when, in which hours, one thing at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chengyun.app.simulation.hours import next_open
from chengyun.kernel import areas
from chengyun.kernel.actor import UNIT_POSTS, Actor
from chengyun.people.models import Appointment, Organisation, User
from chengyun.people.reads import actor_for
from chengyun.sdk.simulate import SimulateFile


@dataclass(slots=True)
class Hand:
    """One simulated person: since when free (seconds since 1970)."""

    user: User
    free_at: int = 0
    actor: Actor | None = None


def backdate(city_no: int, start: datetime) -> None:
    """Let a simulated city's organisations and people have been there at the start of a history;
    nobody real is touched."""
    Organisation.objects.filter(city_no=city_no, simulated=True, valid_from__gt=start).update(
        valid_from=start
    )
    Appointment.objects.filter(
        user__simulated=True, organisation__city_no=city_no, valid_from__gt=start
    ).update(valid_from=start)


class Hands:
    """All simulated people of a city, by post and place. `zone_s`: local time ahead of UTC."""

    def __init__(self, plan: SimulateFile, city_no: int, zone_s: int, now: datetime) -> None:
        self.work = plan.behaviour.work
        self.shifts = plan.behaviour.shifts
        self.zone_s = zone_s
        self.speed = 1.0
        self.round_the_clock = False
        self._now = now
        self._by_place: dict[tuple[str, int], list[Hand]] = {}
        self._by_unit: dict[tuple[str, UUID], list[Hand]] = {}
        self._by_user: dict[UUID, Hand] = {}
        held = (
            Appointment.objects.held_at(now)
            .filter(user__simulated=True, user__is_active=True, organisation__city_no=city_no)
            .select_related("user")
            .order_by("user__username")
        )
        for one in held:
            hand = self._by_user.setdefault(one.user_id, Hand(one.user))
            if one.post in UNIT_POSTS:
                self._by_unit.setdefault((one.post, one.organisation_id), []).append(hand)
            else:
                self._by_place.setdefault((one.post, one.area_no), []).append(hand)

    def at(self, post: str, area_no: int) -> Sequence[Hand]:
        """Those of a post whose area holds a place, the nearest level first."""
        for number in reversed(areas.ancestors(area_no)):
            found = self._by_place.get((post, number))
            if found:
                return found
        return ()

    def of(self, post: str, unit: UUID) -> Sequence[Hand]:
        """Those of a post in a unit."""
        return self._by_unit.get((post, unit), ())

    def person(self, user_id: UUID) -> Hand | None:
        """One person."""
        return self._by_user.get(user_id)

    def actor(self, hand: Hand) -> Actor:
        """The person as an actor, with the grants held."""
        if hand.actor is None:
            hand.actor = actor_for(hand.user, now=self._now, second_factor=True)
        return hand.actor

    def book(
        self, post: str, among: Sequence[Hand], earliest: int, minutes: float
    ) -> tuple[Hand, int] | None:
        """Give a piece of work to whoever is free first; who, and when it is done."""
        if not among:
            return None
        hand = min(among, key=lambda one: one.free_at)
        begin = self.on_shift(post, max(earliest, hand.free_at))
        hand.free_at = begin + max(1, round(minutes * 60 / self.speed))
        return hand, hand.free_at

    def free_all(self, at: int) -> None:
        """Let everybody put down what was planned for later than a second."""
        for hand in self._by_user.values():
            hand.free_at = min(hand.free_at, at)

    def on_shift(self, post: str, second: int) -> int:
        """The next second at which a post is at work."""
        hours = None if self.round_the_clock else self.shifts.get(post)
        return second if hours is None else next_open(hours, second, self.zone_s)
