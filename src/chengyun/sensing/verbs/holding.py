"""Messages that could not be taken: held as they came, bounded, driven again or dropped."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from chengyun.kernel.ids import new_id
from chengyun.sensing.decide.naming import Fault
from chengyun.sensing.decide.points import Message
from chengyun.sensing.models import HeldMessage, Thing

# A thing that talks nonsense may not fill the disk: the newest this many are kept.
HELD_PER_THING = 200
HELD_FOR = timedelta(days=30)
# Faults of the words themselves: the same words again are the same fault, whenever they come.
_OF_THE_WORDS = frozenset(
    {"no_json", "too_deep", "bad_list", "empty", "no_stream", "no_gtfs", "tells_who", "picture"}
)
# Who was seen is not kept, not even to show what was wrong.
_NEVER_KEPT = frozenset({"video_events"})

_HOLD = """
INSERT INTO sensing_heldmessage AS h (id, mark, first_at, last_at, times, door, protocol, feed_id,
  thing_code, topic, payload, size, received_us, reason, detail, state, area_no, unit_ids)
VALUES (%s, %s, %s, %s, 1, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'held', %s, %s::uuid[])
ON CONFLICT (mark) DO UPDATE SET times = h.times + 1, last_at = excluded.last_at, state = 'held'
"""
_BOUND = """
DELETE FROM sensing_heldmessage WHERE id IN (
  SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY thing_code ORDER BY last_at DESC) AS n
    FROM sensing_heldmessage WHERE thing_code = ANY(%s)) ranked WHERE n > %s)
"""


@dataclass(frozen=True, slots=True)
class Home:
    """Whose a message is: an area and units."""

    area_no: int
    unit_ids: tuple[UUID, ...] = ()


def hold(
    messages: Sequence[Message],
    faults: Sequence[Fault],
    door: str,
    protocol: str,
    feed_id: UUID | None,
    home: Home | None,
    *,
    now: datetime,
) -> None:
    """Keep the messages that have a fault, each once, with its first fault and how many there are.

    The caller has opened the transaction and sees everything.
    """
    by_message: dict[int, list[Fault]] = {}
    for fault in faults:
        by_message.setdefault(fault.message, []).append(fault)
    codes = {messages[index].thing for index in by_message}
    homes = {
        code: Home(area_no, tuple(unit_ids))
        for code, area_no, unit_ids in Thing.objects.filter(code__in=codes).values_list(
            "code", "area_no", "unit_ids"
        )
    }
    rows = []
    for index, found in by_message.items():
        message, first = messages[index], found[0]
        place = home or homes.get(message.thing) or Home(0)
        detail = first.reason if len(found) == 1 else f"{first.reason} (and {len(found) - 1} more)"
        rows.append(
            [
                new_id(),
                _mark(message, first, door, protocol, feed_id),
                *(now, now),
                *(door, protocol, feed_id),
                *(_text(message.thing, 64), _text(message.topic, 300)),
                *(b"" if protocol in _NEVER_KEPT else message.payload, len(message.payload)),
                message.at_us,
                *(first.code, _text(detail, 400)),
                *(place.area_no, [str(unit) for unit in place.unit_ids]),
            ]
        )
    with connection.cursor() as cursor:
        cursor.executemany(_HOLD, rows)
        cursor.execute(_BOUND, [[_text(code, 64) for code in codes], HELD_PER_THING])


def _mark(message: Message, fault: Fault, door: str, protocol: str, feed: UUID | None) -> bytes:
    when = "" if fault.code in _OF_THE_WORDS else message.at_us
    head = f"{door}\0{protocol}\0{feed}\0{message.thing}\0{message.topic}\0{fault.code}\0{when}\0"
    return hashlib.sha256(head.encode("utf-8", "replace") + message.payload).digest()


def _text(said: str, most: int) -> str:
    return said.replace("\0", "�").encode("utf-8", "replace").decode()[:most]


def expire(now: datetime, limit: int) -> int:
    """Remove messages that had their time; how many."""
    old = HeldMessage.objects.filter(last_at__lt=now - HELD_FOR).order_by("last_at")
    ids = list(old.values_list("id", flat=True)[:limit])
    HeldMessage.objects.filter(id__in=ids).delete()
    return len(ids)
