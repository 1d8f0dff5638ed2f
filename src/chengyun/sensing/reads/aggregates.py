"""Figures of one stream by window, worked out in the database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.readings import UNREAD
from chengyun.sensing.reads.observations import check_span, head
from chengyun.sensing.reads.series import find_stream

HOUR = timedelta(hours=1)
FIGURES = ("n", "min", "max", "mean", "sum")
MOST_WINDOWS = 10_000
FRESH = timedelta(days=2)
"""Up to so long an answer is worked out of single readings, where they are still there."""

_WINDOWS = """
SELECT date_bin(%(window)s, at, %(origin)s) AS begins, count(value), min(value), max(value),
    avg(value), sum(value){percentiles}
FROM sensing_observation
WHERE stream = %(stream)s AND at >= %(start)s AND at < %(end)s AND (flags & %(unread)s) = 0
    AND value IS NOT NULL
GROUP BY begins ORDER BY begins LIMIT %(most)s
"""
# Hours that are worked out, and single readings for those that are not or have changed since.
_FROM_HOURS = """
SELECT date_bin(%(window)s, hour, %(origin)s) AS begins, sum(n)::bigint, min(low), max(high),
    sum(total) / sum(n), sum(total)
FROM (
    SELECT hour, n, low, high, total FROM sensing_hour h
    WHERE stream = %(stream)s AND hour >= %(start)s AND hour < %(end)s AND hour < %(until)s
        AND NOT EXISTS (
            SELECT FROM sensing_due d WHERE d.stream = h.stream AND d.hour = h.hour)
    UNION ALL
    SELECT date_trunc('hour', at, 'UTC'), count(*), min(value), max(value), sum(value)
    FROM sensing_observation o
    WHERE stream = %(stream)s AND value IS NOT NULL AND (flags & %(unread)s) = 0
        AND at >= %(until)s AND at >= %(start)s AND at < %(end)s
    GROUP BY 1
    UNION ALL
    SELECT d.hour, count(*), min(value), max(value), sum(value)
    FROM sensing_due d JOIN sensing_observation o
        ON o.stream = d.stream AND o.at >= d.hour AND o.at < d.hour + interval '1 hour'
    WHERE d.stream = %(stream)s AND value IS NOT NULL AND (flags & %(unread)s) = 0
        AND d.hour >= %(start)s AND d.hour < %(end)s AND d.hour < %(until)s
        AND o.at >= %(start)s AND o.at < %(end)s
    GROUP BY 1
) AS hours GROUP BY begins ORDER BY begins LIMIT %(most)s
"""


def aggregates(
    actor: Actor,
    number: int,
    *,
    start: datetime,
    end: datetime,
    window: timedelta,
    percentiles: Sequence[float] = (),
    now: datetime,
) -> JsonObject:
    """Count, least, most, mean and sum by window, and percentiles where single readings are kept.

    Readings flagged impossible or of maintenance are left out. Windows begin at `start`. Figures
    of long ago come from hourly figures (`source`), kept longer than single readings; then windows
    are whole hours and there are no percentiles. Raises NotFound, Invalid.
    """
    stream = find_stream(actor, number)
    check_span(start, end)
    if window <= timedelta(0) or (end - start) / window > MOST_WINDOWS:
        said = f"asks for no or more than {MOST_WINDOWS} windows"
        raise Invalid([FieldError("window", said, "bad_window")])
    gone = start < now - timedelta(days=stream.keep_days)
    hourly = window % HOUR == timedelta(0) and _whole(start) and (gone or end - start > FRESH)
    if gone and (not hourly or percentiles):
        said = (
            f"single readings are kept {stream.keep_days} days: before, ask for windows of whole"
            " hours from a whole hour, without percentiles"
        )
        raise Invalid([FieldError("window", said, "readings_gone")])
    asked: dict[str, Any] = {
        "stream": stream.no,
        "start": start,
        "end": end,
        "origin": start,
        "window": window,
        "unread": UNREAD,
        "most": MOST_WINDOWS,
    }
    if hourly and not percentiles:
        asked["until"] = worked_out_until()
        rows = _rows(_FROM_HOURS, asked)
        return {**head(stream), "source": "hours", "window_s": window.total_seconds()} | {
            "items": [_figures(row, ()) for row in rows]
        }
    quantiles = ""
    if percentiles:
        asked["quantiles"] = [one / 100 for one in percentiles]
        quantiles = ", percentile_cont(%(quantiles)s::float8[]) WITHIN GROUP (ORDER BY value)"
    rows = _rows(_WINDOWS.format(percentiles=quantiles), asked)
    return {**head(stream), "source": "readings", "window_s": window.total_seconds()} | {
        "items": [_figures(row, percentiles) for row in rows]
    }


def worked_out_until() -> datetime:
    """Hours before this instant are worked out, or listed as due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT date_trunc('hour', until, 'UTC') FROM sensing_workedout")
        row = cursor.fetchone()
    return row[0] if row else datetime(1970, 1, 1, tzinfo=UTC)


def _rows(sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _figures(row: tuple[Any, ...], percentiles: Sequence[float]) -> JsonObject:
    begins, *figures = row
    found: JsonObject = {"begins": begins, **dict(zip(FIGURES, figures, strict=False))}
    found["percentiles"] = (
        {f"{asked:g}": value for asked, value in zip(percentiles, figures[5], strict=True)}
        if percentiles
        else {}
    )
    return found


def _whole(at: datetime) -> bool:
    return not (at.minute or at.second or at.microsecond)
