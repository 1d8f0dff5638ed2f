"""Readings of many streams as columns, for whoever works through history."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection

from chengyun.sensing.decide.readings import UNREAD, Floats, Ints

_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_READ = """
SELECT stream, (extract(epoch FROM at) * 1000000)::bigint, value FROM sensing_observation
WHERE stream = ANY(%s::bigint[]) AND at > %s AND at <= %s AND value IS NOT NULL
    AND (flags & %s) = 0
"""


def columns(streams: Collection[int], start: int, end: int) -> tuple[Ints, Ints, Floats]:
    """Numbers of some streams after `start` up to `end` (µs): stream, µs, value; in order of time.

    What no rule may read (impossible, of maintenance) is left out. The caller checks rights.
    """
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(streams), _instant(start), _instant(end), UNREAD])
        rows = cursor.fetchall()
    stream = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    at = np.fromiter((row[1] for row in rows), np.int64, len(rows))
    value = np.fromiter((row[2] for row in rows), np.float64, len(rows))
    order = np.argsort(at, kind="stable")
    return stream[order], at[order], value[order]


def days(
    streams: Collection[int], start: int, end: int, step: int = 86_400_000_000
) -> Iterator[tuple[int, Ints, Ints, Floats]]:
    """The same span by span, each with its end: history may be larger than memory."""
    while start < end:
        until = min(start + step, end)
        yield until, *columns(streams, start, until)
        start = until


def _instant(microseconds: int) -> datetime:
    return _1970 + timedelta(microseconds=microseconds)
