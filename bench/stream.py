"""The live stream to 1,000 clients in five scopes: from a report's commit to its arrival there.

Product: bursts of reports through the product's own intake, told by the node's stream process; p50
and p99 are of single reports, ten a second, from the return of the commit to each client's receipt
(the stream looks for news every 100 ms). Reference: the same bytes to the same clients from a bare
asyncio server. Limit: the same bytes by plain blocking `sendall`, socket after socket.
"""

import asyncio
import multiprocessing
import re
import socket
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

import numpy as np

from chengyun.app.supervisor.node import Node
from chengyun.cases import verbs as cases
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.people import verbs as people
from chengyun.people.reads import organisation_for
from chengyun.places.models import Region

NAME = "stream"
UNIT = "deliveries/s"
CLIENTS = 1_000
SCOPES = 5
KEYS_A_SCOPE = 4  # a key may listen in at most 50 places
SINGLE, PAUSE = 60, 0.1
BURSTS, BURST = 8, 100
_ID = re.compile(rb'data: \{"id":"([0-9a-f-]{36})"')


def run(node: Node | None) -> dict[str, object]:
    """Measure on a running node; adds simulated reports to its city."""
    assert node is not None
    keys, spots = _scopes()
    asks = [
        _request(node.state.stream, keys[n % SCOPES][n // SCOPES % KEYS_A_SCOPE])
        for n in range(CLIENTS)
    ]
    host = urlsplit(node.state.stream)
    listeners = Listeners((host.hostname or "", host.port or 0), asks)
    try:
        cases.report_batch(SYSTEM, now=system_clock.now(), items=_items(spots, 10))
        time.sleep(1)
        committed = [_commit(spots[n % len(spots) :] + spots, 1) for n in range(SINGLE)]
        time.sleep(1)
        bursts = [_commit(spots, BURST, wait=2.0) for _ in range(BURSTS)]
        heard = listeners.stop()
    finally:
        listeners.kill()
    single = [one for at, ids in committed for one in _delays(heard["times"], ids, at)]
    assert len(single) >= SINGLE * CLIENTS // SCOPES, "a report did not reach its listeners"
    product = _rate(heard["times"], bursts)
    chunks = [_chunks(heard["bytes"], ids) for _, ids in bursts]
    p50, p99 = np.percentile(single, [50, 99]) * 1000
    return {
        "product": round(product),
        "reference": round(_other(bare_asyncio, asks, chunks)),
        "reference_name": "bare asyncio server, the same bytes",
        "limit": round(_other(plain_sends, asks, chunks)),
        "limit_name": "blocking sendall, the same bytes",
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
    }


def _scopes() -> tuple[list[list[str]], list[tuple[float, float]]]:
    """Keys of the city and four districts, and a point in each of these districts."""
    now = system_clock.now()
    city = Region.objects.filter(level="city", valid_to=None).order_by("area_no").first()
    assert city is not None
    districts = Region.objects.filter(parent_no=city.area_no, valid_to=None).order_by("area_no")
    keys, spots = [], []
    for region in [city, *districts]:
        unit = organisation_for(region.area_no, "dispatcher", now=now)
        if unit is None or len(keys) == SCOPES:
            continue
        keys.append(
            [
                people.issue_key("dispatcher", unit.id, region.area_no, now=now)
                for _ in range(KEYS_A_SCOPE)
            ]
        )
        if region is not city:
            spots.append((region.center_lon, region.center_lat))
    assert len(keys) == SCOPES, "the city needs four districts with a command centre"
    return keys, spots


def _request(stream: str, key: str) -> bytes:
    parts = urlsplit(stream)
    return (
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {key}\r\n\r\n"
    ).encode()


def _items(spots: Sequence[tuple[float, float]], count: int) -> tuple[cases.Intake, ...]:
    return tuple(
        cases.Intake(text=f"压测 {n}", source="collector", lon=lon, lat=lat, simulated=True)
        for n in range(count)
        for lon, lat in [spots[n % len(spots)]]
    )


def _commit(
    spots: Sequence[tuple[float, float]], count: int, wait: float = PAUSE
) -> tuple[float, list[str]]:
    """Report, and when that was committed; then wait until it has surely arrived."""
    done = cases.report_batch(SYSTEM, now=system_clock.now(), items=_items(spots, count))
    at = time.monotonic()
    assert done["count"] == count, done["results"][0]
    time.sleep(wait)
    return at, [one["id"] for one in done["results"]]


def _delays(times: dict[str, list[float]], ids: Sequence[str], at: float) -> list[float]:
    return [heard - at for one in ids for heard in times.get(one, [])]


def _rate(times: dict[str, list[float]], bursts: Sequence[tuple[float, list[str]]]) -> float:
    """Deliveries a second, from each commit to its last delivery."""
    told = [_delays(times, ids, at) for at, ids in bursts]
    assert all(len(one) >= BURST * CLIENTS // SCOPES for one in told)
    return sum(map(len, told)) / sum(map(max, told))


def _chunks(bytes_of: dict[int, dict[str, bytes]], ids: Sequence[str]) -> list[bytes]:
    """What one client of each scope got of a burst."""
    return [b"".join(bytes_of[scope].get(one, b"") for one in ids) for scope in range(SCOPES)]


class Listeners:
    """The clients, in a process of their own."""

    def __init__(self, address: tuple[str, int], asks: Sequence[bytes]) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = _START.Process(target=_listen, args=(address, asks, theirs), daemon=True)
        self._process.start()
        assert self._pipe.poll(60), "the clients did not get in"
        assert self._pipe.recv() == CLIENTS

    def stop(self) -> dict[str, Any]:
        """End, and what was heard: receipt times by id; by scope one client's bytes by id."""
        self._pipe.send("stop")
        found: dict[str, Any] = self._pipe.recv()
        return found

    def kill(self) -> None:
        """Leave nothing behind."""
        self._process.kill()
        self._process.join()


class _Client(asyncio.Protocol):
    def __init__(self, number: int, ask: bytes, heard: dict[str, Any], entered: Any) -> None:
        self.number, self.ask, self.heard, self.entered = number, ask, heard, entered
        self.tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.ask)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        if self.entered:
            self.entered()
            self.entered = None
        *blocks, self.tail = (self.tail + data).split(b"\n\n")
        for block in blocks:
            found = _ID.search(block)
            if found:
                ident = found[1].decode()
                self.heard["times"].setdefault(ident, []).append(now)
                if self.number < SCOPES:
                    start = block.find(b"id: ")  # behind the framing of the transfer
                    self.heard["bytes"][self.number][ident] = block[start:] + b"\n\n"


def _listen(address: tuple[str, int], asks: Sequence[bytes], pipe: Connection) -> None:
    async def main() -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        heard: dict[str, Any] = {"times": {}, "bytes": {n: {} for n in range(SCOPES)}}
        count, all_in = 0, asyncio.Event()

        def entered() -> None:
            nonlocal count
            count += 1
            if count == len(asks):
                all_in.set()

        for number, ask in enumerate(asks):
            await loop.create_connection(
                lambda n=number, a=ask: _Client(n, a, heard, entered), *address
            )
        await all_in.wait()
        pipe.send(count)
        await loop.run_in_executor(None, pipe.recv)
        await asyncio.sleep(0.5)
        return heard

    pipe.send(asyncio.run(main()))


def _other(serve: Any, asks: Sequence[bytes], chunks: Sequence[list[bytes]]) -> float:
    """Deliveries a second of another server that is given the same bytes."""
    pipe, theirs = multiprocessing.Pipe()
    server = _START.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    listeners = None
    try:
        listeners = Listeners(("127.0.0.1", pipe.recv()), asks)
        began = []
        for parts in chunks:
            began.append((time.monotonic(), _ids(parts)))
            pipe.send(parts)
            time.sleep(2.0)
        return _rate(listeners.stop()["times"], began)
    finally:
        if listeners:
            listeners.kill()
        server.kill()


def _ids(parts: Sequence[bytes]) -> list[str]:
    return sorted({one.decode() for part in parts for one in _ID.findall(part)})


_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: connected\n\n"


def bare_asyncio(pipe: Connection) -> None:
    """Clients are numbered as they come; chunk n goes to every fifth of them."""

    async def main() -> None:
        writers: list[asyncio.StreamWriter] = []

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writers.append(writer)
            writer.write(_HEAD)

        server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096)
        pipe.send(server.sockets[0].getsockname()[1])
        loop = asyncio.get_running_loop()
        while True:
            parts = await loop.run_in_executor(None, pipe.recv)
            for number, writer in enumerate(writers):
                writer.write(parts[number % SCOPES])

    asyncio.run(main())


def plain_sends(pipe: Connection) -> None:
    """The same without an event loop."""
    door = socket.create_server(("127.0.0.1", 0), backlog=4096)
    pipe.send(door.getsockname()[1])
    clients = []
    for _ in range(CLIENTS):
        client, _ = door.accept()
        client.recv(4096)
        client.sendall(_HEAD)
        clients.append(client)
    while True:
        parts = pipe.recv()
        for number, client in enumerate(clients):
            client.sendall(parts[number % SCOPES])


_START = multiprocessing.get_context("fork")
