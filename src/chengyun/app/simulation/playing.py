"""Playing days: from a start to an end, as fast as the machine allows."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chengyun.app.simulation.accounts import Account, examine
from chengyun.app.simulation.engine import BUSY_SCALE, QUIET_WINDOW_S, WINDOW_S, Engine
from chengyun.app.simulation.hands import backdate
from chengyun.app.simulation.hours import DAY, instant
from chengyun.cases import verbs
from chengyun.places.models import City
from chengyun.sdk.simulate import SimulateFile

_TELL_EVERY = 5.0


@dataclass(frozen=True, slots=True)
class Order:
    """What to play. `storm` is the day (1 …) on which it storms; `open_only` stops after so many
    cases and lets nobody work on them."""

    start: datetime
    end: datetime
    seed: str
    scale: float
    storm: int | None = None
    open_only: int | None = None


def play(
    plan: SimulateFile,
    city: City,
    order: Order,
    *,
    say: Callable[[str], None],
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Engine, Account]:
    """Play an order to its end, or to the end of the batch in which `stop` says so.

    A second run adds to what is there.

    Raises:
        AlreadyPlaying: another history is being played on this database.
        Unplayable: the city has no unit grids.
    """
    with verbs.own_time():
        return _play(plan, city, order, say, stop)


def _play(
    plan: SimulateFile,
    city: City,
    order: Order,
    say: Callable[[str], None],
    stop: Callable[[], bool],
) -> tuple[Engine, Account]:
    backdate(city.area_no, order.start)
    start, end = int(order.start.timestamp()), int(order.end.timestamp())
    engine = Engine(plan, city, start=start, seed=order.seed, scale=order.scale)
    engine.open_only = order.open_only is not None
    if order.storm is not None:
        first = start + (order.storm - 1) * DAY
        engine.crowd.storm = (first, first + DAY)
    began = told = time.monotonic()
    window = WINDOW_S if order.scale >= BUSY_SCALE else QUIET_WINDOW_S
    while engine.at < end and not stop():
        engine.play(min(engine.at + window, end))
        if order.open_only is not None and engine.tally.reports >= order.open_only:
            break
        if time.monotonic() - told >= _TELL_EVERY:
            told = time.monotonic()
            say(_progress(engine, start, end, told - began))
    engine.finish()
    account = _account(engine, order, time.monotonic() - began)
    checking = time.monotonic()
    say(f"Reading back {len(engine.tally.began):,} cases …")
    examine(account, engine.tally.began)
    account.check_s = round(time.monotonic() - checking, 1)
    wall = max(account.wall_s, 0.001)
    account.cases_per_s = round(account.cases / wall, 1)
    account.closed_per_s = round(account.closed / wall, 1)
    account.events_per_s = round(account.events / wall, 1)
    account.finished = order.open_only is not None or engine.at >= end
    return engine, account


def _progress(engine: Engine, start: int, end: int, seconds: float) -> str:
    tally = engine.tally
    share = (engine.at - start) / max(1, end - start)
    return (
        f"{share:4.0%}  {instant(engine.at):%Y-%m-%d %H:%M} UTC  {len(tally.began):,} cases,"
        f" {tally.moves:,} moves, {len(tally.began) / seconds:,.0f} cases/s"
    )


def _account(engine: Engine, order: Order, seconds: float) -> Account:
    tally, crowd = engine.tally, engine.crowd
    return Account(
        start=instant(int(order.start.timestamp())).isoformat(),
        end=instant(engine.at).isoformat(),
        seed=order.seed,
        scale=order.scale,
        calls=dict(sorted(crowd.calls.items())),
        calls_answered=crowd.answered,
        reports=tally.reports,
        by_source=dict(sorted(tally.by_source.items())),
        reports_refused=dict(sorted(tally.report_refusals.items())),
        parts=tally.parts,
        moves=tally.moves,
        by_move=dict(sorted(tally.by_move.items())),
        moves_refused=dict(sorted(tally.refused.items())),
        moves_dropped=tally.dropped,
        photos=tally.photos,
        cheats=dict(sorted(tally.cheats.items())),
        wall_s=round(seconds, 1),
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


def days_until(until: datetime, days: float) -> datetime:
    """The start of so many days that end at an instant, to the whole second."""
    return until - timedelta(seconds=round(days * DAY))
