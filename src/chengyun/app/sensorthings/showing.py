"""Entities as JSON (18-088 §9.4): control information, properties, links."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from chengyun.app.sensorthings.fetching import Row, Store, keys_of, nested_top
from chengyun.app.sensorthings.model import COLUMNS, SETS, EntitySet
from chengyun.app.sensorthings.options import USUAL, Options, token_of
from chengyun.app.sensorthings.sql import Sql
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.readings import CORRECTED, DOUBTFUL, IMPOSSIBLE, MAINTENANCE, STUCK

_FLAGS = {
    IMPOSSIBLE: "impossible",
    DOUBTFUL: "doubtful",
    STUCK: "stuck",
    MAINTENANCE: "maintenance",
    CORRECTED: "corrected",
}
_OPTIONAL = {"properties", "observedArea", "resultQuality", "validTime", "parameters"}


def iso(at: datetime) -> str:
    """An instant in UTC with a Z; microseconds only where there are any."""
    said = at.astimezone(UTC).replace(tzinfo=None)
    return said.isoformat(timespec="milliseconds" if said.microsecond % 1000 == 0 else "auto") + "Z"


def quoted(row_id: Any) -> str:
    """An id inside parentheses of a path."""
    return f"'{row_id}'" if isinstance(row_id, str) else str(row_id)


def value_of(entity: EntitySet, row: Row, name: str) -> Any:
    """A property of a row, as it is shown."""
    value = row[COLUMNS.get(name, name)]
    if isinstance(value, str) and entity.properties[name] in ("json", "geometry", "result"):
        value = orjson.loads(value)
    if name == "phenomenonTime" and row.get("until") is not None:
        return f"{iso(value)}/{iso(row['until'])}"
    if name == "resultQuality" and value is None and row["flags"]:
        said = [word for bit, word in _FLAGS.items() if row["flags"] & bit]
        return said or None
    return iso(value) if isinstance(value, datetime) else value


class Shower:
    """Shows rows of one request.

    Args:
        root: the absolute address of the service, without a slash at its end.
    """

    def __init__(self, store: Store, root: str) -> None:
        self._store, self._root = store, root

    def self_link(self, entity: EntitySet, row: Row) -> str:
        """The address of an entity."""
        return f"{self._root}/{entity.name}({quoted(row['id'])})"

    def entity(self, entity: EntitySet, row: Row, options: Options) -> JsonObject:
        """One entity with what is expanded in it."""
        return self.entities(entity, [row], options)[0]

    def entities(
        self, entity: EntitySet, rows: Sequence[Row], options: Options
    ) -> list[JsonObject]:
        """Entities in their order; every link that is expanded costs one query for all of them."""
        found = [self._plain(entity, row, options) for row in rows]
        for name, inner in options.expand.items():
            link = entity.links[name]
            target = SETS[link.to]
            linked, counts = self._store.expanded(entity, rows, name, inner)
            top = nested_top(inner, len(rows)) if link.many else 1
            flat = [row for some in linked for row in some[:top]]
            shown = iter(self.entities(target, flat, inner))
            for at, (row, said, some) in enumerate(zip(rows, found, linked, strict=True)):
                here = [next(shown) for _ in some[:top]]
                if not link.many:
                    said[name] = here[0] if here else None
                    continue
                if counts:
                    said[f"{name}@iot.count"] = counts[at]
                said[name] = here
                if len(some) > top:
                    more = {**inner.said, "$top": str(top), "$skip": str(inner.skip + top)}
                    address = f"{self.self_link(entity, row)}/{name}"
                    said[f"{name}@iot.nextLink"] = f"{address}?{urlencode(more)}"
        return found

    def _plain(self, entity: EntitySet, row: Row, options: Options) -> JsonObject:
        here = self.self_link(entity, row)
        wanted = options.select
        found: JsonObject = {}
        if not wanted or "id" in wanted:
            found["@iot.id"] = row["id"]
        if not wanted:
            found["@iot.selfLink"] = here
        for name in entity.properties:
            if wanted and name not in wanted:
                continue
            value = value_of(entity, row, name)
            if value is not None or name not in _OPTIONAL:
                found[name] = value
        for name in entity.links:
            if name not in options.expand and (not wanted or name in wanted):
                found[f"{name}@iot.navigationLink"] = f"{here}/{name}"
        return found

    def collection(
        self, entity: EntitySet, held: Sql, options: Options, address: str
    ) -> JsonObject:
        """A page of a set."""
        rows, more, total = self._store.page(entity, held, options)
        found: JsonObject = {} if total is None else {"@iot.count": total}
        if more and rows:
            found["@iot.nextLink"] = _next(entity, options, rows, address)
        if options.data_array:
            found["value"] = self._arrays(entity, rows, options)
        else:
            found["value"] = self.entities(entity, rows, options)
        return found

    def _arrays(self, entity: EntitySet, rows: Sequence[Row], options: Options) -> list[JsonObject]:
        """Observations by datastream, as components and rows of values (18-088 §11)."""
        usual = ("id", "phenomenonTime", "result", "resultTime")
        names = [
            one for one in (options.select or usual) if one == "id" or one in entity.properties
        ]
        arrays: dict[int, list[Any]] = {}
        for row in rows:
            arrays.setdefault(row["stream"], []).append(
                [row["id"] if one == "id" else value_of(entity, row, one) for one in names]
            )
        return [
            {
                "Datastream@iot.navigationLink": f"{self._root}/Datastreams({stream})",
                "components": names,
                "dataArray@iot.count": len(values),
                "dataArray": values,
            }
            for stream, values in arrays.items()
        ]

    def references(
        self, entity: EntitySet, held: Sql, options: Options, address: str
    ) -> JsonObject:
        """Only the addresses of the entities."""
        rows, more, total = self._store.page(entity, held, options)
        found: JsonObject = {} if total is None else {"@iot.count": total}
        if more and rows:
            found["@iot.nextLink"] = _next(entity, options, rows, address)
        found["value"] = [{"@iot.selfLink": self.self_link(entity, row)} for row in rows]
        return found


def _next(entity: EntitySet, options: Options, rows: Sequence[Row], address: str) -> str:
    """By the last row's keys in the usual order, by $skip in an order that was asked for."""
    said = {k: v for k, v in options.said.items() if k not in ("$skip", "$skiptoken")}
    if options.order:
        top = USUAL if options.top is None else options.top
        said["$skip"] = str(options.skip + top)
    else:
        keys = keys_of(rows[-1], entity)
        said["$skiptoken"] = token_of(
            [one.isoformat() if isinstance(one, datetime) else one for one in keys]
        )
    return f"{address}?{urlencode(said)}"
