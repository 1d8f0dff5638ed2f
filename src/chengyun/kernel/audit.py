"""The audit log: every command, done or refused."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.prepared import hot_cursor

DONE = "done"
WRITE = (
    "INSERT INTO kernel_auditentry"
    " (id, at, actor_id, actor_kind, actor_name, verb, subject_id, outcome, fields, count)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::text[], %s)"
)


def values(
    actor: Actor,
    verb: str,
    *,
    now: datetime,
    subject: UUID | str | None = None,
    outcome: str = DONE,
    fields: Iterable[str] = (),
    count: int = 1,
) -> list[Any]:
    """The parameters of WRITE, for a statement that does more besides."""
    return [
        new_id(),
        now,
        actor.id,
        actor.kind,
        actor.name,
        verb,
        subject,
        outcome,
        sorted(fields),
        count,
    ]


def write(
    actor: Actor,
    verb: str,
    *,
    now: datetime,
    subject: UUID | str | None = None,
    outcome: str = DONE,
    fields: Iterable[str] = (),
    count: int = 1,
) -> None:
    """Add one entry in the current transaction; if it cannot be written, the act fails with it."""
    said = values(
        actor, verb, now=now, subject=subject, outcome=outcome, fields=fields, count=count
    )
    with hot_cursor() as cursor:
        cursor.execute(WRITE, said)
