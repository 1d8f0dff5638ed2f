"""Messages from any door become readings, or are held with a reason: none is lost in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import working
from chengyun.sensing.decide.naming import Decoded, Fault, Known, readings
from chengyun.sensing.decide.points import Malformed, Message
from chengyun.sensing.decide.readings import Receipt
from chengyun.sensing.models import Feed
from chengyun.sensing.protocols import protocols
from chengyun.sensing.reads.streams import facts, numbers
from chengyun.sensing.verbs.holding import Home, hold
from chengyun.sensing.verbs.taking import take
from chengyun.sensing.verbs.tracking import track

_WORDY = ("category", "text")


@dataclass(frozen=True)
class Door:
    """Which way messages came.

    Attributes:
        name: as the batch log and the held messages name it: `mqtt`, `http`, `webhook`, ….
        protocol: of `protocols`.
        home: where a message that names no thing of ours belongs; a feed's area.
        area_no: things outside are refused; none: the door has proved which thing speaks.
    """

    name: str
    protocol: str
    mapping: Mapping[str, Any] = field(default_factory=dict)
    home: Home | None = None
    area_no: int | None = None
    feed_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of the messages: the store's receipt, and the faults by message."""

    receipt: Receipt
    faults: Sequence[Fault]


MQTT = Door("mqtt", "mqtt_json")


def arrive(messages: Sequence[Message], door: Door, *, now: datetime) -> Arrived:
    """Take what is right of the messages and hold what is not; both are committed on return, or in
    the caller's transaction. Nothing is kept twice when the same messages come again.
    """
    taken = decide(messages, door, now=now)
    if taken.faults:
        with transaction.atomic(), working(SYSTEM.scope()):
            hold(messages, taken.faults, door.name, door.protocol, door.feed_id, door.home, now=now)
    return taken


def decide(messages: Sequence[Message], door: Door, *, now: datetime) -> Arrived:
    """Take what is right and say what is not."""
    decoded = _decoded(messages, door)
    named = {(point.thing, point.stream) for point in decoded.points if point.stream}
    found = numbers(list(named))
    about = facts(found.values())
    if door.area_no is not None:
        # A stream outside looks as if it did not exist.
        low, high = areas.span(door.area_no)
        found = {pair: no for pair, no in found.items() if low <= about[no].area_no <= high}
    known = {no: Known(about[no].unit, about[no].result in _WORDY) for no in found.values()}
    columns, source = readings(decoded, messages, found, known)
    receipt = take(columns, now=now, door=door.name) if len(columns) else Receipt(0, 0, 0, 0)
    decoded.faults += [
        Fault(source[one.row], one.code, f"{one.field}: {one.reason}") for one in receipt.refused
    ]
    track(decoded, door.area_no)
    return Arrived(receipt, decoded.faults)


def _decoded(messages: Sequence[Message], door: Door) -> Decoded:
    decode, found = protocols[door.protocol], Decoded()
    for index, message in enumerate(messages):
        try:
            points = decode(message, door.mapping)
        except Malformed as fault:
            found.faults.append(Fault(index, fault.code, fault.reason))
        except RecursionError:
            found.faults.append(Fault(index, "too_deep", "nested too deep"))
        else:
            found.points += points
            found.source += [index] * len(points)
    return found


def hold_back(message: Message, door: Door, reason: str, *, now: datetime) -> None:
    """Hold a message that broke the taking itself."""
    fault = Fault(0, "breaks_taking", reason)
    with transaction.atomic(), working(SYSTEM.scope()):
        hold([message], [fault], door.name, door.protocol, door.feed_id, door.home, now=now)


def door_of(feed: Feed) -> Door:
    """The door a feed's messages come through."""
    return Door(
        name=feed.kind,
        protocol=feed.protocol,
        mapping=feed.mapping,
        home=Home(feed.area_no, tuple(feed.unit_ids)),
        area_no=feed.area_no,
        feed_id=feed.id,
    )
