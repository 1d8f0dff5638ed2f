"""Which stream is which: names to numbers and facts, kept in each process until they change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection, transaction

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.prepared import hot_cursor
from chengyun.kernel.scope import working
from chengyun.sensing.decide.knowing import Columns, StreamFact, columns

_CHANGED = "SELECT changed FROM sensing_register WHERE no = 1"
_READ = """
SELECT d.no, d.id, d.code, t.id, t.code, t.name, t.kind_id, t.state, d.property_id, d.unit,
    d.result, coalesce(p.values, '{}'), d.low, d.high, d.jump, d.every_s, d.stuck_after_s,
    d.area_no, d.unit_ids, t.lon, t.lat, t.properties, t.private, d.changed
FROM sensing_datastream d JOIN sensing_thing t ON t.id = d.thing_id
LEFT JOIN sensing_observedproperty p ON p.id = d.property_id
WHERE d.changed > %s
"""


@dataclass
class Known:
    """All streams of the node at one change of the register."""

    changed: int = 0
    facts: dict[int, StreamFact] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    columns: Columns = field(default_factory=lambda: columns({}))


_known = Known()


def forget_streams() -> None:
    """Read the register anew next time (for tests, whose changes are rolled back)."""
    global _known
    _known = Known()


def known() -> Known:
    """The streams as of now; read again only where something changed, and only that."""
    global _known
    with hot_cursor() as cursor:
        cursor.execute(_CHANGED)
        changed: int = cursor.fetchone()[0]
    if changed != _known.changed:
        _known = _read_on(_known if changed > _known.changed else Known(), changed)
    return _known


def _read_on(old: Known, changed: int) -> Known:
    with transaction.atomic(), working(SYSTEM.scope()), connection.cursor() as cursor:
        cursor.execute(_READ, [old.changed])
        rows = cursor.fetchall()
    facts = {**old.facts, **{row[0]: _fact(row) for row in rows}}
    # A row may be newer than the number that was read before it: never older.
    numbers = {**old.numbers, **{(row[4], row[2]): row[0] for row in rows}}
    return Known(max([changed, *(row[-1] for row in rows)]), facts, numbers, columns(facts))


_PLAIN = (
    *("no", "id", "code", "thing_id", "thing_code", "thing_name", "kind", "state", "property"),
    *("unit", "result", "values", "low", "high", "jump", "every_s", "stuck_after_s", "area_no"),
    *("unit_ids", "lon", "lat", "thing_properties", "private"),
)


def _fact(row: Sequence[Any]) -> StreamFact:
    said: dict[str, Any] = dict(zip(_PLAIN, row, strict=False))
    said["values"], said["unit_ids"] = tuple(said["values"]), tuple(said["unit_ids"])
    if isinstance(said["thing_properties"], str):
        said["thing_properties"] = orjson.loads(said["thing_properties"])
    return StreamFact(**said)


def numbers(pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """(thing code, stream code) → `Datastream.no`, for those that exist."""
    found = known().numbers
    return {pair: found[pair] for pair in pairs if pair in found}


def facts(nos: Iterable[int]) -> dict[int, StreamFact]:
    """What is known of some streams. The caller checks rights: this knows every stream."""
    found = known().facts
    return {no: found[no] for no in nos if no in found}
