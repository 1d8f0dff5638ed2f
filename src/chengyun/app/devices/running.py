"""Gate and intake together: two threads, each with its own database connection."""

import asyncio
import logging
import os
import threading
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import nats

from chengyun.app.devices.gate import Gate
from chengyun.app.devices.intake import Intake, make_streams
from chengyun.app.devices.keys import INTAKE_USER, SYSTEM_USER, BrokerKeys
from chengyun.app.devices.outside import listen
from chengyun.app.devices.polling import poll
from chengyun.app.devices.rates import Rates
from chengyun.app.devices.wire import Wire
from chengyun.app.ngsild.notifying import notify
from chengyun.kernel.clock import system_clock

log = logging.getLogger(__name__)

BARRED_FOR = timedelta(minutes=1)
# Messages a second that one device may say, and how many at once.
RATE = float(os.environ.get("CHENGYUN_DEVICE_RATE", "20"))
BURST = 60 * RATE


@dataclass
class Devices:
    """The devices' process.

    Args:
        broker: the broker's own address. mqtt: where devices reach it.
    """

    broker: str
    keys: BrokerKeys
    mqtt: str

    @classmethod
    def of(cls, broker: str, secret: str, mqtt: str) -> "Devices":
        """With the node's secret."""
        return cls(broker, BrokerKeys.of(secret), mqtt)

    def run(self, stopping: threading.Event) -> None:
        """Until told to stop."""
        asyncio.run(self._run(stopping))

    async def _run(self, stopping: threading.Event) -> None:
        opened = threading.Event()

        async def gone() -> None:
            # Whoever comes to the broker next is asked about here, over this same connection.
            opened.clear()

        broker = await nats.connect(
            self.broker,
            user=INTAKE_USER,
            password=self.keys.intake,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,
            disconnected_cb=gone,
        )
        system = await nats.connect(
            self.broker, user=SYSTEM_USER, password=self.keys.system, max_reconnect_attempts=-1
        )
        gate = Gate(broker, system, self.keys, opened)
        loop = asyncio.get_running_loop()

        def throw_out(code: str) -> None:
            log.warning("%s says too much and is let out", code)
            until = system_clock.now() + BARRED_FOR
            asyncio.run_coroutine_threadsafe(gate.throw_out(code, until), loop)

        parts = urlsplit(self.mqtt)
        intake = Intake(
            Wire(self.broker, INTAKE_USER, self.keys.intake),
            lambda: make_streams(
                parts.hostname or "127.0.0.1",
                parts.port or 1883,
                INTAKE_USER,
                self.keys.intake,
                parts.scheme == "mqtts",
            ),
            throw_out,
            Rates(RATE, BURST),
            opened,
        )
        thread = threading.Thread(target=intake.run, args=(stopping,), name="intake", daemon=True)
        threads = [
            thread,
            threading.Thread(target=poll, args=(stopping,), name="poll", daemon=True),
            threading.Thread(target=listen, args=(stopping,), name="outside", daemon=True),
            threading.Thread(target=notify, args=(stopping,), name="notify", daemon=True),
        ]
        for one in threads:
            one.start()
        await gate.listen()
        watching = asyncio.create_task(gate.watch())
        await asyncio.to_thread(stopping.wait)
        watching.cancel()
        for one in threads:
            await asyncio.to_thread(one.join, 10)
        await system.close()
        await broker.close()
