"""A live stream that is cut goes on where it stopped: nothing missed, nothing told twice."""

import http.client
import json
import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from chengyun.app.supervisor import state
from tests.faults.conftest import Town, wait_for
from tests.faults.driving import Driven

pytestmark = pytest.mark.faults


@dataclass
class Listener:
    """Reads as a browser does: reconnects by itself and says how far it came."""

    url: str
    token: str
    told: list[tuple[str, int]] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    resets: int = 0
    opened: int = 0
    last: str = ""
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Listen until told to stop."""
        while not self.stopping.is_set():
            with suppress(OSError, http.client.HTTPException):
                self._listen()
            time.sleep(0.2)

    def _listen(self) -> None:
        parts = urlsplit(self.url)
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "text/event-stream"}
        if self.last:
            headers["Last-Event-ID"] = self.last
        line.request("GET", parts.path, headers=headers)
        answer = line.getresponse()
        if answer.status != 200:
            # The stream is just starting: ask again.
            raise ConnectionError(answer.status)
        self.opened += 1
        line.sock.settimeout(20)
        block: dict[str, str] = {}
        while not self.stopping.is_set():
            line_read = answer.readline()
            if not line_read.endswith(b"\n"):
                # As a browser does: what was cut off half-way was never received.
                raise ConnectionError("the stream was cut")
            said = line_read.decode().rstrip("\n")
            if said:
                name, _, value = said.partition(": ")
                block[name] = value
                continue
            if not block:
                raise ConnectionError("the stream ended")
            self._take(block)
            block = {}
        line.close()

    def _take(self, block: dict[str, str]) -> None:
        if block.get("event") == "case":
            case = json.loads(block["data"])
            self.told.append((case["id"], case["version"]))
            xid, _, seq = block["id"].partition("-")
            self.places.append((int(xid), int(seq)))
        elif block.get("event") == "reset":
            self.resets += 1
        # Only a whole block counts as received.
        self.last = block.get("id", self.last)


def test_a_cut_stream_misses_nothing(town: Town) -> None:
    listener = Listener(town.node.state.stream, town.keys["acceptor"])
    thread = threading.Thread(target=listener.run)
    thread.start()
    wait_for(lambda: listener.opened)
    driven = Driven(town.node.address, town.keys)
    drivers = driven.start(2)
    for _ in range(2):
        least = len(driven.reports) + 5
        wait_for(lambda least=least: len(driven.reports) > least and listener.told)
        before = listener.opened
        found = state.read(town.node.folder)
        assert found is not None
        os.kill(found.processes["stream"].pid or 0, signal.SIGKILL)
        wait_for(lambda before=before: listener.opened > before)
    driven.stopping.set()
    for driver in drivers:
        driver.join()
    assert driven.faults == []

    versions = dict.fromkeys(driven.reports, 0)
    versions |= {ident: version for ident, _, version in driven.moves.values()}

    def complete() -> bool:
        latest: dict[str, int] = {}
        for ident, version in list(listener.told):
            latest[ident] = max(version, latest.get(ident, 0))
        return all(ident in latest and latest[ident] >= least for ident, least in versions.items())

    wait_for(complete)
    listener.stopping.set()
    thread.join()
    assert listener.resets == 0
    # A message is the picture of a case at a place in the events. Two places may show the same
    # version (the row was ahead of the event), one place is never told again.
    assert listener.places == sorted(set(listener.places)), "a place was told twice or out of order"
