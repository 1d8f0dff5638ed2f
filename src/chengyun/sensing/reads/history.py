"""Readings of many streams as columns, for whoever works through history."""

from collections.abc import Collection, Iterator, Sequence
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
        stream, at, value = _as_columns(cursor.fetchall())
    order = np.argsort(at, kind="stable")
    return stream[order], at[order], value[order]


_BEFORE = """
SELECT asked.stream, (extract(epoch FROM last.at) * 1000000)::bigint, last.value
FROM unnest(%s::bigint[]) AS asked(stream), LATERAL (
    SELECT at, value FROM sensing_observation AS held
    WHERE held.stream = asked.stream AND at > %s AND at <= %s AND value IS NOT NULL
        AND (flags & %s) = 0
    ORDER BY at DESC LIMIT 1
) AS last
"""


def last_before(streams: Collection[int], start: int, end: int) -> tuple[Ints, Ints, Floats]:
    """The newest of the same of each stream alone, in no order."""
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, [list(streams), _instant(start), _instant(end), UNREAD])
        return _as_columns(cursor.fetchall())


def _as_columns(rows: Sequence[tuple[int, int, float]]) -> tuple[Ints, Ints, Floats]:
    return (
        np.fromiter((row[0] for row in rows), np.int64, len(rows)),
        np.fromiter((row[1] for row in rows), np.int64, len(rows)),
        np.fromiter((row[2] for row in rows), np.float64, len(rows)),
    )


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
