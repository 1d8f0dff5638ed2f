"""Neighbours of a report: the same kind, near and recent, open (maybe the same) or closed (again).

Places fall into cells of a thousandth of a degree, so that one index answers a whole batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, floor, hypot, radians
from operator import itemgetter
from uuid import UUID

import orjson

from chengyun.cases.reads.rulebook import Rulebook
from chengyun.kernel.prepared import hot_cursor
from chengyun.kernel.text import JsonObject

CELL_DEGREES = 0.001
METRES_PER_DEGREE = 111_320.0
# How long after closing the same trouble at the same place counts as a recurrence; no source
# gives a figure, so it stands as ours until a city sets one.
RECURRENCE = timedelta(days=90)
NEAR_MAX = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where and what to look for; `at` names the item of the batch."""

    at: int
    city: int
    kind_id: str | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Near:
    """A neighbour and its distance in metres."""

    id: UUID
    open: bool
    metres: float
    reported_at: datetime


def cell_of(lon: float | None, lat: float | None) -> int | None:
    """The cell of a point, as one integer."""
    if lon is None or lat is None:
        return None
    return _step(lat, 90) << 20 | _step(lon, 180)


def cells_around(lon: float, lat: float, metres: float) -> set[int]:
    """The cells that a circle touches, or its corners would; the cell in the middle included."""
    dy = metres / METRES_PER_DEGREE
    dx = dy / max(cos(radians(lat)), 0.05)
    columns = range(_step(lon - dx, 180), _step(lon + dx, 180) + 1)
    rows = range(_step(lat - dy, 90), _step(lat + dy, 90) + 1)
    return {row << 20 | column for row in rows for column in columns}


def _step(degrees: float, offset: int) -> int:
    return floor((degrees + offset) / CELL_DEGREES)


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Flat distance, good to a centimetre at the distances asked here."""
    dx = (other_lon - lon) * METRES_PER_DEGREE * cos(radians(lat))
    dy = (other_lat - lat) * METRES_PER_DEGREE
    return hypot(dx, dy)


_NEAR = """
SELECT wanted.at, c.id, c.open, c.lon, c.lat, c.reported_at, c.no
FROM json_to_recordset(%s::json) AS wanted(at int, cell bigint, kind_id text)
JOIN LATERAL (
    SELECT id, open, lon, lat, reported_at, no FROM cases_case
    WHERE cell = wanted.cell AND kind_id = wanted.kind_id AND reported_at >= %s::timestamptz
      AND merged_into IS NULL
    ORDER BY reported_at DESC, no DESC LIMIT 20
) AS c ON true
"""


def similar(places: Sequence[Place], book: Rulebook, now: datetime) -> dict[int, tuple[Near, ...]]:
    """Neighbours by item, nearest first.

    Open ones count within the limits' duplicate window, closed ones within RECURRENCE.
    """
    wanted: list[JsonObject] = []
    by_at = {place.at: place for place in places}
    for place in places:
        if place.kind_id is None or place.lon is None or place.lat is None:
            continue
        metres = book.of(place.city).limits.duplicate_metres
        wanted += [
            {"at": place.at, "cell": cell, "kind_id": place.kind_id}
            for cell in cells_around(place.lon, place.lat, metres)
        ]
    if not wanted:
        return {}
    with hot_cursor() as cursor:
        cursor.execute(_NEAR, [orjson.dumps(wanted).decode(), now - RECURRENCE])
        # The earlier of two at one spot comes first, whatever plan the server chose.
        rows = sorted(cursor.fetchall(), key=itemgetter(6))
    found: dict[int, list[Near]] = {}
    for at, ident, is_open, lon, lat, reported_at, _ in rows:
        place = by_at[at]
        limits = book.of(place.city).limits
        if place.lon is None or place.lat is None or lon is None:
            continue
        metres = metres_between(place.lon, place.lat, lon, lat)
        if metres > limits.duplicate_metres:
            continue
        if is_open and reported_at < now - timedelta(hours=limits.duplicate_hours):
            continue
        found.setdefault(at, []).append(Near(ident, is_open, metres, reported_at))
    return {
        at: tuple(sorted(some, key=lambda n: n.metres)[:NEAR_MAX]) for at, some in found.items()
    }
