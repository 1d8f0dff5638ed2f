"""Clients that do not give up: each command is sent under one key until it is answered."""

import http.client
import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.app.world import LITTER

API = "/api/v1"
PATIENCE = 40.0
# A first-street place a report: neighbours farther apart than a possible duplicate.
COLUMNS, STEP = 55, 0.0007


class Line:
    """One connection, made anew when it breaks."""

    def __init__(self, address: str) -> None:
        self._parts = urlsplit(address)
        self._line: http.client.HTTPConnection | None = None

    def once(
        self, method: str, path: str, token: str, body: Any = None, key: str = ""
    ) -> tuple[int, Any]:
        """One try; raises what the network raises."""
        if self._line is None:
            self._line = http.client.HTTPConnection(
                self._parts.hostname or "", self._parts.port, timeout=15
            )
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            said = None if body is None else json.dumps(body)
            self._line.request(method, path, said, headers)
            answer = self._line.getresponse()
            content = answer.read()
        except BaseException:
            self.close()
            raise
        if answer.status >= 500:
            self.close()
        return answer.status, json.loads(content) if content[:1] in (b"{", b"[") else content

    def insist(
        self, method: str, path: str, token: str, body: Any = None, key: str = ""
    ) -> tuple[int, Any]:
        """The answer, however long the node is away: the same key each time."""
        until = time.monotonic() + PATIENCE
        while True:
            with suppress(OSError, http.client.HTTPException):
                status, said = self.once(method, path, token, body, key)
                if status < 500:
                    return status, said
            assert time.monotonic() < until, f"no answer to {method} {path} in {PATIENCE} s"
            time.sleep(0.1)

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
        self._line = None


def report_body(number: int, text: str) -> dict[str, Any]:
    """A report that goes straight to the first street's sanitation."""
    row, column = divmod(number, COLUMNS)
    return {
        "kind": LITTER,
        "condition": "exposed",
        "text": text,
        "lon": round(121.0005 + STEP * column, 6),
        "lat": round(31.0005 + STEP * (row % 27), 6),
        "source": "hotline",
        "contact": {"name": "李四", "phone": "13900000000"},
    }


@dataclass
class Driven:
    """What was acknowledged: reports by id with their words, and moves by key."""

    address: str
    keys: dict[str, str]
    reports: dict[str, tuple[str, str]] = field(default_factory=dict)
    moves: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    _number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, threads: int = 4) -> list[threading.Thread]:
        """Drive until `stopping`; every command begun is carried to its answer."""
        some = [threading.Thread(target=self._drive, args=(seed,)) for seed in range(threads)]
        for one in some:
            one.start()
        return some

    def _drive(self, seed: int) -> None:
        draw, line = Random(seed), Line(self.address)
        try:
            while not self.stopping.is_set():
                self._one(draw, line)
        except AssertionError as fault:
            self.faults.append(str(fault))
        finally:
            line.close()

    def _one(self, draw: Random, line: Line) -> None:
        with self._lock:
            self._number += 1
            number = self._number
        text, key = f"垃圾成堆 {uuid4()}", str(uuid4())
        body = report_body(number, text)
        status, said = line.insist("POST", f"{API}/cases", self.keys["acceptor"], body, key)
        assert status == 201, (status, said)
        self.reports[said["id"]] = (said["no"], text)
        if said["state"] != "pending_handle" or draw.random() < 0.4:
            return
        who, move, params = draw.choice(
            [
                ("dispatcher", "urge", {"note": "请尽快"}),
                ("department", "return_step", {"reason": "不属我单位"}),
            ]
        )
        key = str(uuid4())
        path, ask = f"{API}/cases/{said['id']}/moves", {"move": move, "version": said["version"]}
        status, moved = line.insist("POST", path, self.keys[who], ask | {"params": params}, key)
        assert status == 200, (status, moved)
        self.moves[key] = (said["id"], move, moved["version"])
