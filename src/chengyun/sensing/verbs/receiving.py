"""What comes over HTTP: one message each, taken in the request's own transaction."""

import hashlib
from datetime import datetime

from django.db import connection

from chengyun.kernel.problems import Conflict
from chengyun.kernel.text import JsonObject
from chengyun.kernel.throttle import knock
from chengyun.sensing.decide.naming import microseconds
from chengyun.sensing.decide.points import Message
from chengyun.sensing.models import Feed
from chengyun.sensing.verbs.arriving import Arrived, Door, arrive, door_of
from chengyun.sensing.verbs.polling import note_heard

MESSAGES_A_MINUTE = 1_200
FEED_MESSAGES_A_MINUTE = 6_000
_REFUSED_SHOWN = 100
HTTP = Door("http", "mqtt_json")

_FIRST_TIME = (
    "INSERT INTO kernel_idempotencykey (owner, key, verb, digest, created_at, receipt)"
    " VALUES (%s, %s, 'sensing.webhook', %s, %s, '{}') ON CONFLICT DO NOTHING"
)


def _said(arrived: Arrived) -> JsonObject:
    receipt = arrived.receipt
    refused = [
        {"field": "body", "reason": fault.reason, "code": fault.code}
        for fault in arrived.faults[:_REFUSED_SHOWN]
    ]
    return {
        "stored": receipt.stored,
        "duplicates": receipt.duplicates,
        "corrected": receipt.corrected,
        "late": receipt.late,
        "refused": refused,
    }


def of_device(thing: str, body: bytes, *, now: datetime) -> JsonObject:
    """A device's message.

    Raises:
        TooMany: it says more than a device may.
    """
    knock("device", thing, limit=MESSAGES_A_MINUTE, seconds=60, now=now)
    message = Message(thing, "batch", body, microseconds(now), f"http/{thing}")
    return _said(arrive([message], HTTP, now=now))


def of_feed(feed: Feed, body: bytes, signature: str, *, now: datetime) -> JsonObject:
    """A webhook's message.

    Raises:
        TooMany: it is called more often than a feed may be.
        Conflict: a signed message came a second time.
    """
    knock("feed", str(feed.id), limit=FEED_MESSAGES_A_MINUTE, seconds=60, now=now)
    if signature:
        digest = hashlib.sha256(body).digest()
        with connection.cursor() as cursor:
            cursor.execute(_FIRST_TIME, [f"feed:{feed.id}", signature[:200], digest, now])
            if cursor.rowcount == 0:
                raise Conflict("This signed message was taken already.", code="replayed")
    message = Message("", "", body, microseconds(now), f"feeds/{feed.code}")
    done = arrive([message], door_of(feed), now=now)
    note_heard(feed.id, now=now)
    return _said(done)
