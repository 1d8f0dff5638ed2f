"""Run the followers and the clock sweep until stopped."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from chengyun.app.sweep import sweep
from chengyun.kernel.clock import system_clock
from chengyun.kernel.following import drain

_PAUSE = 0.1
_SWEEP_EVERY = 10  # pauses: clocks are looked at once a second


class Command(BaseCommand):
    help = "Follow the events and tick the clocks that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        turn = 0
        while not stop.is_set():
            moved = drain(system_clock.now())
            if turn % _SWEEP_EVERY == 0:
                moved += sweep(system_clock.now())
            turn += 1
            if not moved:
                stop.wait(_PAUSE)
