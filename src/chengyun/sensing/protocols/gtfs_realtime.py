"""GTFS-realtime vehicle positions: moving things with speed and bearing.

Source: General Transit Feed Specification, realtime reference 2.0.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf.message import DecodeError
from google.transit.gtfs_realtime_pb2 import FeedMessage

from chengyun.sensing.decide.points import POINTS_MAX, Malformed, Message, Point


def decode(message: Message, mapping: Mapping[str, Any]) -> Sequence[Point]:
    """The points of one feed message: a place for each vehicle, its speed (m/s) and bearing (deg)
    where it tells them. Things are `mapping["prefix"]` and the vehicle's id.

    Raises:
        Malformed: it is no such message, or a vehicle stands outside the world.
    """
    feed = FeedMessage()
    try:
        feed.ParseFromString(message.payload)
    except DecodeError:
        raise Malformed("no_gtfs", "the payload is no GTFS-realtime message") from None
    if len(feed.entity) > POINTS_MAX:
        raise Malformed("too_many", f"more than {POINTS_MAX} vehicles in one message")
    prefix = str(mapping.get("prefix", ""))
    whole = int(feed.header.timestamp) or message.at_us // 1_000_000
    found: list[Point] = []
    for entity in feed.entity:
        if entity.HasField("vehicle") and entity.vehicle.HasField("position"):
            found += _points(prefix, whole, entity.vehicle)
    return found


def _points(prefix: str, whole: int, vehicle: Any) -> list[Point]:
    thing = f"{prefix}{vehicle.vehicle.id or vehicle.vehicle.label}"
    if thing == prefix:
        raise Malformed("no_thing", "a vehicle has neither id nor label")
    position = vehicle.position
    lon, lat = float(position.longitude), float(position.latitude)
    if not (math.isfinite(lon + lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise Malformed("bad_place", f"vehicle {thing[:40]} stands outside the world")
    at_us = (int(vehicle.timestamp) or whole) * 1_000_000
    found = [Point(thing, "", at_us, 0.0, "", lon, lat)]
    for field, unit in (("speed", "m/s"), ("bearing", "deg")):
        if position.HasField(field):
            value = float(getattr(position, field))
            if not math.isfinite(value):
                raise Malformed("not_finite", f"the {field} of {thing[:40]} is no number")
            found.append(Point(thing, field, at_us, value, unit, lon, lat))
    return found
