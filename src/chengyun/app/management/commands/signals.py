"""Look for what the rules look for, until stopped."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from chengyun.kernel.clock import system_clock
from chengyun.kernel.heartbeat import Heart
from chengyun.rules.verbs import step, warm

_PAUSE = 0.05


class Command(BaseCommand):
    help = "Follow the readings, and open and close the signals of the rules."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        heart = Heart("signals")
        warm(system_clock.now())
        while not stop.is_set():
            heart.beat()
            moved = step(system_clock.now())
            if not moved:
                stop.wait(_PAUSE)
