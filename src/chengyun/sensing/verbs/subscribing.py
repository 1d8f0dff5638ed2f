"""Subscriptions to entities, and what waits to be sent for them."""

from datetime import datetime, timedelta

from psycopg.types.json import Jsonb

from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.policy import check_may_keep
from chengyun.sensing.reads.subscriptions import Subscription, subscription
from chengyun.sensing.verbs.owning import own_place
from chengyun.sensing.verbs.statements import carry_out

KEPT_FOR = timedelta(days=2)
# As long as hourly figures of datastreams are kept unless their kind says otherwise.
PAST_KEPT = timedelta(days=1_095)


@verb("sensing.subscribe")
def subscribe(
    actor: Actor,
    *,
    now: datetime,
    uri: str,
    content: JsonObject,
    active: bool,
    expires_at: datetime | None,
    next_at: datetime | None,
) -> JsonObject:
    """Take a subscription on. Raises Conflict, Forbidden."""
    area_no, owner = own_place(actor)
    key = new_id()
    done = carry_out(
        "INSERT INTO sensing_contextsubscription (id, uri, content, owner_kind, owner_id, area_no,"
        " unit_ids, active, expires_at, next_at, created_at, modified_at) VALUES (%s, %s, %s, %s,"
        " %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (uri) DO NOTHING",
        [
            *(key, uri, Jsonb(content), actor.kind, actor.id, area_no, [owner] if owner else []),
            *(active, expires_at, next_at, now, now),
        ],
    )
    if not done:
        raise Conflict(f"There is a subscription {uri} already.", code="AlreadyExists")
    return {"id": str(key)}


@verb("sensing.change_subscription")
def change_subscription(
    actor: Actor,
    *,
    now: datetime,
    uri: str,
    content: JsonObject,
    active: bool,
    expires_at: datetime | None,
    next_at: datetime | None,
) -> JsonObject:
    """Change a subscription; from now on its owner is whoever changes it.

    Raises NotFound, Forbidden.
    """
    held = _kept(actor, uri)
    carry_out(
        "UPDATE sensing_contextsubscription SET content = %s, active = %s, expires_at = %s,"
        " next_at = %s, owner_kind = %s, owner_id = %s, modified_at = %s WHERE id = %s",
        [Jsonb(content), active, expires_at, next_at, actor.kind, actor.id, now, held.id],
    )
    return {"id": str(held.id)}


@verb("sensing.unsubscribe")
def unsubscribe(actor: Actor, *, now: datetime, uri: str) -> JsonObject:
    """Take a subscription away with what waits for it. Raises NotFound, Forbidden."""
    del now
    held = _kept(actor, uri)
    carry_out("DELETE FROM sensing_contextsubscription WHERE id = %s", [held.id])
    return {"id": str(held.id)}


def _kept(actor: Actor, uri: str) -> Subscription:
    held = subscription(actor, uri)
    if held is None:
        raise NotFound(f"There is no subscription {uri}.", code="ResourceNotFound")
    check_may_keep(actor, held.area_no, held.unit_ids[0] if held.unit_ids else None)
    return held


def forget_changes(now: datetime, most: int) -> int:
    """Forget changes that subscribers had two days for."""
    return carry_out(
        "DELETE FROM sensing_contextchange WHERE seq IN (SELECT seq FROM sensing_contextchange"
        " WHERE at < %s ORDER BY seq LIMIT %s)",
        [now - KEPT_FOR, most],
    )


def forget_past(now: datetime, most: int) -> int:
    """Forget what was said of entities longer ago than PAST_KEPT, and entities that were only past
    and have none left."""
    done = carry_out(
        "DELETE FROM sensing_contextinstance WHERE id IN (SELECT id FROM sensing_contextinstance"
        " WHERE modified_at < %s ORDER BY modified_at LIMIT %s)",
        [now - PAST_KEPT, most],
    )
    return done + carry_out(
        "DELETE FROM sensing_contextentity WHERE id IN (SELECT id FROM sensing_contextentity e"
        " WHERE NOT current AND modified_at < %s AND NOT EXISTS (SELECT FROM"
        " sensing_contextinstance i WHERE i.entity_id = e.id) LIMIT %s)",
        [now - PAST_KEPT, most],
    )
