"""What is done to NGSI-LD entities of other houses: one transaction with history and change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb
from shapely.geometry import shape

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.decide.context import Attributes, Changed, Instance, Mode, change, told
from chengyun.sensing.policy import check_may_keep
from chengyun.sensing.reads.context import read_json
from chengyun.sensing.verbs.entities import Making
from chengyun.sensing.verbs.statements import carry_out, fetch_rows

LOCATION = "https://uri.etsi.org/ngsi-ld/location"
_HELD = (
    "SELECT id, uri, types, scopes, attrs, current, area_no, unit_ids, created_at, modified_at"
    " FROM sensing_contextentity WHERE uri = %s"
)


@verb("sensing.make_context_entity")
def make_context_entity(
    actor: Actor,
    *,
    now: datetime,
    uri: str,
    types: Sequence[str],
    scopes: Sequence[str],
    attrs: Attributes,
) -> JsonObject:
    """Take an entity on. Raises Conflict (there is one), Forbidden."""
    row = held_row(uri)
    if row is not None and row[5]:
        raise Conflict(f"There is an entity {uri} already.", code="AlreadyExists")
    if row is None and is_taken(uri):
        raise Conflict(f"There is an entity {uri} already.", code="AlreadyExists")
    found = change({}, attrs, "replace", told(now))
    return {"id": str(make(actor, row, uri, types, scopes, found, now))}


def make(
    actor: Actor,
    row: Sequence[Any] | None,
    uri: str,
    types: Sequence[str],
    scopes: Sequence[str],
    found: Changed,
    now: datetime,
    *,
    current: bool = True,
) -> UUID:
    area_no, units = _place(actor, found.attrs, now)
    key: UUID = row[0] if row is not None else new_id()
    if row is not None:
        check_kept(actor, row)
    done = carry_out(
        "INSERT INTO sensing_contextentity (id, uri, types, scopes, attrs, current, west, south,"
        " east, north, area_no, unit_ids, created_at, modified_at) VALUES (%s, %s, %s, %s, %s, %s,"
        " %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (uri) DO UPDATE SET types = excluded.types,"
        " scopes = excluded.scopes, attrs = excluded.attrs, current = excluded.current,"
        " west = excluded.west, south = excluded.south, east = excluded.east,"
        " north = excluded.north, area_no = excluded.area_no, unit_ids = excluded.unit_ids,"
        " created_at = excluded.created_at, modified_at = excluded.modified_at"
        # Another id: somebody else made it at this moment.
        " WHERE sensing_contextentity.id = excluded.id",
        [
            *(key, uri, list(types), list(scopes), Jsonb(found.attrs), current),
            *(*_bounds(found.attrs), area_no, units, now, now),
        ],
    )
    if not done:
        raise Conflict(f"There is an entity {uri} already.", code="AlreadyExists")
    remember(key, found, now)
    if current:
        _tell(uri, types, list(found.attrs), "created", now)
    return key


def _place(actor: Actor, attrs: Mapping[str, Sequence[Instance]], now: datetime) -> tuple[int, Any]:
    """Area and units of an entity: where it stands, else the area of whoever says it."""
    making = Making(actor, now)
    bounds = _bounds(attrs)
    area_no = making.area_no
    if bounds[0] is not None and bounds[1] is not None:
        area_no, _ = making.where(
            (bounds[0] + (bounds[2] or 0)) / 2, (bounds[1] + (bounds[3] or 0)) / 2
        )
    check_may_keep(actor, area_no, making.owner)
    return area_no, [making.owner] if making.owner else []


def _bounds(attrs: Mapping[str, Sequence[Instance]]) -> tuple[float | None, ...]:
    """West, south, east, north of all places that an entity says."""
    shapes = [
        shape(one["value"])
        for instances in attrs.values()
        for one in instances
        if one["type"] == "GeoProperty"
    ]
    if not shapes:
        return (None, None, None, None)
    own = [shape(one["value"]) for one in attrs.get(LOCATION, ())]
    boxes = [one.bounds for one in (own or shapes)]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


@verb("sensing.change_context_entity")
def change_context_entity(
    actor: Actor,
    *,
    now: datetime,
    uri: str,
    said: Attributes,
    mode: Mode,
    types: Sequence[str] = (),
    scopes: Sequence[str] | None = None,
) -> JsonObject:
    """Change attributes of an entity. Returns {"updated", "missed": {name: reason}}.

    Types are added, with `replace` set. Raises NotFound, Forbidden.
    """
    row = kept_row(actor, uri)
    found = change(row[4], said, mode, told(now))
    kept = list(types) if mode == "replace" and types else list(dict.fromkeys([*row[2], *types]))
    marks = list(row[3]) if scopes is None else list(scopes)
    _write(actor, row, kept, marks, found, now)
    return {"id": str(row[0]), "updated": found.names, "missed": found.missed}


@verb("sensing.remove_context_attribute")
def remove_context_attribute(
    actor: Actor, *, now: datetime, uri: str, attr: str, dataset: str | None, every: bool
) -> JsonObject:
    """Take an attribute's instance away, or all of them. Raises NotFound, Forbidden."""
    row = kept_row(actor, uri)
    held = row[4].get(attr, [])
    gone = [one for one in held if every or one.get("datasetId") == dataset]
    if not gone:
        raise NotFound(f"The entity has no such attribute: {attr}", code="ResourceNotFound")
    rest = [one for one in held if one not in gone]
    attrs = {name: ones for name, ones in {**row[4], attr: rest}.items() if ones}
    found = Changed(attrs, removed=[(attr, one.get("datasetId")) for one in gone])
    _write(actor, row, row[2], row[3], found, now)
    return {"id": str(row[0])}


