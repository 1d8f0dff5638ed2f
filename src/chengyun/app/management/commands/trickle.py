"""Play the simulated trickle of the demo city until stopped."""

import signal
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand

from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.app.simulation.sensing import speak
from chengyun.app.simulation.trickling import trickle
from chengyun.kernel.clock import system_clock
from chengyun.places.models import City


class Command(BaseCommand):
    help = "Simulate reports and the staff that handles them; everything is labelled so."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        city = City.objects.filter(code="310000").first()
        if city is None:
            stop.wait()
            return
        packs = tuple(load_catalog(default_roots()))
        voice = threading.Thread(target=speak, args=(system_clock, stop, packs), daemon=True)
        voice.start()
        trickle(city, system_clock, stop, lambda said: print(said, file=sys.stderr, flush=True))
