"""What everybody sees: warnings and the public map."""

from pydantic import BaseModel

from chengyun.cases.schemas.parts import AreaBrief
from chengyun.kernel.text import Text


class StopperOut(BaseModel):
    id: str
    numbers: list[str]
    text: Text
    kinds: list[str]


class StoppersOut(BaseModel):
    items: list[StopperOut]


class PublicCase(BaseModel):
    no: str
    kind_id: str | None
    kind: Text | None
    state: str
    state_name: Text
    day: str
    closed_day: str | None
    area: AreaBrief | None
    photos: list[str]
    simulated: bool


class PublicPoint(BaseModel):
    type: str
    coordinates: list[float]


class PublicFeature(BaseModel):
    type: str
    id: str
    geometry: PublicPoint
    properties: PublicCase


class PublicMapOut(BaseModel):
    """GeoJSON; `truncated` where there were more than fit."""

    type: str
    truncated: bool
    features: list[PublicFeature]
