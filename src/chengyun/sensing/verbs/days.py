"""Days of readings: made ahead, given a tree once they are over, and dropped when their time is."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from psycopg import sql

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import working
from chengyun.sensing.verbs.storing import forget_days

log = logging.getLogger(__name__)

AHEAD = 3
SETTLED = timedelta(hours=6)
LATEST = timedelta(days=31)
"""Late readings are taken so long: until then no day is dropped."""
BATCHES_KEPT = timedelta(days=2)
_OLD = """
SELECT relname, ends FROM sensing_part_list p
WHERE EXISTS (
        SELECT FROM sensing_datastream d
        WHERE p.ends + d.keep_days * interval '1 day' <= %(now)s
            AND (p.swept_at IS NULL OR p.ends + d.keep_days * interval '1 day' > p.swept_at))
    AND p.ends <= (SELECT until FROM sensing_workedout)
    AND NOT EXISTS (SELECT FROM sensing_due h WHERE h.hour >= p.starts AND h.hour < p.ends)
ORDER BY ends LIMIT 50
"""
_ALL_OVER = """
SELECT NOT EXISTS (SELECT FROM sensing_datastream WHERE %s + keep_days * interval '1 day' > %s)
"""


def make_days(now: datetime) -> None:
    """Make the tables of today and the days ahead, so that no reading waits for one."""
    for day in range(AHEAD):
        with transaction.atomic(), working(SYSTEM.scope()):
            _ask("SELECT sensing_part(%s, false)", [now + timedelta(days=day)])


def plant_trees(now: datetime) -> int:
    """Give days that are over a tree (stream, time); how many. Late readings still come in."""
    names = _ask(
        "SELECT relname FROM sensing_part_list WHERE NOT tree AND ends <= %s ORDER BY ends LIMIT 5",
        [now - SETTLED],
    )
    for (name,) in names:
        with transaction.atomic():
            _ask("SELECT sensing_tree(%s)", [name])
    return len(names)


def sweep(now: datetime) -> dict[str, int]:
    """Remove readings whose time is over by what their kinds say; {"dropped", "deleted"}.

    A day that nobody keeps goes as a whole. Hours that are still to be worked out hold it back.
    """
    dropped = deleted = 0
    with transaction.atomic(), working(SYSTEM.scope()):
        parts = _ask(_OLD, {"now": now})
    for name, ends in parts:
        try:
            with transaction.atomic(), working(SYSTEM.scope()):
                [[over]] = _ask(_ALL_OVER, [ends, now])
                if over and ends <= now - LATEST:
                    _ask("SELECT sensing_drop(%s)", [name])
                    dropped += 1
                else:
                    deleted += _thin(name, ends, now)
        except OperationalError as error:
            # A long question holds the day: it goes next time, and nobody waits for it.
            log.warning("%s is in use and stays for now: %s", name, error)
    if dropped:
        forget_days()
    return {"dropped": dropped, "deleted": deleted}


def _thin(name: str, ends: datetime, now: datetime) -> int:
    remove = sql.SQL(
        "DELETE FROM {} o USING sensing_datastream d"
        " WHERE d.no = o.stream AND %s + d.keep_days * interval '1 day' <= %s"
    ).format(sql.Identifier(name))
    with connection.cursor() as cursor:
        cursor.execute(remove, [ends, now])
        count: int = cursor.rowcount
        cursor.execute("UPDATE sensing_part_list SET swept_at = %s WHERE relname = %s", [now, name])
    return count


def forget_batches(now: datetime, most: int) -> int:
    """Remove batches that followers had two days for."""
    return _removed(
        "DELETE FROM sensing_batch WHERE (xid, seq) IN (SELECT xid, seq FROM sensing_batch"
        " WHERE recorded_at < %s ORDER BY recorded_at LIMIT %s)",
        [now - BATCHES_KEPT, most],
    )


def forget_hours(now: datetime, most: int) -> int:
    """Remove figures by the hour past what their streams keep."""
    return _removed(
        "DELETE FROM sensing_hour WHERE (stream, hour) IN (SELECT h.stream, h.hour"
        " FROM sensing_hour h JOIN sensing_datastream d ON d.no = h.stream"
        " WHERE h.hour < %s::timestamptz - d.keep_hours_days * interval '1 day' LIMIT %s)",
        [now, most],
    )


def _removed(statement: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def _ask(question: str, parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        found: list[Any] = cursor.fetchall()
    return found
