"""Subscriptions to entities, and the changes that they are told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject
from chengyun.sensing.decide.subscribing import Told
from chengyun.sensing.reads.batches import DONE
from chengyun.sensing.reads.context import read_json, seen

_COLUMNS = (
    "id, uri, content, owner_kind, owner_id, area_no, unit_ids, active, expires_at, next_at, sent,"
    " failed, last_at, last_ok_at, last_fault_at, last_fault, created_at, modified_at"
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as it is kept; `content` has its names in full and the body as it was said."""

    id: UUID
    uri: str
    content: JsonObject
    owner_kind: str
    owner_id: UUID
    area_no: int
    unit_ids: list[UUID]
    active: bool
    expires_at: datetime | None
    next_at: datetime | None
    sent: int
    failed: int
    last_at: datetime | None
    last_ok_at: datetime | None
    last_fault_at: datetime | None
    last_fault: str
    created_at: datetime
    modified_at: datetime

    def live(self, now: datetime) -> bool:
        """Whether it is told of anything now."""
        return self.active and (self.expires_at is None or now < self.expires_at)


def subscription(actor: Actor, uri: str) -> Subscription | None:
    """The subscription in sight by its name."""
    sight, values = seen(actor)
    found = _read(f"uri = %s AND {sight}", [uri, *values])
    return found[0] if found else None


def subscription_by_key(key: UUID) -> Subscription | None:
    """The subscription by its key."""
    found = _read("id = %s", [key])
    return found[0] if found else None


def subscriptions(actor: Actor, limit: int = 1_000_000, offset: int = 0) -> list[Subscription]:
    """Subscriptions in sight by age."""
    sight, values = seen(actor)
    paged = f"{sight} ORDER BY created_at, id LIMIT %s OFFSET %s"
    return _read(paged, [*values, limit, offset])


def live_subscriptions() -> list[Subscription]:
    """Those that are told of changes."""
    return _read("active", [])


def changes_after(xid: int, seq: int, limit: int) -> tuple[list[Told], tuple[int, int]]:
    """The next changes in commit order after a position, and the position after them."""
    rows = _rows(
        "SELECT xid, seq, uri, types, attrs, kind FROM sensing_contextchange"  # noqa: S608
        f" WHERE (xid, seq) > (%s, %s) AND {DONE} ORDER BY xid, seq LIMIT %s",
        [xid, seq, limit],
    )
    found = [Told(row[2], frozenset(row[3]), frozenset(row[4]), row[5]) for row in rows]
    return found, (rows[-1][0], rows[-1][1]) if rows else (xid, seq)


def position() -> tuple[int, int, int, int] | None:
    """How far changes and batches of readings were looked at, locked for this transaction; None
    while somebody else looks."""
    rows = _rows(
        "SELECT change_xid, change_seq, batch_xid, batch_seq FROM sensing_contextcursor"
        " WHERE no = 1 FOR UPDATE SKIP LOCKED",
        [],
    )
    if not rows:
        return None
    change_xid, change_seq, batch_xid, batch_seq = rows[0]
    return change_xid, change_seq, batch_xid, batch_seq


def _read(condition: str, values: Sequence[Any]) -> list[Subscription]:
    asked = f"SELECT {_COLUMNS} FROM sensing_contextsubscription WHERE {condition}"  # noqa: S608
    rows = [list(row) for row in _rows(asked, values)]
    for row in rows:
        row[2] = read_json(row[2])
    return [Subscription(*row) for row in rows]


def _rows(asked: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
