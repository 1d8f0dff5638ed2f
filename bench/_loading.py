"""A load on a node's own port: keep-alive connections, closed loop or at a fixed rate.

Plain sockets, since the load runs on the cores it measures.
"""

import json
import os
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson

from chengyun.app.supervisor.linux import children_of
from chengyun.app.supervisor.node import Node
from chengyun.cases.models import Case


class Line:
    """One keep-alive connection. Not for several threads at once."""

    def __init__(self, address: str, token: str) -> None:
        parts = urlsplit(address)
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._rest = b""
        self._head = (
            f" HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\n"
        )

    def ask(self, method: str, path: str, body: bytes = b"", key: str = "") -> tuple[int, bytes]:
        """Status and body of the answer."""
        said = f"Idempotency-Key: {key}\r\n" if key else ""
        head = f"{method} {path}{self._head}{said}Content-Length: {len(body)}\r\n\r\n"
        self._socket.sendall(head.encode() + body)
        while b"\r\n\r\n" not in self._rest:
            self._read()
        head_bytes, _, self._rest = self._rest.partition(b"\r\n\r\n")
        length = 0
        for line in head_bytes.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(self._rest) < length:
            self._read()
        answer, self._rest = self._rest[:length], self._rest[length:]
        return int(head_bytes[9:12]), answer

    def _read(self) -> None:
        read = self._socket.recv(262_144)
        if not read:
            raise ConnectionError("the node hung up")
        self._rest += read

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


# A machine too slow or too busy for the whole load is measured on what it managed.
MOST_SECONDS = 20.0


@dataclass
class Measured:
    """What a load came to: seconds from first to last, each request's seconds, ids kept."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    # Which requests were still running at which instant does not matter to sums.
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


def load(
    node: Node,
    token: str,
    path: str,
    bodies: Sequence[bytes],
    *,
    lines: int,
    rate: float = 0.0,
    seconds: float = MOST_SECONDS,
) -> Measured:
    """Send every body once, or as many as there is time for.

    Args:
        lines: connections, each with a thread.
        rate: requests a second at fixed instants (an answer's time then counts from its instant,
            so that a stall is paid by all who wait behind it); 0: as fast as answers come.
        seconds: nothing is sent after so long, however many bodies are left.

    Raises:
        AssertionError: an answer that is no success.
    """
    done = Measured()
    following = iter(range(len(bodies)))
    ready = threading.Barrier(lines + 1)
    began = [0.0]
    faults: list[str] = []

    def work() -> None:
        line = Line(node.address, token)
        # Wakes the connection's database session in the node before the clock runs.
        line.ask("GET", "/api/v1/cases/counts")
        took, answers = [], []
        ready.wait()
        ready.wait()
        while not faults:
            with done.lock:
                index = next(following, None)
            start = time.perf_counter()
            if index is None or start - began[0] > seconds:
                break
            if rate:
                due = began[0] + index / rate
                time.sleep(max(0.0, due - start))
                start = due
            status, answer = line.ask("POST", path, bodies[index], key=str(uuid4()))
            took.append(time.perf_counter() - start)
            answers.append(answer)
            if status not in (200, 201):
                faults.append(f"{status} {answer[:300]!r}")
        line.close()
        with done.lock:
            done.took += took
            done.answers += answers

    threads = [threading.Thread(target=work, daemon=True) for _ in range(lines)]
    for thread in threads:
        thread.start()
    ready.wait()
    began[0] = time.perf_counter()
    ready.wait()
    for thread in threads:
        thread.join()
    done.seconds = time.perf_counter() - began[0]
    if faults:
        raise AssertionError(faults[0])
    return done


def token(node: Node, post: str = "acceptor", area: str = "310000") -> str:
    """A key of the demo's city."""
    return node.answer("token", "--post", post, "--area", area).strip()


# The built-up part of the demo's city, in degrees.
_BOX = (121.40, 31.18, 121.50, 31.28)
_SOURCES = ("hotline", "public", "leader", "video")


def reports(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Bodies of seeded reports of exposed litter, with points all over the city."""
    # Another run on the same node reports elsewhere: the same places would look like duplicates.
    random = Random(f"{seed}:{Case.objects.count()}")
    west, south, east, north = _BOX
    return [
        {
            # A report of unknown kind waits for a person; here all go the whole way.
            "kind": "GBT30428.2/event/0110",
            "condition": "exposed",
            "text": f"路边垃圾堆积，第{number}处",
            "lon": random.uniform(west, east),
            "lat": random.uniform(south, north),
            "address": f"人民路{random.randrange(900)}号",
            "attributes": {},
            "source": source,
            "contact": {"name": "张三", "phone": "13800000000"} if source == "hotline" else None,
            "simulated": True,
        }
        for number in range(count)
        for source in [random.choice(_SOURCES)]
    ]


def as_bodies(found: Sequence[Any]) -> list[bytes]:
    """JSON of each."""
    return [orjson.dumps(one) for one in found]


def cpu_seconds(node: Node) -> float:
    """Processor time of all the node's processes so far: what a busy machine tells truly."""
    found, left = 0.0, [node.state.pid]
    while left:
        pid = left.pop()
        with suppress(OSError):
            fields = (
                Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            )
            # User and system time, own and of children that ended.
            found += sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")
            left += children_of(pid)
    return found


def conditions() -> dict[str, object]:
    """How busy the machine is besides us."""
    return {"load_average": [round(one, 1) for one in os.getloadavg()]}


def as_line(found: dict[str, object]) -> str:
    """One line, for looking at by hand."""
    return json.dumps(found, ensure_ascii=False)
