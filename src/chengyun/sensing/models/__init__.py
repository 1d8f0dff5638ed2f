"""The tables of sensing. Import models from here."""

from chengyun.sensing.models.things import (
    Datastream,
    ObservedProperty,
    Thing,
    ThingKind,
    ThingPlace,
)

__all__ = ["Datastream", "ObservedProperty", "Thing", "ThingKind", "ThingPlace"]
