"""The tables of sensing. Import models from here."""

from chengyun.sensing.models.caring import Calibration, Maintenance, Share
from chengyun.sensing.models.device_keys import DeviceKey
from chengyun.sensing.models.feeds import Feed
from chengyun.sensing.models.health import StreamHealth
from chengyun.sensing.models.held import HeldMessage
from chengyun.sensing.models.things import (
    Datastream,
    ObservedProperty,
    Thing,
    ThingKind,
    ThingPlace,
)

__all__ = [
    "Calibration",
    "Datastream",
    "DeviceKey",
    "Feed",
    "HeldMessage",
    "Maintenance",
    "ObservedProperty",
    "Share",
    "StreamHealth",
    "Thing",
    "ThingKind",
    "ThingPlace",
]
