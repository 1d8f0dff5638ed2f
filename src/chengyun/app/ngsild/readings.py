"""What a thing said over time, as an entity."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.register import document_of, reading, row_of
from chengyun.app.ngsild.terms import DEFAULT
from chengyun.kernel.actor import Actor
from chengyun.sensing import reads
from chengyun.sensing.models import Datastream
from chengyun.sensing.reads.series import stream_lines

MOST_READINGS = 5_000


_FIRST = datetime.fromisoformat("1900-01-01T00:00:00+00:00")


_LAST = datetime.fromisoformat("9000-01-01T00:00:00+00:00")


def past(
    actor: Actor,
    uri: str,
    *,
    start: datetime | None,
    end: datetime | None,
    attrs: Collection[str],
    last: int,
) -> dict[str, Any] | None:
    """A thing with the readings of a span, newest first, at most `last` of each datastream."""
    row = row_of(actor, uri)
    if row is None:
        return None
    found = document_of(row, ())
    for name in list(found["attrs"]):
        if attrs and name not in attrs:
            del found["attrs"][name]
    for line in stream_lines(list(Datastream.objects.filter(thing=row).order_by("code"))):
        if attrs and DEFAULT + line["code"] not in attrs:
            continue
        span = {"start": start or _FIRST, "end": end or _LAST}
        if span["start"] >= span["end"]:
            raise BadData("endTimeAt: is not after timeAt.")
        held = list(_readings(actor, line["no"], span["start"], span["end"], last))
        if held:
            found["attrs"][DEFAULT + line["code"]] = [
                {**reading(line, one), "instanceId": _instance(line["no"], one["at"])}
                for one in held
            ]
    return found


def _readings(
    actor: Actor, stream: int, start: datetime, end: datetime, most: int
) -> Iterator[Mapping[str, Any]]:
    cursor: str | None = None
    while most > 0:
        held = reads.observations(
            *(actor, stream),
            start=start,
            end=end,
            newest_first=True,
            cursor=cursor,
            limit=min(most, MOST_READINGS),
        )
        yield from held["items"]
        most -= len(held["items"])
        cursor = held["next"]
        if cursor is None:
            return


def _instance(stream: int, at: datetime) -> str:
    micros = (at - datetime.fromisoformat("1970-01-01T00:00:00+00:00")) // timedelta(microseconds=1)
    return f"urn:ngsi-ld:Instance:{stream}_{micros}"
