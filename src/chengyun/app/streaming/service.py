"""The stream's ASGI application: lets listeners in, keeps them fed, and lets them go."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

import orjson
from django.db import Error as DatabaseFault

from chengyun.app.streaming import sse
from chengyun.app.streaming.doorman import Admission, Doorman
from chengyun.app.streaming.mapped import MapWatch
from chengyun.app.streaming.origins import Origins, cross_origin
from chengyun.app.streaming.poller import Poller
from chengyun.app.streaming.presence import Watch
from chengyun.app.streaming.sensed import SenseWatch
from chengyun.app.streaming.signals import also_on_signal
from chengyun.app.streaming.source import Position, Recent, Source, in_database
from chengyun.app.streaming.wire import Ask, Asked, Headers, Receive, Send, answer, chunk, refuse
from chengyun.kernel import live
from chengyun.kernel.live import Client, Hub, Message, chunk_for, cursor_of
from chengyun.kernel.problems import (
    NotFound,
    Problem,
    TooMany,
    Unauthenticated,
    Unavailable,
)

log = logging.getLogger(__name__)
R = TypeVar("R")

_STREAM_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
_JOINED = 64 * 1024


class Gauge(Protocol):
    """Counts who listens, for the node's metrics."""

    def set(self, value: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds and rhythms, in seconds where nothing else is said."""

    clients: int = 5_000
    clients_a_ticket: int = 50
    poll: float = 0.1
    ping: float = 15.0
    check: float = 4.0
    retry_ms: int = 2_000
    threads: int = 4
    # How often it is looked who is on which case.
    look: float = 1.0
    # How often it is looked whether the map changed.
    look_at_map: float = 0.5
    # How often it is looked, and at most told, whether readings came in.
    look_at_senses: float = 1.0
    # One that takes nothing for so long has gone without a word.
    stall: float = 60.0


class Stream:
    """One process's stream.

    Args:
        cookie: the name of the session's cookie.
        beat: called in a thread at every read of the events that worked.
        gauge: told how many listen, whenever that is looked at.
        watch: looks who is on which case; without it nobody is told.
        map_watch, sense_watch: look which parts of the map changed, and whether readings came in.
    """

    def __init__(
        self,
        doorman: Doorman,
        source: Source,
        origins: Origins,
        *,
        cookie: str,
        limits: Limits | None = None,
        beat: Callable[[], None] = lambda: None,
        gauge: Gauge | None = None,
        watch: Watch | None = None,
        map_watch: MapWatch | None = None,
        sense_watch: SenseWatch | None = None,
    ) -> None:
        self.hub = Hub()
        self.limits = limits or Limits()
        self._doorman, self._source, self._origins = doorman, source, origins
        self._cookie, self._beat, self._gauge = cookie, beat, gauge
        self._watch, self._map_watch, self._sense_watch = watch, map_watch, sense_watch
        self._recent = Recent(live.RECENT_MAX)
        self._admitted: dict[Client, Admission] = {}
        self._tickets: Counter[str] = Counter()
        self._tasks: dict[Client, asyncio.Task[Any] | None] = {}
        self._sending: dict[Client, float] = {}
        self._entering = 0
        self._ready = False
        self._closing = False
        self._poller: Poller | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._keeping: list[asyncio.Task[None]] = []

    async def __call__(self, ask: Ask, receive: Receive, send: Send) -> None:
        """ASGI's door."""
        if ask["type"] == "lifespan":
            await self._live(receive, send)
        elif ask["type"] == "http":
            await self._http(Asked(ask), receive, send)

    # Life ------------------------------------------------------------------------------------

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def start(self) -> None:
        """Begin to read; called on the loop, after the server forked."""
        loop = asyncio.get_running_loop()
        self._pool = ThreadPoolExecutor(self.limits.threads, thread_name_prefix="stream")
        self._poller = Poller(
            self._source,
            loop,
            deliver=self._deliver,
            away=self._tell,
            skipped=partial(self._reset_all, reason="skipped"),
            beat=self._beat,
            pause=self.limits.poll,
        )
        self._poller.start()
        self._keeping = [loop.create_task(self._check()), loop.create_task(self._ping())]
        if self._watch is not None:
            self._keeping.append(loop.create_task(self._look(self._watch)))
        for one, every in (
            (self._map_watch, self.limits.look_at_map),
            (self._sense_watch, self.limits.look_at_senses),
        ):
            if one is not None:
                self._keeping.append(loop.create_task(self._look_on(one, every)))
        also_on_signal(loop, self.let_go)

    def let_go(self) -> None:
        """Take nobody more, end every stream after what is queued."""
        self._closing = True
        for client in self.hub.clients():
            client.close()

    async def stop(self) -> None:
        """Let everybody go and end the threads."""
        self.let_go()
        for task in self._keeping:
            task.cancel()
        if self._poller is not None:
            self._poller.stop()
            await asyncio.to_thread(self._poller.join, 5)
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], R]) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(in_database, work))

    # News ------------------------------------------------------------------------------------

    def _deliver(self, messages: Sequence[Message], position: Position) -> None:
        self._recent.add(messages, self.hub.position, position)
        self.hub.send(messages, position)
        self._ready = True

    def _tell(self, sentence: str) -> None:
        said = sse.comment(sentence)
        for client in self.hub.clients():
            client.push(said)

    def _reset_all(self, position: Position, reason: str) -> None:
        self.hub.position = position
        self._recent = Recent(live.RECENT_MAX)
        for client in self.hub.clients():
            client.push(sse.reset(position, reason))

    async def _ping(self) -> None:
        """Queued behind all that was told so far, so that the place it marks is reached."""
        while True:
            await asyncio.sleep(self.limits.ping)
            said = sse.ping(self.hub.position)
            for client in self.hub.clients():
                client.push(said)

    async def _look(self, watch: Watch) -> None:
        """Tell who came to a case and who left it; nobody listens, nobody looks."""
        while True:
            await asyncio.sleep(self.limits.look)
            if not len(self.hub):
                continue
            try:
                self.hub.tell(await self._in_thread(watch.look))
            except DatabaseFault:
                continue
            except Exception:
                log.exception("who is on which case cannot be told")

    async def _look_on(self, watch: MapWatch | SenseWatch, every: float) -> None:
        """Tell what changed on the map, or that readings came in; looks on while nobody listens,
        so that whoever joins hears of what comes after."""
        while True:
            await asyncio.sleep(every)
            try:
                said = await self._in_thread(watch.look)
            except DatabaseFault:
                continue
            except Exception:
                log.exception("a change cannot be told")
                continue
            for client in self.hub.clients() if said else ():
                client.push(said)

    def _drop_stalled(self) -> None:
        before = time.monotonic() - self.limits.stall
        for client, since in list(self._sending.items()):
            task = self._tasks.get(client)
            if since < before and task is not None:
                task.cancel()

    async def _check(self) -> None:
        """See that everybody who listens still may, and still does."""
        while True:
            await asyncio.sleep(self.limits.check)
            if self._gauge is not None:
                self._gauge.set(len(self.hub))
            self._drop_stalled()
            if not self._admitted:
                continue
            try:
                admitted = {a.ticket: a for a in self._admitted.values()}
                over = await self._in_thread(
                    partial(self._doorman.over, list(self._admitted.values()))
                )
            except DatabaseFault:
                continue  # nothing is told either while the database is away
            except Exception:
                log.exception("who may listen cannot be checked: everybody must knock again")
                over = set(admitted)
            for client in list(self._admitted):
                if client.ticket in over:
                    client.close()

    # Doors -----------------------------------------------------------------------------------

    async def _http(self, asked: Asked, receive: Receive, send: Send) -> None:
        if asked.path == "/healthz":
            body = {
                "alive": True,
                "ready": self._ready,
                "clients": len(self.hub),
                "behind": self.hub.behind(),
            }
            await answer(send, 200, orjson.dumps(body), "application/json")
            return
        headers: Headers = [(b"vary", b"Origin")]
        try:
            headers += cross_origin(self._origins, asked.header("host"), asked.header("origin"))
            if asked.path != "/stream":
                raise NotFound("The live stream is at /stream.")
            if asked.method == "OPTIONS":
                allowed = b"authorization, last-event-id"
                headers.append((b"access-control-allow-headers", allowed))
                headers.append((b"access-control-allow-methods", b"GET"))
                await answer(send, 204, b"", "text/plain", headers)
                return
            if asked.method != "GET":
                problem = Problem("The live stream is read with GET.", code="method_not_allowed")
                problem.status = 405
                raise problem
            admission = await self._admit(asked)
        except Problem as problem:
            await refuse(send, problem, headers)
            return
        await self._serve(asked, admission, headers, receive, send)

    async def _admit(self, asked: Asked) -> Admission:
        if self._closing or not self._ready:
            raise Unavailable("The live stream is starting or stopping.")
        if len(self.hub) + self._entering >= self.limits.clients:
            raise Unavailable("As many listen as this node can serve.", code="full")
        self._entering += 1
        try:
            cookie, bearer = asked.cookie(self._cookie), asked.bearer()
            admission = None
            if cookie or bearer:
                admission = await self._in_thread(partial(self._doorman.admit, cookie, bearer))
        except DatabaseFault as fault:
            raise Unavailable("The database is away; try again.") from fault
        finally:
            self._entering -= 1
        if admission is None:
            raise Unauthenticated("Sign in, or send a valid API key.")
        if self._tickets[admission.ticket] >= self.limits.clients_a_ticket:
            raise TooMany(5, "This session listens in too many places already.")
        return admission

    async def _serve(
        self, asked: Asked, admission: Admission, headers: Headers, receive: Receive, send: Send
    ) -> None:
        client = Client(admission.scope, admission.ticket, admission.person)
        # From here on everything after `joined` comes through the queue.
        self.hub.join(client)
        joined = self.hub.position
        self._admitted[client] = admission
        self._tasks[client] = asyncio.current_task()
        self._tickets[admission.ticket] += 1
        watching = asyncio.ensure_future(_until_gone(receive, client))
        last = asked.header("last-event-id") or asked.query("last_event_id")
        try:
            start: dict[str, Any] = {"type": "http.response.start", "status": 200}
            await send({**start, "headers": [*_STREAM_HEADERS, *headers]})
            await chunk(send, sse.greeting(None if last else joined, self.limits.retry_ms))
            if last:
                await chunk(send, await self._missed(client, last, joined))
            if self._watch is not None and (here := chunk_for(client.scope, self._watch.all())):
                await chunk(send, here)
            await self._feed(client, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except OSError:
            return  # the connection broke
        finally:
            watching.cancel()
            self.hub.leave(client)
            self._admitted.pop(client, None)
            self._tasks.pop(client, None)
            self._sending.pop(client, None)
            self._tickets[admission.ticket] -= 1
            if not self._tickets[admission.ticket]:
                del self._tickets[admission.ticket]

    async def _missed(self, client: Client, last: str, joined: Position) -> bytes:
        since = cursor_of(last)
        if since is None or since > joined:
            return sse.reset(joined, "unknown")
        messages = self._recent.since(since)
        if messages is not None:
            messages = [m for m in messages if (cursor_of(m.id) or joined) <= joined]
        else:
            try:
                messages = await self._in_thread(
                    partial(self._source.missed, since, joined, live.RESUME_MAX)
                )
            except DatabaseFault:
                messages = None
        if messages is None:
            return sse.reset(joined, "gap")
        return chunk_for(client.scope, messages, client.person) + sse.mark(joined) + b"\n"

    async def _feed(self, client: Client, send: Send) -> None:
        # No timer per delivery: pings come through the queue, and who stands still is seen
        # from outside.
        while True:
            part = await client.take()
            parts, size = [part], len(part or b"")
            while part is not None and size < _JOINED and not client.queue.empty():
                part = client.take_more()
                parts.append(part)
                size += len(part or b"")
            if client.behind and client.queue.empty():
                # Nothing is awaited between here and there: what comes next is after this mark.
                client.behind = False
                parts.insert(-1 if part is None else len(parts), self._behind())
            self._sending[client] = time.monotonic()
            await chunk(send, b"".join(piece for piece in parts if piece))
            del self._sending[client]
            if part is None:
                return

    def _behind(self) -> bytes:
        return sse.reset(self.hub.position, "behind")


async def _until_gone(receive: Receive, client: Client) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    client.close()
