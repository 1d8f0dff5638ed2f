"""What may be registered and observed, as packs declare it."""

from typing import Any

from ninja import Schema

from chengyun.kernel.text import Text


class ThingKindsOut(Schema):
    items: list[dict[str, Any]]


class ObservedPropertyOut(Schema):
    id: str
    name: Text
    unit: str
    result: str
    values: list[str]
    definition: str
    pack: str


class PropertiesOut(Schema):
    items: list[ObservedPropertyOut]