def _write(
    actor: Actor,
    row: Sequence[Any],
    types: Sequence[str],
    scopes: Sequence[str],
    found: Changed,
    now: datetime,
) -> None:
    moved = any(name == LOCATION for name in found.names)
    area_no, units = _place(actor, found.attrs, now) if moved else (row[6], row[7])
    carry_out(
        "UPDATE sensing_contextentity SET types = %s, scopes = %s, attrs = %s, west = %s,"
        " south = %s, east = %s, north = %s, area_no = %s, unit_ids = %s, modified_at = %s"
        " WHERE id = %s",
        [
            *(list(types), list(scopes), Jsonb(found.attrs), *_bounds(found.attrs)),
            *(area_no, units, now, row[0]),
        ],
    )
    remember(row[0], found, now)
    if found.names or list(types) != list(row[2]):
        _tell(row[1], types, found.names, "updated", now)


@verb("sensing.delete_context_entity")
def delete_context_entity(
    actor: Actor, *, now: datetime, uri: str, past: bool = False
) -> JsonObject:
    """Take an entity away: as it is now, or (`past`) with all its history.

    Raises NotFound, Forbidden.
    """
    row = kept_row(actor, uri, past=past)
    if past:
        carry_out("DELETE FROM sensing_contextentity WHERE id = %s", [row[0]])
    else:
        found = Changed(
            {},
            removed=[(name, one.get("datasetId")) for name, ones in row[4].items() for one in ones],
        )
        carry_out(
            "UPDATE sensing_contextentity SET current = false, attrs = '{}', modified_at = %s"
            " WHERE id = %s",
            [now, row[0]],
        )
        remember(row[0], found, now)
    if row[5]:
        _tell(uri, row[2], list(row[4]), "deleted", now)
    return {"id": str(row[0])}


def held_row(uri: str) -> Any | None:
    rows = fetch_rows(f"{_HELD} FOR UPDATE", [uri])
    if not rows:
        return None
    row = list(rows[0])
    row[4] = read_json(row[4])
    return row


def kept_row(actor: Actor, uri: str, *, past: bool = False) -> Any:
    row = held_row(uri)
    if row is None or not (row[5] or past):
        raise NotFound(f"There is no entity {uri}.", code="ResourceNotFound")
    check_kept(actor, row)
    return row


def check_kept(actor: Actor, row: Sequence[Any]) -> None:
    check_may_keep(actor, row[6], row[7][0] if row[7] else None)


def is_taken(uri: str) -> bool:
    return bool(fetch_rows("SELECT sensing_context_taken(%s)", [uri])[0][0])


def remember(key: UUID, found: Changed, now: datetime) -> None:
    rows: list[list[Any]] = []
    for name, one in found.written:
        content = {k: v for k, v in one.items() if k not in ("createdAt", "modifiedAt")}
        said = [one.get("observedAt"), one["createdAt"], now, False, Jsonb(content)]
        rows.append([key, name, one.get("datasetId") or "", *said])
    for name, dataset in found.removed:
        gone = {"type": "Property", "value": "urn:ngsi-ld:null"}
        rows.append([key, name, dataset or "", None, now, now, True, Jsonb(gone)])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO sensing_contextinstance (entity_id, attr, dataset, observed_at,"
            " created_at, modified_at, deleted, content) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            rows,
        )


def _tell(uri: str, types: Sequence[str], attrs: Sequence[str], kind: str, now: datetime) -> None:
    carry_out(
        "INSERT INTO sensing_contextchange (uri, types, attrs, kind, at)"
        " VALUES (%s, %s, %s, %s, %s)",
        [uri, list(types), list(attrs), kind, now],
    )
