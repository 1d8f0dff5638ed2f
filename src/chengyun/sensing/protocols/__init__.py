"""The languages devices and feeds speak, one file each: a message in, points out, nothing else.

Every one is a pure function under the same conformance suite (tests/sensing/protocols).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chengyun.sensing.decide.points import Message, Point
from chengyun.sensing.protocols import gtfs_realtime, mapped, mqtt_json, senml, video_events

# (message, the feed's mapping) → points, or Malformed.
Decode = Callable[[Message, Mapping[str, Any]], Sequence[Point]]

protocols: dict[str, Decode] = {
    "mqtt_json": mqtt_json.decode,
    "senml": senml.decode,
    "mapped": mapped.decode,
    "video_events": video_events.decode,
    "gtfs_realtime": gtfs_realtime.decode,
}
