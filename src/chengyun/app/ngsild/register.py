"""The register's things as entities: urn:ngsi-ld:Thing:CODE, of their kind and of type Thing.

What a datastream said last is a Property; a Property written with a number is a reading that goes
the way of all readings. Everything else of a thing is changed in the register.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Value
from django.db.models.functions import Collate
from django.db.models.lookups import GreaterThan

from chengyun.app.ngsild.showing import LOCATION
from chengyun.app.ngsild.terms import DEFAULT
from chengyun.kernel.actor import Actor
from chengyun.sensing.decide.context import Attributes, told
from chengyun.sensing.models import Datastream, Thing
from chengyun.sensing.reads.series import stream_lines

HEAD = "urn:ngsi-ld:Thing:"
THING = f"{DEFAULT}Thing"
CHUNK = 200
_OWN = ("name", "state", "properties", "simulated")


def things(
    actor: Actor,
    *,
    ids: Collection[str] = (),
    after: str = "",
    types: Collection[str] = (),
    box: tuple[float, float, float, float] | None = None,
    attrs: Collection[str] = (),
) -> Iterator[dict[str, Any]]:
    """Things in sight as entities by name, read on in pieces."""
    found = Thing.objects.visible_to(actor).exclude(state="retired")
    if ids:
        codes = [one.removeprefix(HEAD) for one in ids if one.startswith(HEAD)]
        found = found.filter(code__in=codes)
    if types and THING not in types:
        kinds = [one.removeprefix(DEFAULT) for one in types if one.startswith(DEFAULT)]
        found = found.filter(kind_id__in=kinds)
    if box is not None:
        found = found.filter(lon__range=(box[0], box[2]), lat__range=(box[1], box[3]))
    said = [one for one in attrs if one != LOCATION]
    if (
        said
        and not any(one.removeprefix(DEFAULT) in _OWN for one in said)
        and LOCATION not in attrs
    ):
        codes = [one.removeprefix(DEFAULT) for one in said if one.startswith(DEFAULT)]
        found = found.filter(datastreams__code__in=codes).distinct()
    if after > HEAD and not after.startswith(HEAD):
        return
    last = after.removeprefix(HEAD) if after.startswith(HEAD) else ""
    # By bytes, as the entities of other houses are.
    by_bytes = Collate("code", "C")
    while True:
        rest = found.filter(GreaterThan(by_bytes, Value(last)))
        rows = list(rest.order_by(by_bytes)[:CHUNK])
        yield from documents(rows)
        if len(rows) < CHUNK:
            return
        last = rows[-1].code


def thing(actor: Actor, uri: str) -> dict[str, Any] | None:
    """One thing in sight as an entity."""
    row = row_of(actor, uri)
    return documents([row])[0] if row is not None else None


def row_of(actor: Actor, uri: str) -> Thing | None:
    if not uri.startswith(HEAD):
        return None
    return Thing.objects.visible_to(actor).filter(code=uri[len(HEAD) :]).first()


def documents(rows: Sequence[Thing]) -> list[dict[str, Any]]:
    """Things as entities with full names."""
    streams = list(Datastream.objects.filter(thing__in=rows).order_by("code"))
    theirs: dict[Any, list[Any]] = {}
    for line in stream_lines(streams):
        theirs.setdefault(line["thing_id"], []).append(line)
    return [document_of(row, theirs.get(row.id, ())) for row in rows]


def document_of(row: Thing, streams: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    at = told(row.updated_at)
    stamps = {"createdAt": told(row.created_at), "modifiedAt": at}
    attrs: Attributes = {}
    for name in _OWN:
        value = getattr(row, name)
        if value not in (None, "", {}):
            attrs[DEFAULT + name] = [{"type": "Property", "value": value, **stamps}]
    if row.lon is not None and row.lat is not None:
        place = {"type": "Point", "coordinates": [row.lon, row.lat]}
        one = {"type": "GeoProperty", "value": place, **stamps}
        attrs[LOCATION] = [one | ({"observedAt": told(row.moved_at)} if row.moved_at else {})]
    for line in streams:
        last = line["newest"]
        if last is not None:
            attrs[DEFAULT + line["code"]] = [reading(line, last)]
    types = [DEFAULT + row.kind_id, THING]
    return {"id": HEAD + row.code, "types": types, "scopes": [], "attrs": attrs, **stamps}


def reading(line: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    """A reading of a datastream as an instance of an attribute."""
    value = one["word"] if one.get("word") is not None else one["value"]
    if line["result"] == "truth" and value is not None:
        value = bool(value)
    at = told(one["at"])
    said: dict[str, Any] = {"type": "Property", "value": value, "observedAt": at}
    if line["unit"] not in ("", "1"):
        said["unitCode"] = line["unit"]
    flags = one.get("flags")
    if flags:
        said["subs"] = {DEFAULT + "flags": [{"type": "Property", "value": flags}]}
    received = told(one["received"]) if one.get("received") else at
    return {**said, "createdAt": received, "modifiedAt": received}
