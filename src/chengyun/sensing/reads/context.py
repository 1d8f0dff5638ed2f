"""NGSI-LD entities of other houses as they are kept: with full names, instance by instance."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.context import told

_COLUMNS = "id, uri, types, scopes, attrs, current, area_no, unit_ids, created_at, modified_at"
CHUNK = 500
Box = tuple[float, float, float, float]


def seen(actor: Actor) -> tuple[str, list[Any]]:
    """The condition under which rows of areas and units are in somebody's sight, and its values."""
    scope = actor.scope()
    if scope.everything:
        return "true", []
    spans = [f"area_no BETWEEN {low} AND {high}" for low, high in scope.areas]
    return f"({' OR '.join([*spans, 'unit_ids && %s::uuid[]'])})", [list(scope.units)]


def entity(actor: Actor, uri: str, *, past: bool = False) -> JsonObject | None:
    """An entity in sight; with `past` also one that is no longer current."""
    now = "" if past else " AND current"
    sight, values = seen(actor)
    asked = f"SELECT {_COLUMNS} FROM sensing_contextentity WHERE uri = %s{now} AND {sight}"  # noqa: S608
    rows = fetch_rows(asked, [uri, *values])
    return document(rows[0]) if rows else None


def document(row: Sequence[Any]) -> JsonObject:
    """A row as the standard's readers take it."""
    return {
        "key": row[0],
        "id": row[1],
        "types": row[2],
        "scopes": row[3],
        "attrs": read_json(row[4]),
        "current": row[5],
        "createdAt": told(row[8]),
        "modifiedAt": told(row[9]),
    }


def entities(
    actor: Actor,
    *,
    ids: Collection[str] = (),
    after: str = "",
    box: Box | None = None,
    types: Collection[str] = (),
    attrs: Collection[str] = (),
    past: bool = False,
) -> Iterator[JsonObject]:
    """Entities in sight by name, read on in pieces; at least one of `types` and of `attrs`."""
    sight, values = seen(actor)
    conditions = ['uri COLLATE "C" > %s', sight]
    given: list[Any] = [after, *values]
    if not past:
        conditions.append("current")
    if ids:
        conditions.append("uri = ANY(%s)")
        given.append(list(ids))
    if box is not None:
        conditions.append("east >= %s AND west <= %s AND north >= %s AND south <= %s")
        given += [box[0], box[2], box[1], box[3]]
    if attrs:
        conditions.append("attrs ?| %s::text[]")
        given.append(list(attrs))
    if types:
        conditions.append("types && %s::text[]")
        given.append(list(types))
    while True:
        rows = fetch_rows(
            f"SELECT {_COLUMNS} FROM sensing_contextentity WHERE {' AND '.join(conditions)}"  # noqa: S608
            f' ORDER BY uri COLLATE "C" LIMIT {CHUNK}',
            given,
        )
        yield from (document(row) for row in rows)
        if len(rows) < CHUNK:
            return
        given[0] = rows[-1][1]


def instances(
    keys: Sequence[UUID],
    *,
    timeproperty: str,
    start: datetime | None,
    end: datetime | None,
    attrs: Collection[str],
    last: int,
) -> dict[UUID, dict[str, list[JsonObject]]]:
    """What was said of entities in a span, by entity and attribute, newest first, at most `last`
    instances of each attribute."""
    column = {"observedAt": "observed_at", "createdAt": "created_at"}.get(
        timeproperty, "modified_at"
    )
    conditions, given = ["entity_id = ANY(%s)", f"{column} IS NOT NULL"], [list(keys)]
    values: list[Any] = list(given)
    for sign, instant in ((">=", start), ("<", end)):
        if instant is not None:
            conditions.append(f"{column} {sign} %s")
            values.append(instant)
    if attrs:
        conditions.append("attr = ANY(%s)")
        values.append(list(attrs))
    rows = fetch_rows(
        "SELECT entity_id, attr, id, content, created_at, modified_at, deleted FROM ("  # noqa: S608
        " SELECT *, row_number() OVER"
        f" (PARTITION BY entity_id, attr, dataset ORDER BY {column} DESC, modified_at DESC) AS n"
        f" FROM sensing_contextinstance WHERE {' AND '.join(conditions)}) AS held"
        f" WHERE n <= %s ORDER BY entity_id, attr, {column} DESC, modified_at DESC",
        [*values, last],
    )
    found: dict[UUID, dict[str, list[JsonObject]]] = {}
    for key, attr, id_, content, created, modified, deleted in rows:
        one = {**read_json(content), "instanceId": f"urn:ngsi-ld:Instance:{id_}"}
        one |= {"createdAt": told(created), "modifiedAt": told(modified)}
        if deleted:
            one["deletedAt"] = told(modified)
        found.setdefault(key, {}).setdefault(attr, []).append(one)
    return found


def named(actor: Actor) -> list[tuple[list[str], dict[str, str], int]]:
    """Types, attributes with their kinds, and how many entities in sight have them."""
    sight, values = seen(actor)
    rows = fetch_rows(
        "SELECT types, said, count(*) FROM (SELECT types, (SELECT jsonb_object_agg(k,"  # noqa: S608
        " v #>> '{0,type}') FROM jsonb_each(attrs) AS x(k, v)) AS said"
        f" FROM sensing_contextentity WHERE current AND {sight}) AS held GROUP BY types, said",
        values,
    )
    return [(list(types), read_json(said) or {}, int(n)) for types, said, n in rows]


def read_json(said: Any) -> Any:
    """JSON as a raw cursor gives it."""
    return orjson.loads(said) if isinstance(said, (str, bytes)) else said


def fetch_rows(asked: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
