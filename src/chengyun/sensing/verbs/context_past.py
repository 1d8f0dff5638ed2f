"""What was said of entities, told and corrected afterwards."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.decide.context import Attributes, Changed, Instance, told
from chengyun.sensing.verbs.context import (
    check_kept,
    held_row,
    is_taken,
    kept_row,
    make,
    remember,
)
from chengyun.sensing.verbs.statements import carry_out


@verb("sensing.tell_past")
def tell_past(
    actor: Actor, *, now: datetime, uri: str, types: Sequence[str], attrs: Attributes
) -> JsonObject:
    """Add instances to an entity's history; an entity that is not there is made, not current.

    Returns {"created"}. Raises Forbidden, Conflict, NotFound.
    """
    row = held_row(uri)
    if row is None:
        if not types:
            raise NotFound(f"There is no entity {uri}.", code="ResourceNotFound")
        if is_taken(uri):
            raise Conflict(f"There is an entity {uri} already.", code="AlreadyExists")
        key = make(actor, None, uri, types, (), Changed({}), now, current=False)
    else:
        check_kept(actor, row)
        key = row[0]
    at = told(now)
    written = [
        (name, {**one, "createdAt": at, "modifiedAt": at})
        for name, instances in attrs.items()
        for one in instances
    ]
    remember(key, Changed({}, written=written), now)
    return {"id": str(key), "created": row is None}


@verb("sensing.change_past")
def change_past(
    actor: Actor,
    *,
    now: datetime,
    uri: str,
    attr: str,
    instance: str | None,
    dataset: str | None = None,
    said: Instance | None = None,
) -> JsonObject:
    """Correct (`said`) or remove one instance of an attribute's history, or all of a data set.

    Raises NotFound, Forbidden.
    """
    row = kept_row(actor, uri, past=True)
    condition, values = "entity_id = %s AND attr = %s", [row[0], attr]
    if instance is not None:
        try:
            values.append(UUID(instance.rpartition(":")[2]))
        except ValueError as error:
            raise NotFound("There is no such instance.", code="ResourceNotFound") from error
        condition += " AND id = %s"
    elif dataset != "*":
        condition, values = condition + " AND dataset = %s", [*values, dataset or ""]
    if said is None:
        done = carry_out(f"DELETE FROM sensing_contextinstance WHERE {condition}", values)  # noqa: S608
    else:
        done = carry_out(
            "UPDATE sensing_contextinstance SET content = content || %s, modified_at = %s,"  # noqa: S608
            f" observed_at = coalesce(%s, observed_at) WHERE {condition}",
            [Jsonb(said), now, said.get("observedAt"), *values],
        )
    if not done:
        raise NotFound("There is no such instance.", code="ResourceNotFound")
    return {"id": str(row[0])}
