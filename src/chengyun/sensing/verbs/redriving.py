"""Held messages again: driven through the door once the cause was put right, or dropped."""

from datetime import datetime
from uuid import UUID

from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import Conflict, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.sensing.decide.points import Message
from chengyun.sensing.models import Feed, HeldMessage
from chengyun.sensing.policy import check_may_keep_devices
from chengyun.sensing.verbs.arriving import Door, decide, door_of


def _held(actor: Actor, held: UUID) -> HeldMessage:
    row = HeldMessage.objects.visible_to(actor).select_for_update().filter(pk=held).first()
    if row is None:
        raise NotFound
    check_may_keep_devices(actor, row.area_no, row.unit_ids)
    if row.state != "held":
        raise Conflict("The message is held no more.", code="not_held")
    return row


@verb("sensing.redrive_message")
def redrive_message(actor: Actor, *, now: datetime, held: UUID) -> JsonObject:
    """Drive a held message through its door again, as of when it came. What of it was taken before
    is known already and counts once."""
    row = _held(actor, held)
    door = Door(row.door, row.protocol)
    if row.feed_id is not None:
        feed = Feed.objects.filter(pk=row.feed_id).first()
        if feed is None:
            raise Conflict("Its feed is gone.", code="no_feed")
        door = door_of(feed)
    stream = row.topic.rpartition("/")[2] if row.door == "mqtt" else ""
    message = Message(row.thing_code, stream, bytes(row.payload), row.received_us, row.topic)
    done = decide([message], door, now=now)
    if done.faults:
        row.reason, row.detail = done.faults[0].code, done.faults[0].reason[:400]
    else:
        row.state = "redriven"
    row.last_at = now
    row.save(update_fields=["state", "reason", "detail", "last_at"])
    return {
        "id": str(row.id),
        "state": row.state,
        "stored": done.receipt.stored,
        "duplicates": done.receipt.duplicates,
        "reason": row.reason if done.faults else "",
        "detail": row.detail if done.faults else "",
    }


@verb("sensing.drop_message")
def drop_message(actor: Actor, *, now: datetime, held: UUID) -> JsonObject:
    """Say that a held message is of no use; it goes with the next clearing."""
    row = _held(actor, held)
    row.state, row.last_at = "dropped", now
    row.save(update_fields=["state", "last_at"])
    return {"id": str(row.id)}
