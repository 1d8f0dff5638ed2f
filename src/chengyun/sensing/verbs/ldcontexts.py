"""JSON-LD contexts that are hosted here or kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.verbs.owning import own_place
from chengyun.sensing.verbs.statements import carry_out


@verb("sensing.keep_ldcontext")
def keep_ldcontext(
    actor: Actor, *, now: datetime, body: JsonObject, address: str = ""
) -> JsonObject:
    """Host an @context, or keep a copy of a remote one. Returns its id.

    Raises Forbidden: hosting is for those who keep things.
    """
    if not address:
        own_place(actor)
    row: list[Any] = [new_id(), address, "Cached" if address else "Hosted", Jsonb(body), now]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sensing_ldcontext (id, address, kind, body, created_at)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (address) WHERE address <> ''"
            " DO UPDATE SET body = excluded.body, created_at = excluded.created_at RETURNING id",
            row,
        )
        return {"id": str(cursor.fetchone()[0])}


@verb("sensing.drop_ldcontext")
def drop_ldcontext(actor: Actor, *, now: datetime, context: UUID) -> JsonObject:
    """Stop hosting an @context. Raises Forbidden."""
    del now
    own_place(actor)
    carry_out("DELETE FROM sensing_ldcontext WHERE id = %s", [context])
    return {"id": str(context)}
