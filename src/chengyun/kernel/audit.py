"""The audit log: every command, done or refused."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id

DONE = "done"
_WRITE = (
    "INSERT INTO kernel_auditentry"
    " (id, at, actor_id, actor_kind, actor_name, verb, subject_id, outcome, fields, count)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


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
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            [
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
            ],
        )
