"""Where moving things were and are, as feeds tell it."""

from datetime import timedelta

from django.db import connection, transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.areas import span
from chengyun.kernel.ids import new_id
from chengyun.kernel.scope import working
from chengyun.sensing.decide.naming import Decoded, Fault
from chengyun.sensing.decide.points import EPOCH
from chengyun.sensing.models import Thing

_WAS = """
INSERT INTO sensing_thingplace (id, thing_id, at, lon, lat, area_no)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::float8[], %s::float8[],
  %s::int8[]) ON CONFLICT (thing_id, at) DO NOTHING
"""
# Out of order is normal: only a newer place moves the thing.
_IS = """
UPDATE sensing_thing t SET lon = n.lon, lat = n.lat, moved_at = n.at FROM (
  SELECT DISTINCT ON (id) * FROM unnest(%s::uuid[], %s::timestamptz[], %s::float8[], %s::float8[])
    AS p (id, at, lon, lat) ORDER BY id, at DESC) n
WHERE t.id = n.id AND (t.moved_at IS NULL OR t.moved_at < n.at)
"""


def track(decoded: Decoded, area_no: int | None) -> None:
    """Keep the places that points tell; a place of no thing of ours (or of none in the area) is a
    fault of its message."""
    placed = {
        (point.thing, point.at_us): (point, source)
        for point, source in zip(decoded.points, decoded.source, strict=True)
        if point.lon is not None and point.lat is not None
    }
    if not placed:
        return
    low, high = span(area_no) if area_no is not None else (0, 2**63 - 1)
    with transaction.atomic(), working(SYSTEM.scope()):
        codes = {thing for thing, _ in placed}
        rows = Thing.objects.filter(
            code__in=codes, state="active", area_no__gte=low, area_no__lte=high
        )
        known = {one.code: one for one in rows}
        found = []
        for (code, at_us), (point, source) in placed.items():
            thing = known.get(code)
            if thing is not None:
                at = EPOCH + timedelta(microseconds=at_us)
                found.append((thing.id, at, point.lon, point.lat, thing.area_no))
            elif not point.stream:
                said = f"there is no thing {code[:64]} here"
                decoded.faults.append(Fault(source, "unknown_thing", said))
        ids, times, lons, lats, homes = (
            (list(column) for column in zip(*found, strict=True))
            if (found)
            else ([], [], [], [], [])
        )
        with connection.cursor() as cursor:
            cursor.execute(_WAS, [[new_id() for _ in ids], ids, times, lons, lats, homes])
            cursor.execute(_IS, [ids, times, lons, lats])
