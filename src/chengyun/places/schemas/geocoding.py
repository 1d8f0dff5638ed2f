"""Shapes of the geocoder's answers."""

from ninja import Schema

from chengyun.kernel.text import Text
from chengyun.places.schemas.areas import LocateOut


class PartOut(Schema):
    """A part of an address as the model in use read it, and how sure it is."""

    part: str
    text: str
    confidence: float


class PlaceFound(Schema):
    """One answer of the geocoder; `id` is empty where it is no single standard address."""

    id: str
    code: str
    text: str
    level: str
    score: float
    areas: list[str]
    lon: float | None
    lat: float | None
    reason: Text


class GeocodeOut(Schema):
    """`unique`: the first may be used without asking; `candidates`: a person chooses."""

    verdict: str
    parts: list[PartOut]
    items: list[PlaceFound]


class NearOut(Schema):
    """A standard address near a point."""

    id: str
    code: str
    text: str
    areas: list[str]
    lon: float
    lat: float
    metres: float


class ReverseOut(LocateOut):
    addresses: list[NearOut]


class CompletionOut(Schema):
    """One offer while somebody types."""

    text: str
    areas: list[str]
    id: str
    lon: float | None
    lat: float | None


class CompletionsOut(Schema):
    items: list[CompletionOut]
