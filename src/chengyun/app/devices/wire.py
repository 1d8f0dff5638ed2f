"""The NATS protocol, as much of it as an intake needs: whole batches of frames at a time.

Source: NATS client protocol (INFO, CONNECT, PUB, SUB, MSG, HMSG, PING, PONG, -ERR). The general
client spends more on a message than we do on reading, storing and acknowledging it.
"""

import socket
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

_CHUNK = 1 << 18
_ANSWERS = b"_INBOX.cy.answers"


class Broken(Exception):
    """The connection ended, or the broker refused something; the message says what."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: its subject, where to acknowledge it, its headers (raw) and payload."""

    subject: bytes
    reply: bytes
    head: bytes
    payload: bytes


def split(data: bytes) -> tuple[list[Frame], int, bytes]:
    """Cut complete frames off received bytes.

    Returns:
        The messages, how many bytes they and the signs between them took, and what we must answer.

    Raises:
        Broken: the broker reports an error, or says what the protocol does not know.
    """
    found: list[Frame] = []
    answer = b""
    at = 0
    while (end := data.find(b"\r\n", at)) >= 0:
        line = data[at:end]
        if line[:4] == b"MSG " or line[:5] == b"HMSG ":
            words = line.split(b" ")
            size = int(words[-1])
            start = end + 2
            if len(data) < start + size + 2:
                break
            headed = line[:1] == b"H"
            cut = start + (int(words[-2]) if headed else 0)
            reply = words[3] if len(words) == (6 if headed else 5) else b""
            payload = data[cut : start + size]
            found.append(Frame(words[1], reply, data[start:cut], payload))
            at = start + size + 2
            continue
        if line == b"PING":
            answer += b"PONG\r\n"
        elif line[:4] == b"-ERR":
            raise Broken(line.decode(errors="replace"))
        elif line[:4] not in (b"PONG", b"+OK", b"INFO"):
            raise Broken(f"unknown sign {line[:40]!r}")
        at = end + 2
    return found, at, answer


@dataclass
class Wire:
    """One connection, for one thread."""

    address: str
    user: str
    password: str
    _socket: socket.socket | None = None
    _rest: bytes = b""
    _waiting: list[Frame] = field(default_factory=list)

    def open(self) -> None:
        """Connect and sign in.

        Raises:
            Broken: nobody answers there, or not to us.
        """
        self.close()
        parts = urlsplit(self.address)
        try:
            self._socket = socket.create_connection((parts.hostname, parts.port), timeout=10)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise Broken(str(error)) from error
        options = {
            "verbose": False,
            "pedantic": False,
            "headers": True,
            "no_responders": True,
            "user": self.user,
            "pass": self.password,
            "name": "intake",
            "lang": "chengyun",
            "version": "1",
            "protocol": 1,
        }
        self.send(b"CONNECT %b\r\nPING\r\n" % orjson.dumps(options))
        self.subscribe(_ANSWERS, 1)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest, self._waiting = None, b"", []

    def send(self, data: bytes) -> None:
        """Send protocol lines.

        Raises:
            Broken: the connection ended.
        """
        if self._socket is None:
            raise Broken("not connected")
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise Broken(str(error)) from error

    def subscribe(self, subject: bytes, number: int) -> None:
        """Hear a subject."""
        self.send(b"SUB %b %d\r\n" % (subject, number))

    def publish(self, subject: bytes, payload: bytes = b"", reply: bytes = b"") -> None:
        """Say something on a subject."""
        self.send(b"PUB %b %b %d\r\n%b\r\n" % (subject, reply, len(payload), payload))

    def acknowledge(self, frames: Iterable[Frame]) -> None:
        """Acknowledge messages of a stream, all in one go."""
        self.send(b"".join(b"PUB %b 0\r\n\r\n" % frame.reply for frame in frames if frame.reply))

    def take(self, seconds: float) -> Sequence[Frame]:
        """What came, at the latest after so long; maybe nothing.

        Raises:
            Broken: the connection ended.
        """
        if self._waiting:
            found, self._waiting = self._waiting, []
            return found
        if self._socket is None:
            raise Broken("not connected")
        self._socket.settimeout(max(seconds, 0.001))
        try:
            data = self._socket.recv(_CHUNK)
        except TimeoutError:
            return []
        except OSError as error:
            raise Broken(str(error)) from error
        finally:
            self._socket.settimeout(10)
        if not data:
            raise Broken("the broker hung up")
        whole = self._rest + data
        found, taken, answer = split(whole)
        self._rest = whole[taken:]
        if answer:
            self.send(answer)
        return found

    def ask(self, subject: str, body: Any = None, seconds: float = 5.0) -> dict[str, Any]:
        """Ask the broker's own interface.

        Raises:
            Broken: no answer in time.
        """
        self.publish(subject.encode(), orjson.dumps(body) if body is not None else b"", _ANSWERS)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            others = []
            answer: dict[str, Any] | None = None
            for frame in self.take(until - time.monotonic()):
                if frame.subject == _ANSWERS and answer is None:
                    if not frame.payload:
                        raise Broken(f"nobody answers {subject}")
                    answer = orjson.loads(frame.payload)
                else:
                    others.append(frame)
            if answer is not None:
                self._waiting += others
                return answer
            self._waiting += others
        raise Broken(f"no answer to {subject} in {seconds:.0f} s")
