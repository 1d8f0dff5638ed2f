"""One thread reads the event table and hands what it finds to the loop, in order, once."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence

from django.db import Error as DatabaseFault
from django.db import connection
from psycopg import Error as PostgresFault

from chengyun.app.streaming.source import Position, Source, in_database
from chengyun.kernel.live import Message

log = logging.getLogger(__name__)
LONGEST_PAUSE = 2.0
TRIES = 5

Deliver = Callable[[Sequence[Message], Position], None]
Tell = Callable[[str], None]


class Poller(threading.Thread):
    """Reads on from where it stands; on a lost database it says so, waits, and reads on.

    Args:
        deliver: called on the loop with messages and the position they lead to.
        away: called on the loop with a sentence when the database is lost.
        skipped: called on the loop when a step cannot be prepared and was passed over.
        beat: called in this thread at every read that worked.
    """

    def __init__(
        self,
        source: Source,
        loop: asyncio.AbstractEventLoop,
        *,
        deliver: Deliver,
        away: Tell,
        skipped: Callable[[Position], None],
        beat: Callable[[], None],
        pause: float,
    ) -> None:
        super().__init__(name="stream-poller", daemon=True)
        self._source, self._loop, self._pause = source, loop, pause
        self._deliver, self._away, self._skipped, self._beat = deliver, away, skipped, beat
        self._stop_asked = threading.Event()
        self._position: Position | None = None
        self._faults = 0

    def stop(self) -> None:
        """Ask it to end; it does within one read."""
        self._stop_asked.set()

    def run(self) -> None:
        """Until stopped."""
        while not self._stop_asked.is_set():
            try:
                moved = in_database(self._step)
                self._faults = 0
            except (DatabaseFault, PostgresFault) as fault:
                self._lost(fault)
            except Exception:
                log.exception("a step of the live stream cannot be prepared")
                self._failed()
            else:
                if not moved:
                    self._stop_asked.wait(self._pause)
        connection.close()

    def _step(self) -> bool:
        if self._position is None:
            self._position = self._source.newest()
            self._on_loop(lambda: self._deliver((), self._start()))
            return True
        messages, position = self._source.after(self._position)
        self._beat()
        if position == self._position:
            return False
        self._on_loop(lambda: self._deliver(messages, position))
        self._position = position
        return True

    def _start(self) -> Position:
        return self._position or (0, 0)

    def _on_loop(self, call: Callable[[], None]) -> None:
        """Wait until the loop has taken it, so that a busy loop slows the reading, not grows."""
        taken = threading.Event()

        def run() -> None:
            try:
                call()
            finally:
                taken.set()

        self._loop.call_soon_threadsafe(run)
        while not taken.wait(1.0):
            if self._stop_asked.is_set():
                return

    def _lost(self, fault: Exception) -> None:
        connection.close()
        if self._faults == 0:
            log.warning("the live stream lost the database: %s", fault)
            self._loop.call_soon_threadsafe(self._away, "the database is away, still trying")
        self._rest()

    def _failed(self) -> None:
        """A picture that cannot be made must not stop the others: after some tries all start
        afresh behind it, which loses nothing."""
        self._rest()
        if self._faults < TRIES or self._position is None:
            return
        try:
            self._position = position = in_database(self._source.newest)
        except (DatabaseFault, PostgresFault) as fault:
            self._lost(fault)
            return
        self._faults = 0
        self._on_loop(lambda: self._skipped(position))

    def _rest(self) -> None:
        self._faults += 1
        self._stop_asked.wait(min(self._pause * 2**self._faults, LONGEST_PAUSE))
