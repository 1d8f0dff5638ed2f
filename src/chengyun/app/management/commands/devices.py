"""Run the devices' side of the node: the broker's gate and the intake, until stopped."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from chengyun.app.devices.running import Devices


class Command(BaseCommand):
    help = "Let devices in and take their readings."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        Devices.of(settings.BROKER_URL, settings.BROKER_KEY, settings.MQTT_LOCAL).run(stop)
