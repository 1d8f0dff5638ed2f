"""Many MQTT 3.1.1 devices out of one thread: publish at quality 1 and count acknowledgements.

Written on the bare protocol, so that the measured side is the broker's and not a client library's.
"""

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import Event, Process
from typing import Any, Self

# Unacknowledged messages a device may have.
WINDOW = 16


def _text(value: str) -> bytes:
    raw = value.encode()
    return len(raw).to_bytes(2, "big") + raw


def _packet(kind: int, body: bytes) -> bytes:
    size, left = b"", len(body)
    while True:
        left, digit = divmod(left, 128)
        size += bytes([digit | (0x80 if left else 0)])
        if not left:
            return bytes([kind]) + size + body


def connect_packet(client: str, user: str, password: str) -> bytes:
    """CONNECT with a clean session."""
    flags = (0xC0 if user else 0) | 0x02
    body = _text("MQTT") + bytes([4, flags, 0, 60]) + _text(client)
    return _packet(0x10, body + (_text(user) + _text(password) if user else b""))


def publish_packet(topic: str, payload: bytes, ident: int) -> bytes:
    """PUBLISH at quality 1."""
    return _packet(0x32, _text(topic) + ident.to_bytes(2, "big") + payload)


@dataclass
class Device:
    """One connection."""

    code: str
    password: str
    user: str | None = None
    line: socket.socket | None = None
    ident: int = 0
    sent: int = 0
    acknowledged: int = 0
    unread: bytes = b""

    def open(self, host: str, port: int) -> None:
        """Connect and be let in."""
        self.line = socket.create_connection((host, port), timeout=30)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        user = self.code if self.user is None else self.user
        self.line.sendall(connect_packet(self.code, user, self.password))
        answer = self.line.recv(4)
        assert answer == b"\x20\x02\x00\x00", answer

    def say(self, count: int, payload: Callable[[int], bytes]) -> None:
        """Send so many messages in one go."""
        assert self.line is not None
        out = []
        for _ in range(count):
            self.ident = self.ident % 65_535 + 1
            topic = f"things/{self.code}/mqtt_level"
            out.append(publish_packet(topic, payload(self.sent), self.ident))
            self.sent += 1
        self.line.sendall(b"".join(out))

    def hear(self) -> int:
        """Read acknowledgements; how many."""
        assert self.line is not None
        data = self.unread + self.line.recv(65_536)
        assert data, "the broker hung up"
        whole = len(data) // 4
        # Nothing but PUBACK (four bytes) comes to a device that subscribes to nothing.
        assert all(data[at] == 0x40 for at in range(0, whole * 4, 4)), data[:8]
        self.unread = data[whole * 4 :]
        self.acknowledged += whole
        return whole


@dataclass
class Fleet:
    """Devices that speak as fast as they are acknowledged, or at a given rate together."""

    host: str
    port: int
    devices: Sequence[Device]
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def open(self) -> None:
        """Connect everybody."""
        for device in self.devices:
            device.open(self.host, self.port)
            assert device.line is not None
            device.line.setblocking(True)
            self.selector.register(device.line, selectors.EVENT_READ, device)

    def run(self, total: int, payload: Callable[[int], bytes]) -> float:
        """Have `total` messages published and acknowledged; the seconds it took."""
        each = total // len(self.devices)
        goal = {id(device): device.sent + each for device in self.devices}
        left = each * len(self.devices)
        began = time.perf_counter()
        for device in self.devices:
            device.say(min(WINDOW, each), payload)
        while left:
            for key, _ in self.selector.select(30):
                device = key.data
                heard = device.hear()
                left -= heard
                more = min(heard, goal[id(device)] - device.sent)
                if more > 0:
                    device.say(more, payload)
        return time.perf_counter() - began

    def close(self) -> None:
        """Hang up."""
        for device in self.devices:
            if device.line is not None:
                device.line.close()
        self.selector.close()


def _read_packets(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """Complete packets as (first byte, body), and what is left."""
    found = []
    at = 0
    while len(data) - at >= 2:
        size, shift, cursor = 0, 0, at + 1
        while cursor < len(data):
            digit = data[cursor]
            size |= (digit & 0x7F) << shift
            shift, cursor = shift + 7, cursor + 1
            if not digit & 0x80:
                break
        else:
            break
        if len(data) < cursor + size:
            break
        found.append((data[at], data[cursor : cursor + size]))
        at = cursor + size
    return found, data[at:]


def _read(host: str, port: int, wanted: int, ready: Any, done: Any) -> None:
    line = socket.create_connection((host, port), timeout=60)
    line.sendall(connect_packet("reader", "", ""))
    line.sendall(_packet(0x82, b"\0\1" + _text("things/#") + b"\1"))
    heard, rest = 0, b""
    while heard < wanted:
        packets, rest = _read_packets(rest + line.recv(1 << 18))
        answer = []
        for kind, body in packets:
            if kind & 0xF0 == 0x90:
                ready.set()
            if kind & 0xF0 == 0x30:
                heard += 1
                after = 2 + int.from_bytes(body[:2], "big")
                answer.append(b"\x40\x02" + body[after : after + 2])
        line.sendall(b"".join(answer))
    done.set()


class Reader:
    """A subscriber in a process of its own that acknowledges so many messages and is done."""

    def __init__(self, host: str, port: int, wanted: int) -> None:
        self._ready, self._done = Event(), Event()
        self._process = Process(target=_read, args=(host, port, wanted, self._ready, self._done))

    def __enter__(self) -> Self:
        self._process.start()
        assert self._ready.wait(20), "the reader may not subscribe"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()

    def wait(self) -> None:
        """Until it has everything."""
        assert self._done.wait(120), "messages are missing"
