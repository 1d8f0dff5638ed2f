"""The trickle of a running demo: the same engine on the real clock, after a short history."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from chengyun.app.setup.running import DEMO_PACK, catalog
from chengyun.app.simulation.engine import Engine
from chengyun.app.simulation.hands import backdate
from chengyun.app.simulation.playing import Order, play
from chengyun.cases import verbs
from chengyun.cases.models import Case
from chengyun.cases.reads.history import load_states
from chengyun.cases.verbs.moves import refused_by
from chengyun.kernel.clock import Clock
from chengyun.places.models import City
from chengyun.sdk.simulate import SimulateFile

log = logging.getLogger(__name__)

PAUSE = 2.0
_DAY_MINUTES = 1_440


def plan_of_demo() -> SimulateFile:
    """The demo city's plan.

    Raises:
        LookupError: its pack has none.
    """
    plan = catalog().pack(DEMO_PACK).simulate
    if plan is None:
        raise LookupError(f"the pack {DEMO_PACK} has no simulate.yaml")
    return plan


def begin(
    plan: SimulateFile,
    city: City,
    clock: Clock,
    say: Callable[[str], None],
    stop: Callable[[], bool],
) -> Engine:
    """An engine that stands at the present: with some days of history in a fresh city, else with
    the open simulated cases that are there."""
    live = plan.live
    scale = live.per_minute * _DAY_MINUTES / plan.volumes.creations_per_day
    simulated = Case.objects.filter(simulated=True, city_no=city.area_no)
    known = simulated.count()
    if not known and live.history_days:
        now = clock.now().replace(microsecond=0)
        order = Order(
            now - timedelta(days=live.history_days), now, str(plan.seed), live.history_scale
        )
        engine, account = play(plan, city, order, say=say, stop=stop)
        say(f"Simulated {account.cases:,} cases of {live.history_days:g} days.")
        engine.crowd.resize(scale)
    else:
        now = clock.now()
        backdate(city.area_no, now)
        engine = Engine(
            plan,
            city,
            start=int(now.timestamp()),
            # A restart goes on with others.
            seed=f"{plan.seed}:{known}",
            scale=scale,
        )
        waiting = simulated.filter(open=True).order_by("no")[: live.most_open]
        ids: list[UUID] = list(waiting.values_list("pk", flat=True))
        states = load_states(ids)
        refused = {i: list(refused_by(i)) for i in ids if states[i].returns}
        engine.adopt(states, refused)
    engine.hurry(live.pace)
    return engine


def trickle(city: City, clock: Clock, stop: threading.Event, say: Callable[[str], None]) -> None:
    """Run until stopped."""
    say("Simulating a city, labelled as simulated.")
    plan = plan_of_demo()
    engine = begin(plan, city, clock, say, stop.is_set)
    simulated = Case.objects.filter(simulated=True, open=True, city_no=city.area_no)
    while not stop.is_set():
        stop.wait(PAUSE)
        if verbs.playing():
            # A history is being played: the present waits.
            continue
        engine.crowd.quiet = simulated.count() >= plan.live.most_open
        try:
            engine.play(int(clock.now().timestamp()))
        except Exception:
            log.exception("the simulated city stumbled; it begins again from what is there")
            stop.wait(10)
            engine = begin(plan, city, clock, say, stop.is_set)
