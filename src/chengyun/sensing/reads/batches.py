"""Batches of readings in commit order, for whoever follows them. Kept two days."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import connection

from chengyun.sensing.decide.packing import unpack
from chengyun.sensing.decide.readings import Readings

# Below the oldest running transaction: no slow commit can slip a batch in front of one given out.
DONE = "xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction of `take` wrote, sorted by stream: new and corrected readings.

    `door` is how they came in; `import` brings history.
    """

    xid: int
    seq: int
    recorded_at: datetime
    door: str
    readings: Readings


def after(xid: int, seq: int, limit: int) -> list[Batch]:
    """The next batches in commit order after a position."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xid, seq, recorded_at, door, readings, words FROM sensing_batch"  # noqa: S608
            f" WHERE (xid, seq) > (%s, %s) AND {DONE} ORDER BY xid, seq LIMIT %s",
            [xid, seq, limit],
        )
        rows = cursor.fetchall()
    return [
        Batch(row[0], row[1], row[2], row[3], unpack(bytes(row[4]), _words(row[5]))) for row in rows
    ]


def pairs_after(xid: int, seq: int) -> set[tuple[int, int]]:
    """(stream, µs) of every reading that was written after a position, in whatever order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT readings FROM sensing_batch WHERE (xid, seq) > (%s, %s)", [xid, seq])
        found = [unpack(bytes(row[0]), {}) for row in cursor.fetchall()]
    return {
        pair for one in found for pair in zip(one.stream.tolist(), one.at.tolist(), strict=True)
    }


def _words(stored: str | dict[str, str] | None) -> dict[int, str]:
    if stored is None:
        return {}
    said = orjson.loads(stored) if isinstance(stored, str) else stored
    return {int(row): word for row, word in said.items()}


def newest() -> tuple[int, int]:
    """The position of the newest batch that `after` would give; (0, 0) where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xid, seq FROM sensing_batch"  # noqa: S608
            f" WHERE {DONE} ORDER BY xid DESC, seq DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else (0, 0)
