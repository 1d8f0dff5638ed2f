"""A history that is being played has a time of its own: the node's sweep keeps off its cases."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Any number that nothing else locks: "city" in ASCII.
_KEY = 0x63697479
_HELD = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 0"
    " AND objid = %s AND objsubid = 1"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


class AlreadyPlaying(Exception):
    """Another process plays a history on this database."""


@contextmanager
def own_time() -> Iterator[None]:
    """Keep the real clock off simulated cases while a history of them is played.

    Ends with the database session at the latest, so that a killed player leaves nothing behind.

    Raises:
        AlreadyPlaying: somebody else does.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_KEY])
        if not cursor.fetchone()[0]:
            raise AlreadyPlaying
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_KEY])


def playing() -> bool:
    """Whether a history is being played now."""
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [_KEY])
        return bool(cursor.fetchone()[0])
