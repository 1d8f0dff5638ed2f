"""Other houses' MQTT brokers: a persistent session each, acknowledged by hand after our commit."""

import logging
import queue
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import paho.mqtt.client as paho
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import close_old_connections, transaction
from paho.mqtt.enums import CallbackAPIVersion

from chengyun.app.devices.asking import NotAnswered, address_of
from chengyun.app.devices.taking import take_in
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import Clock, system_clock
from chengyun.kernel.scope import bind
from chengyun.sensing.decide.feeds import BrokerSettings, filter_of, named
from chengyun.sensing.decide.naming import microseconds
from chengyun.sensing.decide.points import Message
from chengyun.sensing.models import Feed
from chengyun.sensing.verbs.arriving import Door, door_of
from chengyun.sensing.verbs.polling import note_asked, secret_of

log = logging.getLogger(__name__)
BATCH = 1_000
_LOOK_EVERY_S = 5.0
_HEARD_MAX = 20_000


@dataclass
class Listener:
    """One feed: a connection, and a thread that commits and then acknowledges."""

    feed: Feed
    clock: Clock = system_clock
    _heard: "queue.Queue[paho.MQTTMessage]" = field(default_factory=lambda: queue.Queue(_HEARD_MAX))
    _ended: threading.Event = field(default_factory=threading.Event)
    _client: paho.Client | None = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Connect and hear; returns at once.

        Raises:
            NotAnswered: the host is not listed, or leads where it may not.
            OSError: nobody answers there.
        """
        how = BrokerSettings.model_validate(self.feed.settings)
        parts = urlsplit(how.url)
        host = (parts.hostname or "").lower()
        if host not in settings.FEED_HOSTS:
            raise NotAnswered(f"{host} is not on this node's list of hosts")
        port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
        pinned = address_of(host, port, settings.PRIVATE_FEED_HOSTS)
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=how.client_id,
            clean_session=False,
            manual_ack=True,
        )
        if how.username:
            client.username_pw_set(how.username, secret_of(self.feed))
        if parts.scheme == "mqtts":
            client.tls_set(cert_reqs=ssl.CERT_REQUIRED)

        def connected(hears: paho.Client, _u: Any, _f: Any, reason: Any, _p: Any) -> None:
            if not reason.is_failure:
                hears.subscribe(filter_of(how.topic), how.qos)

        client.on_connect = connected
        client.on_message = lambda _c, _u, message: self._heard.put(message)
        # A name has a certificate, an address has none: TLS goes by the name.
        client.connect(host if parts.scheme == "mqtts" else pinned, port)
        client.loop_start()
        self._client = client
        self._thread = threading.Thread(target=self._take, args=(how.topic,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Hang up; what was not acknowledged comes again."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(10)
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()

    def _take(self, pattern: str) -> None:
        door = door_of(self.feed)
        while not self._ended.is_set():
            some = self._some()
            messages = [self._message(one, pattern) for one in some]
            if not some or not self._committed(messages, door):
                continue
            for one in some:
                if self._client is not None and one.qos:
                    self._client.ack(one.mid, one.qos)
            note_asked(self.feed.id, "", now=self.clock.now())

    def _committed(self, messages: Sequence[Message], door: Door) -> bool:
        """Whether the messages are ours; False when we are told to stop before they are, and the
        other house gives them again."""
        while not self._ended.is_set():
            try:
                take_in(messages, door, self.clock)
            except DatabaseFault as fault:
                log.warning("feed %s waits for the database: %s", self.feed.code, fault)
                close_old_connections()
                self._ended.wait(0.5)
            else:
                return True
        return False

    def _some(self) -> list[paho.MQTTMessage]:
        found: list[paho.MQTTMessage] = []
        try:
            found.append(self._heard.get(timeout=0.5))
            while len(found) < BATCH:
                found.append(self._heard.get_nowait())
        except queue.Empty:
            pass
        return found

    def _message(self, heard: paho.MQTTMessage, pattern: str) -> Message:
        thing, stream = named(heard.topic, pattern)
        at_us = microseconds(self.clock.now())
        return Message(thing, stream or "batch", bytes(heard.payload), at_us, heard.topic)


def listen(stopping: threading.Event, clock: Clock = system_clock) -> None:
    """Hear every active feed of this kind; a changed one is heard anew."""
    running: dict[tuple[UUID, int], Listener] = {}
    while not stopping.is_set():
        try:
            wanted = {(feed.id, feed.version): feed for feed in _active()}
            for gone in running.keys() - wanted.keys():
                running.pop(gone).stop()
            for key in wanted.keys() - running.keys():
                _begin(running, key, Listener(wanted[key], clock))
        except DatabaseFault as fault:
            log.warning("outside brokers wait for the database: %s", fault)
            close_old_connections()
        stopping.wait(_LOOK_EVERY_S)
    for listener in running.values():
        listener.stop()


def _begin(
    running: dict[tuple[UUID, int], Listener], key: tuple[UUID, int], listener: Listener
) -> None:
    try:
        listener.start()
    except (NotAnswered, OSError) as fault:
        note_asked(key[0], str(fault), now=listener.clock.now())
    else:
        running[key] = listener


def _active() -> list[Feed]:
    with transaction.atomic():
        bind(SYSTEM.scope())
        return list(Feed.objects.filter(kind="broker", state="active"))
