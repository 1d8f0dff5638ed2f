"""Streams in sight, with their newest readings and how they are."""

from collections.abc import Sequence
from typing import Any

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.readings import named
from chengyun.sensing.models import Datastream, ObservedProperty, StreamHealth, Thing
from chengyun.sensing.reads.newest import newest


def streams_of(row: Thing) -> list[JsonObject]:
    """A thing's streams with their newest readings and how they are."""
    return stream_lines(list(Datastream.objects.filter(thing=row).order_by("code")))


def stream_lines(rows: Sequence[Datastream]) -> list[JsonObject]:
    """Streams as lists show them."""
    numbers = [row.no for row in rows]
    said = newest(numbers)
    health = StreamHealth.objects.in_bulk(numbers)
    names = dict(
        ObservedProperty.objects.filter(pk__in={row.property_id for row in rows}).values_list(
            "id", "name"
        )
    )
    fields = (
        *("no", "id", "thing_id", "code", "property_id", "unit", "result", "low", "high"),
        *("every_s", "stuck_after_s", "jump", "keep_days", "keep_hours_days", "properties"),
    )
    return [
        {
            **{name: getattr(row, name) for name in fields},
            "name": names.get(row.property_id),
            "newest": said_last(said.get(row.no)),
            "health": _health(health.get(row.no)),
        }
        for row in rows
    ]


def said_last(one: Any) -> JsonObject | None:
    if one is None:
        return None
    return {
        "at": one.at,
        "since": one.since,
        "received": one.received,
        "value": one.value,
        "word": one.word,
        "flags": named(one.flags),
    }


def _health(row: StreamHealth | None) -> JsonObject:
    if row is None:
        return {"state": "silent", "since": None, "why": {}, "checked_at": None}
    names = ("state", "since", "why", "checked_at")
    return {name: getattr(row, name) for name in names}


def find_stream(actor: Actor, number: int) -> Datastream:
    """The stream of a thing in sight. Raises NotFound."""
    row = (
        Datastream.objects.filter(no=number, thing__in=Thing.objects.visible_to(actor))
        .select_related("thing")
        .first()
        if 0 < number < 1 << 62
        else None
    )
    if row is None:
        raise NotFound("There is no such stream.")
    return row
