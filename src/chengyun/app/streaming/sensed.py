"""That readings came in, told to everybody who listens: which ones, each asks for themselves and
within their own sight."""

from collections.abc import Callable

from django.db import transaction

from chengyun.app.streaming.source import Position
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.sensing.reads import batches

TOLD = b"event: things\ndata: {}\n\n"


def newest() -> Position:
    """Asks the sensing room."""
    with transaction.atomic():
        bind(SYSTEM.scope())
        return batches.newest()


class SenseWatch:
    """Remembers the newest batch of readings; however many came since, it says so once."""

    def __init__(self, look: Callable[[], Position] = newest) -> None:
        self._look = look
        self._seen: Position | None = None

    def look(self) -> bytes:
        """What to tell since the last look, nothing at the first; in a thread, asks the
        database."""
        now, before = self._look(), self._seen
        self._seen = now
        return b"" if before is None or now == before else TOLD
