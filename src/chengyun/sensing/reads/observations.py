"""Readings of one stream as they are."""

from datetime import datetime, timedelta

from django.db import connection

from chengyun.kernel import paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.readings import flag, named
from chengyun.sensing.models import Datastream
from chengyun.sensing.reads.series import find_stream

MOST_SINGLE = 5_000
_SINGLE = """
SELECT at, value, word, flags FROM sensing_observation
WHERE stream = %s AND at >= %s AND at < %s AND (flags & %s) = %s ORDER BY at {way} LIMIT %s
"""


def observations(
    actor: Actor,
    number: int,
    *,
    start: datetime,
    end: datetime,
    flags: str | None = None,
    newest_first: bool = False,
    cursor: str | None = None,
    limit: int | None = None,
) -> JsonObject:
    """Readings of a time range in order of time, `end` not in it. Raises NotFound, Invalid.

    Args:
        flags: "impossible,late" asks for readings that have all of these.
    """
    stream = find_stream(actor, number)
    wanted = 0
    for name in (flags or "").split(",") if flags else []:
        bit = flag(name.strip())
        if bit is None:
            raise Invalid([FieldError("flags", f"{name!r} is no flag", "unknown_flag")])
        wanted |= bit
    check_span(start, end)
    if cursor:
        at = paging.decode(cursor, 1, (datetime.fromisoformat,))[0]
        if at.tzinfo is None:
            raise Invalid([FieldError("cursor", "is not a cursor of this list", "bad_cursor")])
        start, end = (start, min(end, at)) if newest_first else (max(start, at), end)
    size = max(1, min(limit or 1_000, MOST_SINGLE))
    with connection.cursor() as line:
        sql = _SINGLE.format(way="DESC" if newest_first else "ASC")
        line.execute(sql, [stream.no, start, end, wanted, wanted, size + 1])
        rows = line.fetchall()
    following = None
    if len(rows) > size:
        rows = rows[:size]
        last = rows[-1][0] + timedelta(microseconds=0 if newest_first else 1)
        following = paging.encode([last.isoformat()])
    items = [
        {"at": at, "value": value, "word": word, "flags": named(bits)}
        for at, value, word, bits in rows
    ]
    return {**head(stream), "items": items, "next": following}


def head(stream: Datastream) -> JsonObject:
    return {"no": stream.no, "unit": stream.unit, "result": stream.result}


def check_span(start: datetime, end: datetime) -> None:
    if start.tzinfo is None or end.tzinfo is None:
        raise Invalid([FieldError("from", "needs a time zone", "no_zone")])
    if start >= end:
        raise Invalid([FieldError("to", "is not after the beginning", "bad_span")])
