"""Points summed by cell of a tile: what a low zoom shows instead of single features."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from chengyun.places.decide.drawing import Box
from chengyun.places.decide.tiling import DEEPEST, NORTHMOST, Floats, Tile, bounds
from chengyun.places.decide.vector_tiles import Sheet

CELLS = 16
"""Cells of a tile on each side."""
CELL_DEPTH = 4
_ACROSS = "least(greatest(floor((lon + 180) / 360 * {side}), 0), {side} - 1)::int"
_UP = "asinh(tan(radians(least(greatest(lat, -{north}), {north}))))"
_DOWN = f"least(greatest(floor((1 - {_UP} / pi()) / 2 * {{side}}), 0), {{side}} - 1)::int"


def cell_sql(zoom: int) -> tuple[str, str]:
    """Column and row of `lon`, `lat` in the quad tree at a zoom."""
    side = 1 << zoom
    given = {"side": side, "north": NORTHMOST}
    return _ACROSS.format(**given), _DOWN.format(**given)


def box_of(tile: Tile) -> Box:
    """The ground of a tile, a unit more on each side."""
    west, south, east, north = bounds(tile, 1)
    return max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)


def clustered(
    name: str, rows: "QuerySet[Any]", tile: Tile, tallies: Mapping[str, tuple[str, Sequence[Any]]]
) -> Sheet:
    """Rows with `lon` and `lat` summed by cell: `n`, and how many meet each tally's condition.

    Args:
        rows: values("lon", "lat", …) with what the tallies' conditions name.
    """
    across, down = cell_sql(min(tile.z, DEEPEST) + CELL_DEPTH)
    try:
        inner, params = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return Sheet(name, [], [])
    counted = "".join(f", count(*) FILTER (WHERE {condition})" for condition, _ in tallies.values())
    # The inner statement is Django's own; conditions are constants of the rooms.
    summed = (
        f"SELECT {across} AS x, {down} AS y, avg(lon), avg(lat), count(*){counted}"  # noqa: S608
        f" FROM ({inner}) AS few GROUP BY 1, 2"
    )
    given = [value for _, values in tallies.values() for value in values]
    with connection.cursor() as cursor:
        cursor.execute(summed, [*given, *params])
        found = cursor.fetchall()
    return cluster_sheet(name, tile, found, list(tallies))


def cluster_sheet(
    name: str, tile: Tile, found: Sequence[Sequence[Any]], tallies: Sequence[str]
) -> Sheet:
    """Cells (column, row, lon, lat, n, tallies …) as points of a tile; others are dropped."""
    kept = [row for row in found if (row[0] // CELLS, row[1] // CELLS) == (tile.x, tile.y)]
    return Sheet(
        name,
        [row[0] % CELLS + CELLS * (row[1] % CELLS) for row in kept],
        [
            {"cluster": True, "n": row[4], **dict(zip(tallies, row[5:], strict=True))}
            for row in kept
        ],
        points_of([(row[2], row[3]) for row in kept]),
    )


def points_of(pairs: Sequence[tuple[float, float]]) -> Floats:
    """(n, 2) degrees."""
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)
