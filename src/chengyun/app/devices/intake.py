"""From the broker's stream to committed rows; a message is acknowledged only after the commit.

Killed anywhere in between, it gets the message again, and the store knows the reading already:
a message without a time of its own is dated by the broker's clock, which does not change.
"""

import logging
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import paho.mqtt.client as paho
from django.db import Error as DatabaseFault
from django.db import close_old_connections
from paho.mqtt.enums import CallbackAPIVersion

from chengyun.app.devices.rates import Rates
from chengyun.app.devices.taking import take_in
from chengyun.app.devices.wire import Broken, Frame, Wire
from chengyun.kernel.clock import Clock, system_clock
from chengyun.kernel.heartbeat import Heart
from chengyun.sensing.decide.points import Message
from chengyun.sensing.verbs.arriving import MQTT

log = logging.getLogger(__name__)

STREAM = "$MQTT_msgs"
DURABLE = "intake"
TOPICS = "$MQTT.msgs.things.>"
BATCH = 4000
_BOX = b"_INBOX.cy.intake"
_UNSURE = b"things.*.*"  # quality 0: nobody was promised anything
_AGAIN_AFTER = timedelta(seconds=10)
# The broker's mark of the quality a message was published with.
_QUALITY_0 = b"Nmqtt-Pub: 0"
_QUALITY_0_SHORT = b"Nmqtt-Pub:0"


@dataclass
class Intake:
    """One loop, one thread, one connection to the broker and one to the database."""

    wire: Wire
    make_streams: Callable[[], None]
    throw_out: Callable[[str], None]
    rates: Rates
    opened: threading.Event
    clock: Clock = system_clock
    heart: Heart = field(default_factory=lambda: Heart("devices"))
    _left: int = 0
    _asked_at: float = 0.0

    def run(self, stopping: threading.Event) -> None:
        """Take in until told to stop; whatever breaks is tried again."""
        while not stopping.is_set():
            try:
                self.prepare()
                self.opened.set()
                while not stopping.is_set():
                    self.step()
            except (Broken, DatabaseFault, OSError) as fault:
                # After a database's fault the gate stays open: the broker keeps for us meanwhile.
                log.warning("the intake starts over: %s", fault)
                self.wire.close()
                close_old_connections()
                stopping.wait(0.5)

    def prepare(self) -> None:
        """Have the broker keep every device's message until we acknowledge it.

        Raises:
            Broken: the broker does not answer.
        """
        self.wire.open()
        if "error" in self.wire.ask(f"$JS.API.STREAM.INFO.{STREAM}"):
            self.make_streams()
        wanted = {
            "stream_name": STREAM,
            "config": {
                "durable_name": DURABLE,
                "filter_subject": TOPICS,
                "ack_policy": "explicit",
                "ack_wait": int(_AGAIN_AFTER.total_seconds() * 1e9),
                "deliver_policy": "all",
                "max_ack_pending": 5 * BATCH,
                "max_deliver": -1,
            },
        }
        said = self.wire.ask(f"$JS.API.CONSUMER.DURABLE.CREATE.{STREAM}.{DURABLE}", wanted)
        if "error" in said:
            raise Broken(f"the broker keeps nothing for us: {said['error']}")
        self.wire.subscribe(_BOX, 2)
        self.wire.subscribe(_UNSURE, 3)
        self._pull()

    def _pull(self) -> None:
        expires = int(5e9)
        body = b'{"batch":%d,"expires":%d}' % (BATCH, expires)
        self.wire.publish(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{DURABLE}".encode(), body, _BOX)
        self._left = BATCH
        self._asked_at = time.monotonic()

    def step(self) -> int:
        """One batch: wait for messages, commit what they hold, acknowledge them; how many.

        Raises:
            Broken, DatabaseFault: nothing of the batch was acknowledged.
        """
        if not self.opened.is_set():
            # It may have come back without its store: nothing is promised before we looked.
            raise Broken("the broker was away")
        self.heart.beat()
        frames = self._gather()
        if not frames:
            return 0
        now_s = self.clock.now().timestamp()
        take_in([self._message(frame, now_s) for frame in frames], MQTT, self.clock)
        self.wire.acknowledge(frames)
        spoke = Counter(frame.subject.split(b".")[-2] for frame in frames)
        for code in self.rates.over(spoke, time.monotonic()):
            self.throw_out(code.decode())
        return len(frames)

    def _gather(self) -> list[Frame]:
        """Messages that are there, at most a batch; waits a moment when there are none."""
        found: list[Frame] = []
        wait = 0.5
        while len(found) < BATCH:
            some = self.wire.take(wait)
            if not some:
                break
            for frame in some:
                if frame.subject[:4] == b"$MQT":
                    found.append(frame)
                    self._left -= 1
                elif frame.subject == _BOX:
                    self._left = 0  # a status: the request has ended
                elif _is_unsure(frame):
                    found.append(frame)
            wait = 0.0 if found else wait
            if self._left < BATCH // 2:
                self._pull()
        if not found and time.monotonic() - self._asked_at > 5.5:
            self._pull()
        return found

    @staticmethod
    def _message(frame: Frame, now_s: float) -> Message:
        """The message of a frame: `$MQTT.msgs.things.<code>.<stream>`, acknowledged at
        `$JS.ACK.….<broker's time in ns>.<pending>[.<token>]`."""
        words = frame.subject.decode("utf-8", "replace").split(".")
        at_us = int(now_s * 1_000_000)
        if frame.reply:
            parts = frame.reply.split(b".")
            at_us = int(parts[-2] if len(parts) == 9 else parts[-3]) // 1_000
        topic = "/".join(words[-3:])
        return Message(words[-2], words[-1], frame.payload, at_us, topic)


def _is_unsure(frame: Frame) -> bool:
    return _QUALITY_0 in frame.head or _QUALITY_0_SHORT in frame.head


def make_streams(host: str, port: int, user: str, password: str, tls: bool) -> None:
    """Have the broker make its MQTT streams, which it does when the first client comes.

    Raises:
        Broken: it lets nobody in.
    """
    entered = threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id="intake")
    client.username_pw_set(user, password)
    if tls:
        # Our own door on our own machine: the certificate is of its name outside.
        client.tls_set(cert_reqs=ssl.CERT_NONE)
        client.tls_insecure_set(True)

    def connected(_c: Any, _u: Any, _f: Any, reason: Any, _p: Any) -> None:
        if not reason.is_failure:
            entered.set()

    client.on_connect = connected
    client.connect(host, port)
    client.loop_start()
    try:
        if not entered.wait(10):
            raise Broken("the broker's MQTT door does not open")
    finally:
        client.disconnect()
        client.loop_stop()
