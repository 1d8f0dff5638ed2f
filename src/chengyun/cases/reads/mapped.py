"""The cases of a piece of the map: one by one, or summed where they are too many."""

from datetime import datetime
from math import cos, radians

from django.db import connection

from chengyun.cases.models import CaseQuerySet
from chengyun.cases.reads.queue import Filters, filtered
from chengyun.cases.reads.rows import light
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject

MAP_CAP = 2_000
# How many cells a side a map that holds more than MAP_CAP is summed into.
CLUSTER_CELLS = 24


def case_map(
    actor: Actor, wanted: Filters, bbox: tuple[float, float, float, float], *, now: datetime
) -> JsonObject:
    """Open cases inside a box (west, south, east, north in degrees), the most urgent first.

    Where there are more than MAP_CAP, all of them are summed into cells as well.
    """
    west, south, east, north = bbox
    inside = filtered(actor, wanted, now).filter(
        open=True, lon__range=(west, east), lat__range=(south, north)
    )
    found = list(
        inside.order_by("sort_at", "id").values(
            "id",
            "no",
            "state",
            "lon",
            "lat",
            "kind_id",
            "level",
            "due_at",
            "warn_at",
            "paused",
            "simulated",
        )[: MAP_CAP + 1]
    )
    truncated = len(found) > MAP_CAP
    if truncated:
        return {"items": [], "clusters": _clusters(inside, bbox, now), "truncated": True}
    items = [
        {
            "id": row["id"],
            "no": row["no"],
            "state": row["state"],
            "clock": light(row, now),
            "lon": row["lon"],
            "lat": row["lat"],
            "kind_id": row["kind_id"],
            "level": row["level"],
            "simulated": row["simulated"],
        }
        for row in found
    ]
    return {"items": items, "clusters": [], "truncated": False}


def _clusters(
    inside: CaseQuerySet, bbox: tuple[float, float, float, float], now: datetime
) -> list[JsonObject]:
    west, south, east, north = bbox
    step = max((north - south), (east - west) * cos(radians((south + north) / 2))) / CLUSTER_CELLS
    wide = step / max(cos(radians((south + north) / 2)), 0.05)
    inner = inside.order_by().values("lon", "lat", "due_at", "paused")
    sql, params = inner.query.sql_with_params()
    with connection.cursor() as cursor:
        # The inner statement is Django's own, its values are parameters.
        summed = (
            "SELECT avg(lon), avg(lat), count(*),"  # noqa: S608
            " count(*) FILTER (WHERE NOT paused AND due_at <= %s)"
            f" FROM ({sql}) AS few GROUP BY floor((lon - %s) / %s), floor((lat - %s) / %s)"
        )
        cursor.execute(summed, [now, *params, west, wide, south, step])
        return [
            {"lon": lon, "lat": lat, "n": n, "late": late}
            for lon, lat, n, late in cursor.fetchall()
        ]
