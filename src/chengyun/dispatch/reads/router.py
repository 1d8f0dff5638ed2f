"""The answer to `cases.ports.Router`: the list in force, kept in memory."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chengyun.cases.decide.routing import RouteDecision, RouteQuery
from chengyun.dispatch.decide.route import Routes, unlisted
from chengyun.dispatch.models import DutyList, changes
from chengyun.dispatch.reads.loading import active, compiled
from chengyun.kernel import areas
from chengyun.kernel.clock import Clock, system_clock
from chengyun.people.reads import organisation_revision
from chengyun.places.models import City

# Organisations begin and end at instants of their own, without a change to their rows.
_READ_AGAIN_S = 600
_Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    routes: Routes | None
    stamp: _Stamp
    looked: float
    changes: int


class DutyRouter:
    """Routes by the duty list in force in a city; implements `cases.ports.Router`.

    Lists and units stay in memory; whether they changed is looked up at most every `look_every`
    seconds, so a new list rules everywhere within that time, and at once in the process that
    activated it. Safe to share between threads.
    """

    def __init__(
        self,
        *,
        look_every: float = 1.0,
        clock: Clock = system_clock,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._look_every = look_every
        self._clock = clock
        self._tick = tick
        self._kept: dict[int, _Kept] = {}
        self._lock = threading.Lock()

    def route(self, queries: Sequence[RouteQuery], *, city: int) -> list[RouteDecision]:
        """Who gets each case, in the order of the queries."""
        routes = self._routes(areas.city_of(city))
        if routes is None:
            return [unlisted()] * len(queries)
        return [routes.route(query) for query in queries]

    def forget(self) -> None:
        """Read everything again at the next question."""
        self._kept = {}

    def _routes(self, city_no: int) -> Routes | None:
        kept = self._kept.get(city_no)
        if kept is not None and self._fresh(kept, city_no):
            return kept.routes
        with self._lock:
            kept = self._kept.get(city_no)
            if kept is not None and self._fresh(kept, city_no):
                return kept.routes
            looked, seen, stamp = self._tick(), changes[city_no], self._stamp(city_no)
            same = kept is not None and kept.stamp == stamp
            routes = kept.routes if kept is not None and same else self._load(city_no)
            self._kept = {**self._kept, city_no: _Kept(routes, stamp, looked, seen)}
            return routes

    def _fresh(self, kept: _Kept, city_no: int) -> bool:
        return kept.changes == changes[city_no] and self._tick() - kept.looked < self._look_every

    def _stamp(self, city_no: int) -> _Stamp:
        lists = DutyList.objects.filter(city_no=city_no, status="active")
        cities = City.objects.filter(pk=city_no)
        return (
            lists.values_list("id", "hash").first(),
            cities.values_list("revision", flat=True).first(),
            organisation_revision(),
            int(self._clock.now().timestamp()) // _READ_AGAIN_S,
        )

    def _load(self, city_no: int) -> Routes | None:
        row = active(city_no)
        return None if row is None else Routes(compiled(row, now=self._clock.now()))
