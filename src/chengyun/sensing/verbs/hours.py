"""Figures by the hour, kept as readings come: also late and corrected ones."""

from datetime import datetime, timedelta

import numpy as np
from django.db import connection, transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import working
from chengyun.sensing.decide.readings import UNREAD
from chengyun.sensing.reads import batches
from chengyun.sensing.verbs.storing import HOUR_US, instant

AT_A_TIME = 50
MOST_HOURS = 200
_SETTLED = timedelta(minutes=1)
_ADD = (
    "INSERT INTO sensing_due (hour, stream) SELECT * FROM unnest(%s::timestamptz[], %s::bigint[])"
    " ON CONFLICT DO NOTHING"
)
_MOVE = "UPDATE sensing_workedout SET xid = %s, seq = %s, until = greatest(until, %s) WHERE no = 1"
_WORK_OUT = f"""
WITH due AS (DELETE FROM sensing_due WHERE hour = %(hour)s RETURNING stream),
figures AS (
    SELECT o.stream, count(o.value) AS n, sum(o.value) AS total, min(o.value) AS low,
        max(o.value) AS high
    FROM sensing_observation o
    WHERE o.at >= %(hour)s AND o.at < %(hour)s + interval '1 hour' AND o.value IS NOT NULL
        AND (o.flags & {UNREAD}) = 0 AND o.stream IN (SELECT stream FROM due)
    GROUP BY o.stream
),
gone AS (
    DELETE FROM sensing_hour h WHERE h.hour = %(hour)s AND h.stream IN (
        SELECT stream FROM due EXCEPT SELECT stream FROM figures)
)
INSERT INTO sensing_hour AS h (stream, hour, n, total, low, high)
SELECT stream, %(hour)s, n, total, low, high FROM figures
ON CONFLICT (stream, hour) DO UPDATE SET n = excluded.n, total = excluded.total,
    low = excluded.low, high = excluded.high
"""  # noqa: S608


def work_out(now: datetime) -> int:
    """Follow the batches, and work out the hours that are over; how many hours.

    Repeatable: an hour is due from when its readings are followed until its figures are written.
    """
    while _follow(now) == AT_A_TIME:
        pass
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT hour FROM sensing_due WHERE hour <= %s ORDER BY hour LIMIT %s",
            [now - timedelta(hours=1), MOST_HOURS],
        )
        hours = [row[0] for row in cursor.fetchall()]
    for hour in hours:
        with transaction.atomic(), working(SYSTEM.scope()), connection.cursor() as cursor:
            cursor.execute(_WORK_OUT, {"hour": hour})
    return len(hours)


def _follow(now: datetime) -> int:
    with transaction.atomic(), working(SYSTEM.scope()), connection.cursor() as cursor:
        cursor.execute("SELECT xid, seq FROM sensing_workedout WHERE no = 1 FOR UPDATE")
        xid, seq = cursor.fetchone()
        found = batches.after(xid, seq, AT_A_TIME)
        if found:
            hours = np.concatenate([one.readings.at // HOUR_US for one in found])
            streams = np.concatenate([one.readings.stream for one in found])
            pairs = np.unique(np.column_stack([hours, streams]), axis=0)
            instants = [instant(one * HOUR_US) for one in pairs[:, 0].tolist()]
            cursor.execute(_ADD, [instants, pairs[:, 1].tolist()])
            xid, seq = found[-1].xid, found[-1].seq
        full = len(found) == AT_A_TIME
        # A batch still being committed is not followed yet: the last minute is never claimed.
        until = min(found[-1].recorded_at, now - _SETTLED) if full else now - _SETTLED
        cursor.execute(_MOVE, [xid, seq, until])
    return len(found)
