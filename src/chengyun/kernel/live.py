"""The live stream: committed events, projected to what a screen shows, to those who may see it.

One thread reads the event table in commit order; the loop hands one prepared chunk to all clients
that share a scope, so cost follows distinct scopes, not clients. A client that reads too slowly is
told to start afresh; nobody waits for it.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from chengyun.kernel.actor import Scope
from chengyun.kernel.events import PastEvent
from chengyun.kernel.registry import Registry

QUEUE_CHUNKS = 256
QUEUE_BYTES = 2 * 2**20
# From the database: a minute at 150 events a second.
RESUME_MAX = 10_000
# From memory, so that a thousand clients that reconnect at once ask the database nothing.
RECENT_MAX = 2_000
PING = b": ping\n\n"
_CURSOR = re.compile(r"([0-9]{1,18})-([0-9]{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class LiveRow:
    """What a screen needs of one subject now: who may see it, and the JSON to send."""

    area_no: int | None
    unit_ids: tuple[UUID, ...]
    payload: bytes
    # Addressed to these people alone, wherever they work.
    people: tuple[UUID, ...] = ()


class Projection(Protocol):
    """Turns subjects into their present rows; a subject that is gone is left out."""

    def __call__(self, subjects: Sequence[UUID]) -> dict[UUID, LiveRow]: ...


# Keyed by the room in front of an event's name ("cases"); the topic is the SSE event type.
projections: Registry[tuple[str, Projection]] = Registry("live projection")


@dataclass(frozen=True, slots=True)
class Message:
    """One prepared SSE message and whom it is for."""

    id: str
    subject: UUID
    row: LiveRow | None
    # Areas and units of all the changes told at once: who may have seen it before.
    areas: tuple[int, ...]
    units: tuple[UUID, ...]
    shown: bytes
    gone: bytes

    @property
    def people(self) -> tuple[UUID, ...]:
        """Whom it is addressed to; nobody: it is for whoever sees the subject."""
        return self.row.people if self.row else ()


def cursor_of(last_event_id: str) -> tuple[int, int] | None:
    """The position in a Last-Event-ID, None when it is not one of ours."""
    found = _CURSOR.fullmatch(last_event_id)
    return (int(found[1]), int(found[2])) if found else None


def id_of(event: PastEvent) -> str:
    """The SSE id of an event."""
    return f"{event.xid}-{event.seq}"


def encode(event: str, data: bytes, ident: str) -> bytes:
    """One SSE message."""
    return b"id: %s\nevent: %s\ndata: %s\n\n" % (ident.encode(), event.encode(), data)


@dataclass(slots=True)
class _Changes:
    last: PastEvent
    areas: set[int] = field(default_factory=set)
    units: set[UUID] = field(default_factory=set)

    def add(self, event: PastEvent) -> None:
        self.last = event
        self.units.update(event.unit_ids)
        if event.area_no is not None:
            self.areas.add(event.area_no)


def passing(topic: str, subject: UUID, row: LiveRow) -> Message:
    """Something true only now: no place to resume from, and nothing to say to who may not see."""
    shown = b"event: %s\ndata: %s\n\n" % (topic.encode(), row.payload)
    return Message(id="", subject=subject, row=row, areas=(), units=(), shown=shown, gone=b"")


def _message(topic: str, changes: _Changes, row: LiveRow | None) -> Message:
    subject = changes.last.subject_id
    ident = id_of(changes.last)
    return Message(
        id=ident,
        subject=subject,
        row=row,
        areas=tuple(sorted(changes.areas)),
        units=tuple(sorted(changes.units)),
        shown=encode(topic, row.payload, ident) if row else b"",
        gone=encode("gone", b'{"id":"%s"}' % str(subject).encode(), ident),
    )


def project(events: Iterable[PastEvent]) -> list[Message]:
    """Prepare messages, one per subject: several changes at once are one new picture.

    They stand in commit order of each subject's last change.
    """
    rooms: dict[str, dict[UUID, _Changes]] = {}
    for event in events:
        room = event.name.partition(".")[0]
        if room in projections:
            subjects = rooms.setdefault(room, {})
            subjects.setdefault(event.subject_id, _Changes(event)).add(event)
    found: list[tuple[tuple[int, int], Message]] = []
    for room, subjects in rooms.items():
        topic, projection = projections[room]
        rows = projection(list(subjects))
        for subject, changes in subjects.items():
            at = (changes.last.xid, changes.last.seq)
            found.append((at, _message(topic, changes, rows.get(subject))))
    found.sort(key=lambda pair: pair[0])
    return [message for _, message in found]


def chunk_for(scope: Scope, messages: Iterable[Message], person: UUID | None = None) -> bytes:
    """What clients of one scope get of these messages; a subject that left their sight is gone.

    Args:
        person: who listens; None leaves out what is addressed to people.
    """
    parts = []
    for message in messages:
        if message.people:
            if person in message.people:
                parts.append(message.shown)
        elif message.row is not None and scope.sees(message.row.area_no, message.row.unit_ids):
            parts.append(message.shown)
        elif scope.sees(None, message.units) or any(scope.sees(a) for a in message.areas):
            parts.append(message.gone)
    return b"".join(parts)


@dataclass(eq=False, slots=True)
class Client:
    """One open stream."""

    scope: Scope
    ticket: str  # what proves the client may still listen (session or key)
    person: UUID | None = None
    queue: "asyncio.Queue[bytes | None]" = field(
        default_factory=lambda: asyncio.Queue(QUEUE_CHUNKS)
    )
    waiting: int = 0  # bytes in the queue
    behind: bool = False

    def push(self, chunk: bytes) -> None:
        """Queue a chunk; a full queue makes the client start afresh."""
        if self.behind:
            return
        if self.queue.full() or (self.waiting and self.waiting + len(chunk) > QUEUE_BYTES):
            self.behind = True
            return
        self.queue.put_nowait(chunk)
        self.waiting += len(chunk)

    async def take(self) -> bytes | None:
        """The next chunk, None when the stream ends."""
        return self._taken(await self.queue.get())

    def take_more(self) -> bytes | None:
        """A further chunk that is queued already."""
        return self._taken(self.queue.get_nowait())

    def _taken(self, chunk: bytes | None) -> bytes | None:
        self.waiting -= len(chunk or b"")
        return chunk

    def close(self) -> None:
        """End the stream after what is queued. A full queue is dropped as a whole: the client
        resumes from the last message it got, which a gap would hide."""
        if self.queue.full():
            while not self.queue.empty():
                self.take_more()
        self.queue.put_nowait(None)


class Hub:
    """All open streams of one process, grouped by scope."""

    def __init__(self) -> None:
        self._groups: dict[Scope, set[Client]] = {}
        self._people: dict[UUID, set[Client]] = {}
        self.position = (0, 0)

    def __len__(self) -> int:
        return sum(len(group) for group in self._groups.values())

    def behind(self) -> int:
        """How many clients do not keep up and will start afresh."""
        return sum(client.behind for group in self._groups.values() for client in group)

    def join(self, client: Client) -> None:
        """Start sending to a client."""
        self._groups.setdefault(client.scope, set()).add(client)
        if client.person is not None:
            self._people.setdefault(client.person, set()).add(client)

    def leave(self, client: Client) -> None:
        """Stop sending to a client."""
        group = self._groups.get(client.scope)
        if group is not None:
            group.discard(client)
            if not group:
                del self._groups[client.scope]
        if client.person is not None and (own := self._people.get(client.person)) is not None:
            own.discard(client)
            if not own:
                del self._people[client.person]

    def tell(self, messages: Sequence[Message]) -> None:
        """Hand messages that have no place in the order of events to everybody who may see them."""
        self.send(messages, self.position)

    def clients(self) -> list[Client]:
        """Everybody listening now."""
        return [client for group in self._groups.values() for client in group]

    def scopes(self) -> list[Scope]:
        """The distinct scopes listening now."""
        return list(self._groups)

    def send(self, messages: Sequence[Message], position: tuple[int, int]) -> None:
        """Hand messages to everybody who may see them."""
        self.position = position
        for scope, group in list(self._groups.items()):
            chunk = chunk_for(scope, messages)
            if chunk:
                for client in group:
                    client.push(chunk)
        for message in messages:
            for person in message.people:
                for client in self._people.get(person, ()):
                    client.push(message.shown)
