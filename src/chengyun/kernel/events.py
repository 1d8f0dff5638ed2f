"""Events and how they are read: published inside the transaction, followed in commit order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from chengyun.kernel.actor import Actor
from chengyun.kernel.copy import NewRows, insert_together, pg_array
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import unstorable
from chengyun.kernel.registry import Registry

COLUMNS = {
    "id": "uuid",
    "name": "text",
    "subject_id": "uuid",
    "subject_version": "int",
    "area_no": "bigint",
    "unit_ids": "uuid[]",
    "actor_id": "uuid",
    "actor_kind": "text",
    "actor_name": "text",
    "occurred_at": "timestamptz",
    "recorded_at": "timestamptz",
    "data": "jsonb",
}


def _json(data: dict[str, Any]) -> str:
    try:
        return orjson.dumps(data).decode()
    except TypeError as error:
        raise unstorable("body") from error


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A fact about to be published. `unit_ids` are the units it concerns, before and after."""

    name: str
    subject_id: UUID
    subject_version: int
    area_no: int | None
    actor: Actor
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any]
    unit_ids: tuple[UUID, ...] = ()
    id: UUID = field(default_factory=new_id)

    def row(self) -> tuple[Any, ...]:
        """Column values in the order of the event table's insert."""
        return (
            self.id,
            self.name,
            self.subject_id,
            self.subject_version,
            self.area_no,
            pg_array(self.unit_ids),
            self.actor.id,
            self.actor.kind,
            self.actor.name,
            self.occurred_at,
            self.recorded_at,
            _json(self.data),
        )


@dataclass(frozen=True, slots=True)
class PastEvent:
    """An event as followers and reactions read it."""

    xid: int
    seq: int
    name: str
    subject_id: UUID
    subject_version: int
    area_no: int | None
    unit_ids: tuple[UUID, ...]
    actor_id: UUID | None
    occurred_at: datetime
    data: dict[str, Any]


Reaction = Callable[[Sequence[NewEvent]], None]
Follower = Callable[[Sequence[PastEvent], datetime], None]

_reactions: dict[str, list[Reaction]] = {}


@dataclass(frozen=True, slots=True)
class Following:
    """A follower: which event names it reads, and what it does with a batch."""

    names: frozenset[str]
    run: Follower
    batch: int = 500


followers: Registry[Following] = Registry("follower")


def on(*names: str) -> Callable[[Reaction], Reaction]:
    """React inside the same transaction (own tables only, quick)."""

    def add(reaction: Reaction) -> Reaction:
        for name in names:
            _reactions.setdefault(name, []).append(reaction)
        return reaction

    return add


def follow(key: str, *names: str, batch: int = 500) -> Callable[[Follower], Follower]:
    """Read events afterwards, in batches, at least once; the follower must be idempotent."""

    def add(run: Follower) -> Follower:
        followers.register(key, Following(frozenset(names), run, batch))
        return run

    return add


def publish(news: Sequence[NewEvent], *together: NewRows) -> None:
    """Write events in the current transaction and run the reactions to them.

    Args:
        together: rows of the publisher's own tables, written by the same statement.

    Raises:
        django.db.IntegrityError: a subject's version was already taken: somebody was faster.
    """
    insert_together(NewRows("kernel_event", COLUMNS, [event.row() for event in news]), *together)
    if _reactions:
        for name in {event.name for event in news}:
            for reaction in _reactions.get(name, ()):
                reaction([event for event in news if event.name == name])


_READ = """
SELECT xid, seq, name, subject_id, subject_version, area_no, unit_ids, actor_id, occurred_at, data
FROM kernel_event
WHERE (xid, seq) > (%s, %s) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY xid, seq LIMIT %s
"""


def read_after(xid: int, seq: int, limit: int) -> list[PastEvent]:
    """The next events in commit order after a position; never one that a slow commit could slip
    an earlier neighbour in front of."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [xid, seq, limit])
        return [_past(row) for row in cursor.fetchall()]


def newest() -> tuple[int, int]:
    """The position of the newest event that `read_after` would give."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xid, seq FROM kernel_event"
            " WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            " ORDER BY xid DESC, seq DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return (row[0], row[1]) if row else (0, 0)


def _past(row: Iterable[Any]) -> PastEvent:
    xid, seq, name, subject, version, area, units, actor, at, data = row
    return PastEvent(
        xid,
        seq,
        name,
        subject,
        version,
        area,
        tuple(units),
        actor,
        at,
        orjson.loads(data) if isinstance(data, str) else data,
    )
