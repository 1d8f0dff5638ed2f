"""What there is to tell: committed events in commit order, as pictures of their subjects."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from django.db import close_old_connections, connection, transaction

from chengyun.kernel import events
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import PastEvent
from chengyun.kernel.live import Message, cursor_of, project
from chengyun.kernel.scope import bind

Position = tuple[int, int]
STEP = 500

R = TypeVar("R")


class Source(Protocol):
    """Where messages come from. Called from threads."""

    def newest(self) -> Position: ...

    def after(self, position: Position) -> tuple[list[Message], Position]:
        """The next messages, and the position they lead to (the same when there is nothing)."""
        ...

    def missed(self, since: Position, until: Position, most: int) -> list[Message] | None:
        """What lies between two positions; None when `since` is not ours or it is too much."""
        ...


class EventSource:
    """Reads the event table; each subject's present row comes from its room's projection."""

    def newest(self) -> Position:
        """Where the table ends now."""
        return events.newest()

    def after(self, position: Position) -> tuple[list[Message], Position]:
        """One bounded step on."""
        found = events.read_after(*position, STEP)
        if not found:
            return [], position
        return _projected(found), (found[-1].xid, found[-1].seq)

    def missed(self, since: Position, until: Position, most: int) -> list[Message] | None:
        """Reads in bounded steps and gives up as soon as it is too much."""
        if since > until or not _known(since):
            return None
        found: list[PastEvent] = []
        while since < until:
            step = events.read_after(*since, STEP)
            found += [event for event in step if (event.xid, event.seq) <= until]
            if len(found) > most:
                return None
            if len(step) < STEP:
                break
            since = (step[-1].xid, step[-1].seq)
        return _projected(found) if found else []


def _projected(found: Sequence[PastEvent]) -> list[Message]:
    with transaction.atomic():
        bind(SYSTEM.scope())
        return project(found)


def _known(position: Position) -> bool:
    if position == (0, 0):
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM kernel_event WHERE xid = %s AND seq = %s", list(position))
        return cursor.fetchone() is not None


class Recent:
    """The latest messages, so that a thousand clients that reconnect ask the database nothing."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._steps: deque[tuple[Position, list[Message]]] = deque()
        self._count = 0
        self._from: Position | None = None

    def add(self, messages: Sequence[Message], before: Position, position: Position) -> None:
        """Keep a step that led from one position to another."""
        if self._from is None:
            self._from = before
        self._steps.append((position, list(messages)))
        self._count += max(1, len(messages))
        while self._count > self._most and self._steps:
            self._from, dropped = self._steps.popleft()
            self._count -= max(1, len(dropped))

    def since(self, position: Position) -> list[Message] | None:
        """Everything after a position that was given out; None when it is not known here."""
        if self._from is None or position < self._from:
            return None
        known = position == self._from
        found: list[Message] = []
        for end, messages in self._steps:
            known = known or position == end
            for message in messages:
                at = cursor_of(message.id)
                known = known or at == position
                if at is not None and at > position:
                    found.append(message)
        return found if known else None


def in_database(work: Callable[[], R]) -> R:
    """Run a piece of work in a thread that keeps a connection; a broken one is replaced."""
    close_old_connections()
    try:
        return work()
    finally:
        close_old_connections()
