"""What things said last, for the map."""

from datetime import datetime

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.sensing.models import Datastream, StreamHealth
from chengyun.sensing.reads.newest import newest
from chengyun.sensing.reads.series import said_last
from chengyun.sensing.reads.things import Box, asked


def latest(
    actor: Actor,
    *,
    now: datetime,
    bbox: Box,
    kind: str | None = None,
    property_: str | None = None,
    most: int = 5_000,
) -> JsonObject:
    """What the things of a box said last, one line a stream, for the map; `truncated` when cut."""
    seen = asked(actor, kind=kind, bbox=bbox).filter(lon__isnull=False)
    found = Datastream.objects.filter(thing__in=seen).select_related("thing").order_by("no")
    if property_:
        found = found.filter(property_id=property_)
    rows = list(found[: most + 1])
    truncated, rows = len(rows) > most, rows[:most]
    said = newest(row.no for row in rows)
    health = dict(
        StreamHealth.objects.filter(stream__in=[row.no for row in rows]).values_list(
            "stream", "state"
        )
    )
    items = []
    for row in rows:
        one = said.get(row.no)
        items.append(
            {
                "no": row.no,
                "thing_id": row.thing_id,
                "code": row.thing.code,
                "name": row.thing.name,
                "kind_id": row.thing.kind_id,
                "property_id": row.property_id,
                "unit": row.unit,
                "lon": row.thing.lon,
                "lat": row.thing.lat,
                "simulated": row.thing.simulated,
                "health": health.get(row.no, "silent"),
                "age_s": (now - one.at).total_seconds() if one else None,
                "newest": said_last(one),
            }
        )
    return {"items": items, "truncated": truncated}
