"""Signs of life of processes that answer nobody: one row each, renewed while they work."""

from datetime import datetime, timedelta

from django.db import connection

from chengyun.kernel.clock import Clock, system_clock

EVERY = timedelta(seconds=5)
STALE = timedelta(seconds=30)

_BEAT = (
    "INSERT INTO kernel_heartbeat AS h (name, at) VALUES (%s, %s)"
    " ON CONFLICT (name) DO UPDATE SET at = greatest(h.at, excluded.at)"
)


class Heart:
    """One process's sign of life; call `beat` as often as you like."""

    def __init__(self, name: str, clock: Clock = system_clock) -> None:
        self.name = name
        self._clock = clock
        self._next: datetime | None = None

    def beat(self) -> None:
        """Renew the row when it is time."""
        now = self._clock.now()
        # A clock that was set back must not silence us.
        if self._next is not None and now < self._next <= now + EVERY:
            return
        with connection.cursor() as cursor:
            cursor.execute(_BEAT, [self.name, now])
        self._next = now + EVERY


def ages(now: datetime) -> dict[str, float]:
    """Seconds since each process's last sign of life."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, at FROM kernel_heartbeat")
        return {name: max(0.0, (now - at).total_seconds()) for name, at in cursor}
