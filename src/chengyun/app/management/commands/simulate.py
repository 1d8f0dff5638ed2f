"""Play days of a simulated city; see ./cy simulate --help."""

import json
import signal
import sys
import threading
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chengyun.app.simulation.playing import Order, days_until, play
from chengyun.app.simulation.telling import as_text
from chengyun.app.simulation.town import Unplayable
from chengyun.app.simulation.trickling import plan_of_demo
from chengyun.cases.verbs import AlreadyPlaying
from chengyun.kernel.clock import system_clock
from chengyun.places.models import City

CITY = "310000"


class Command(BaseCommand):
    help = "Play days of a simulated city; see ./cy simulate --help."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=float, default=1.0)
        parser.add_argument("--seed", default=None)
        parser.add_argument("--scale", type=float, default=None)
        parser.add_argument("--start", default=None)
        parser.add_argument("--until", default=None)
        parser.add_argument("--storm", type=int, default=None)
        parser.add_argument("--open-only", type=int, default=None)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        city = City.objects.filter(code=CITY).first()
        if city is None:
            raise CommandError("There is no demo city here; start the node without --no-demo.")
        plan = plan_of_demo()
        order = _order(options, city, plan.volumes.scale, str(plan.seed))
        stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopping.set())
        say(
            f"Simulated city, {order.start:%Y-%m-%d %H:%M} to {order.end:%Y-%m-%d %H:%M} UTC,"
            f" seed {order.seed}, scale {order.scale:g}. What is there stays; this run adds to it."
        )
        try:
            _, account = play(plan, city, order, say=say, stop=stopping.is_set)
        except AlreadyPlaying as error:
            raise CommandError("Another history is being played on this node.") from error
        except Unplayable as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            print(json.dumps(account.as_dict(), ensure_ascii=False), flush=True)
        else:
            print(as_text(account), flush=True)
        if not account.whole:
            raise CommandError(
                "Not everything that was acknowledged is there; see lost, at_odds, unbalanced."
            )


def say(said: str) -> None:
    """Progress, beside the answer."""
    print(said, file=sys.stderr, flush=True)


def _order(options: dict[str, Any], city: City, scale: float, seed: str) -> Order:
    zone = ZoneInfo(city.time_zone)
    now = system_clock.now().replace(microsecond=0)
    days = options["days"]
    if options["start"] is not None:
        start = _instant(options["start"], zone)
        end = start + timedelta(days=days)
    else:
        end = _instant(options["until"], zone) if options["until"] else now
        start = days_until(end, days)
    if end > now:
        raise CommandError(f"The end, {end.isoformat()}, lies ahead: a history ends by now.")
    return Order(
        start,
        end,
        options["seed"] or seed,
        options["scale"] or scale,
        options["storm"],
        options["open_only"],
    )


def _instant(said: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError as error:
        raise CommandError(f"{said!r} is no date or time such as 2026-03-02") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
