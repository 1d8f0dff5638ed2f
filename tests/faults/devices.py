"""Devices that do not give up: each message is published until it is acknowledged."""

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE = 60.0
START_US = 0


@dataclass
class Person:
    """One MQTT client and everything it was told."""

    address: str
    user: str
    password: str
    client_id: str = ""
    told: list[str] = field(default_factory=list)
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    granted: dict[int, int] = field(default_factory=dict)
    acknowledged: set[int] = field(default_factory=set)
    will: tuple[str, bytes] | None = None

    def enter(self, *, keep: bool = False) -> "Person":
        """Connect once; `told` says how that went."""
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self.client_id or self.user,
            clean_session=not keep,
            reconnect_on_failure=False,
        )
        client.username_pw_set(self.user, self.password)
        if self.will is not None:
            client.will_set(self.will[0], self.will[1], qos=1, retain=True)
        client.on_connect = lambda _c, _u, _f, reason, _p: self.told.append(str(reason))
        client.on_disconnect = lambda _c, _u, _f, _r, _p: self.told.append("gone")
        client.on_message = lambda _c, _u, one: self.heard.append((one.topic, one.payload))
        client.on_publish = lambda _c, _u, mid, _r, _p: self.acknowledged.add(mid)

        def granted(_c: Any, _u: Any, mid: int, reasons: Any, _p: Any) -> None:
            self.granted[mid] = reasons[0].value

        client.on_subscribe = granted
        parts = urlsplit(self.address)
        client.connect(parts.hostname or "", parts.port or 0)
        client.loop_start()
        self.client = client
        self.wait(lambda: bool(self.told))
        return self

    @property
    def inside(self) -> bool:
        """Whether the door let us in and has not closed."""
        return self.told == ["Success"]

    @staticmethod
    def wait(what: Any, seconds: float = 10.0) -> bool:
        """Whether something happens in time."""
        until = time.monotonic() + seconds
        while not what():
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def say(self, topic: str, payload: Any, qos: int = 1, *, retain: bool = False) -> bool:
        """Publish; whether it was acknowledged."""
        body = payload if isinstance(payload, (str, bytes)) else json.dumps(payload)
        mid = self.client.publish(topic, body, qos=qos, retain=retain).mid
        return self.wait(lambda: mid in self.acknowledged or "gone" in self.told, 5) and (
            mid in self.acknowledged
        )

    def listen(self, topic: str, qos: int = 1) -> int:
        """Subscribe; 128 or more is a refusal."""
        mid = self.client.subscribe(topic, qos)[1]
        assert self.wait(lambda: mid in self.granted or "gone" in self.told)
        return self.granted.get(mid or 0, 128)

    def leave(self) -> None:
        """Hang up as one should."""
        self.client.disconnect()
        self.client.loop_stop()

    def vanish(self) -> None:
        """Be gone without a word, so that the broker speaks the will."""
        self.client.loop_stop()
        sock = self.client.socket()
        if sock is not None:
            sock.close()


@dataclass
class Publisher:
    """A device that counts: its n-th reading is n, dated so many seconds back."""

    address: str
    code: str
    password: str
    begin_us: int
    acknowledged: set[int] = field(default_factory=set)
    stopping: threading.Event = field(default_factory=threading.Event)
    fault: str = ""

    def run(self) -> None:
        """Publish one after another; each is said again until the broker has acknowledged it."""
        number = 0
        while not self.stopping.is_set():
            if not self._until_acknowledged(number):
                return
            self.acknowledged.add(number)
            number += 1

    def _until_acknowledged(self, number: int) -> bool:
        until = time.monotonic() + PATIENCE
        body = {"value": number % 10, "time": (self.begin_us + number * 1_000) / 1_000}
        while time.monotonic() < until:
            with suppress(OSError, AssertionError):
                if self._person().say(f"things/{self.code}/level", body):
                    return True
            self._hang_up()
            time.sleep(0.2)
        self.fault = f"{self.code}: no acknowledgement in {PATIENCE} s"
        return False

    _one: Person | None = None

    def _person(self) -> Person:
        if self._one is None or not self._one.inside:
            self._hang_up()
            self._one = Person(self.address, self.code, self.password).enter(keep=True)
            assert self._one.inside, self._one.told
        return self._one

    def _hang_up(self) -> None:
        if self._one is not None:
            with suppress(OSError):
                self._one.leave()
        self._one = None
