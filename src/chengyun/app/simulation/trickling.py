"""The trickle itself: a few reports a minute, and staff who keep up with them."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from chengyun.app.setup.running import DEMO_PACK, catalog
from chengyun.app.simulation.reporting import Reporter
from chengyun.app.simulation.working import Staff
from chengyun.cases import verbs
from chengyun.cases.models import Case
from chengyun.kernel.actor import Actor
from chengyun.kernel.clock import Clock
from chengyun.kernel.problems import Problem
from chengyun.places.models import City

log = logging.getLogger(__name__)

SIMULATION = Actor(kind="system", id=None, name="simulation")
PAUSE = 2.0
# How many cases the simulated staff look at in one round, drawn by lot: whoever is stuck must
# not keep the others waiting.
_ROUND = 120
# Enough open simulated cases to look at; a demo left running for weeks must not fill the disk.
MOST_OPEN = 2_000
FIRST = 320


class Trickle:
    """One city's trickle."""

    def __init__(self, city: City, clock: Clock) -> None:
        plan = catalog().pack(DEMO_PACK).simulate
        if plan is None:
            raise LookupError(f"the pack {DEMO_PACK} has no simulate.yaml")
        self.clock = clock
        self.city_no = city.area_no
        # The same seed and hour give the same reports; a restart goes on with others.
        random = Random(f"{plan.seed}:{Case.objects.filter(simulated=True).count()}")  # noqa: S311
        self.reporter = Reporter(plan, city.area_no, ZoneInfo(city.time_zone), random)
        self.staff = Staff(plan)

    def begin(self) -> None:
        """Have something to look at from the first minute on."""
        if not Case.objects.filter(simulated=True, city_no=self.city_no).exists():
            self._report(FIRST, self.clock.now())

    def step(self, seconds: float) -> None:
        """What happens within some seconds."""
        now = self.clock.now()
        running = Case.objects.filter(simulated=True, open=True, city_no=self.city_no)
        if running.count() < MOST_OPEN:
            self._report(self.reporter.due(now, seconds), now)
        waiting = running.exclude(state__in=("suspended",)).order_by("?")[:_ROUND]
        for case in waiting:
            self.staff.work(case, self.clock.now())

    def _report(self, count: int, now: datetime) -> None:
        for _ in range(count):
            try:
                verbs.report(SIMULATION, now=now, item=self.reporter.draw(now))
            except Problem as problem:
                log.warning("a simulated report was refused: %s", problem.detail)


def trickle(city: City, clock: Clock, stop: threading.Event, say: Callable[[str], None]) -> None:
    """Run until stopped."""
    running = Trickle(city, clock)
    say("Simulating a trickle of reports, labelled as simulated.")
    running.begin()
    while not stop.is_set():
        running.step(PAUSE)
        stop.wait(PAUSE)
