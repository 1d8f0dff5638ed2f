"""A real server process of the live stream, and listeners on real sockets."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

HERE = Path(__file__).parent


@dataclass
class Told:
    """One SSE block: its event (empty for a comment), data, id and comments."""

    event: str = ""
    data: str = ""
    id: str = ""
    comment: str = ""

    def json(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.data)
        return body


@dataclass
class Listener:
    """One open stream, read as a browser reads it."""

    socket: socket.socket
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ended: bool = False
    last_id: str = ""
    _raw: bytes = b""
    _said: bytes = b""

    def open(self, request: str) -> "Listener":
        self.socket.sendall(request.encode("latin-1"))
        self.socket.settimeout(15)
        while b"\r\n\r\n" not in self._raw:
            self._more()
            if self.ended:
                raise ConnectionError(f"closed after {self._raw!r}")
        head, _, self._raw = self._raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split()[1])
        for line in lines:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        if "content-length" in self.headers:
            while len(self._raw) < int(self.headers["content-length"]):
                self._more()
            self.body = self._raw
        return self

    def _more(self) -> None:
        got = self.socket.recv(65536)
        self.ended = not got
        self._raw += got

    def _unchunk(self) -> None:
        while b"\r\n" in self._raw:
            size, _, rest = self._raw.partition(b"\r\n")
            length = int(size, 16)
            if len(rest) < length + 2:
                return
            self._said += rest[:length]
            self._raw = rest[length + 2 :]
            if length == 0:
                self.ended = True
                return

    def next(self, seconds: float = 5.0, events_only: bool = False) -> Told | None:
        """The next block, None when the stream ended or nothing came in time."""
        until = time.monotonic() + seconds
        while True:
            self._unchunk()
            if b"\n\n" in self._said:
                block, _, self._said = self._said.partition(b"\n\n")
                told = self._parsed(block.decode())
                if told.event or not events_only:
                    return told
                continue
            left = until - time.monotonic()
            if self.ended or left <= 0:
                return None
            self.socket.settimeout(max(left, 0.01))
            try:
                self._more()
            except TimeoutError:
                return None
            except ConnectionError:
                self.ended = True

    def _parsed(self, block: str) -> Told:
        told = Told()
        for line in block.split("\n"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "":
                told.comment += value
            elif name in {"event", "data", "id"}:
                setattr(told, name, value)
        if told.id:
            self.last_id = told.id
        return told

    def event(self, seconds: float = 5.0) -> Told | None:
        return self.next(seconds, events_only=True)

    def until(self, event: str, seconds: float = 8.0) -> Told:
        """Read on until an event of that name."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            told = self.event(left)
            if told and told.event == event:
                return told
            if self.ended:
                break
        raise AssertionError(f"no {event} came")

    def close(self) -> None:
        self.socket.close()


@dataclass
class Server:
    """A running stream process."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    listeners: list[Listener] = field(default_factory=list)

    def ask(
        self,
        *,
        path: str = "/stream",
        method: str = "GET",
        last_id: str | None = None,
        query_id: str | None = None,
        receive_buffer: int | None = None,
        **headers: str,
    ) -> Listener:
        """Send a request and read the head of the answer."""
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.connect(("127.0.0.1", self.port))
        listener = Listener(sock)
        self.listeners.append(listener)
        told = {"Host": f"127.0.0.1:{self.port}"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        if last_id is not None:
            told["Last-Event-ID"] = last_id
        if query_id is not None:
            path += f"?last_event_id={quote(query_id)}"
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        return listener.open(f"{method} {path} HTTP/1.1\r\n{lines}\r\n")

    def listen(self, key: str, **more: Any) -> Listener:
        """Open a stream with a key; its greeting is read."""
        listener = self.ask(Authorization=f"Bearer {key}", **more)
        assert listener.status == 200, listener.body
        assert (told := listener.next()) is not None
        assert told.comment == "connected"
        return listener

    def health(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.ask(path="/healthz").body)
        return body

    def stop(self, seconds: float = 10.0) -> float:
        """Ask it to end; how long that took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        return time.monotonic() - began


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_database_url() -> str:
    """The test database as a URL for another process."""
    found = connection.get_connection_params()
    host, port = found.get("host", ""), found.get("port", "")
    password = f":{quote(found['password'])}" if found.get("password") else ""
    return (
        f"postgresql://{quote(found.get('user', ''))}{password}@/{found['dbname']}"
        f"?host={quote(host)}" + (f"&port={port}" if port else "")
    )


test_database_url.__test__ = False  # type: ignore[attr-defined]


TOYS = ("--factory", "toy_server:application")


def start(folder: Path, target: tuple[str, ...] = TOYS, **options: Any) -> Server:
    """A stream process on the test database, ready to be listened to."""
    port = free_port()
    log = folder / f"stream-{port}.log"
    environment = os.environ | {
        "CHENGYUN_DATABASE_URL": test_database_url(),
        "CHENGYUN_LOG": "INFO",
        "TOY_OPTIONS": json.dumps(options),
    }
    command = [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--backlog", "4096"),
        *("--backpressure", "20000", "--workers-kill-timeout", "8", *target),
    ]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=HERE, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    server = Server(process, port, log)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if server.health()["ready"]:
                return server
        except OSError:
            assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    server.stop(0)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def common_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with django_db_blocker.unblock():
        server = start(tmp_path_factory.mktemp("stream"), open_door=True, poll=0.02, ping=0.5)
        yield server
        server.stop()


@pytest.fixture
def server(common_server: Server) -> Iterator[Server]:
    """A stream process that lets in by number and is shared by many tests."""
    yield common_server
    for listener in common_server.listeners:
        listener.close()
    common_server.listeners.clear()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start stream processes of a test's own; they end with it."""
    started: list[Server] = []

    def start_one(**options: Any) -> Server:
        server = start(tmp_path, **options)
        started.append(server)
        return server

    yield start_one
    for server in started:
        for listener in server.listeners:
            listener.close()
        server.stop()


@pytest.fixture(scope="session")
def start_server() -> Callable[..., Server]:
    """`start` for fixtures of wider scope."""
    return start
