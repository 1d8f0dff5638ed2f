"""Shapes of the layer catalogue, transforms and the base map."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text


class PropertyOut(Schema):
    name: str
    type: str


class MapLayerOut(Schema):
    """A layer as the catalogue shows it."""

    id: UUID
    code: str
    name: Text
    owner: str
    grade: int
    public: bool
    source: str
    dated: date | None
    licence: str
    role: str
    style: dict[str, Any]
    geometry: str
    properties: list[PropertyOut]
    min_zoom: float
    max_zoom: float
    synthetic: bool
    version: int
    count: int
    bbox: tuple[float, float, float, float] | None
    changed_at: datetime


class MapLayersOut(Schema):
    items: list[MapLayerOut]


class LayerVersionOut(Schema):
    """One change to a layer."""

    number: int
    at: datetime
    made_by_name: str
    source: str
    file_name: str
    set_id: UUID | None
    datum: str
    accuracy_m: float | None
    added: int
    changed: int
    retired: int


class LayerVersionsOut(Schema):
    items: list[LayerVersionOut]


class MapLayerIn(Schema):
    """What a layer's entry shall say; what is left out stays."""

    name: Text | None = None
    owner_id: UUID | None = None
    owner_name: str | None = Field(default=None, max_length=200)
    grade: int | None = None
    public: bool | None = None
    source: str | None = Field(default=None, max_length=500)
    dated: date | None = None
    licence: str | None = Field(default=None, max_length=200)
    role: str | None = None
    style: dict[str, Any] | None = None
    min_zoom: float | None = None
    max_zoom: float | None = None


class LayerKept(Schema):
    id: UUID
    code: str
    created: bool


Pair = Annotated[list[float], Field(min_length=2, max_length=2)]


class TransformIn(Schema):
    """x/y pairs (lon/lat or east/north) of one frame, wanted in another."""

    source: str = Field(max_length=80)
    target: str = Field(max_length=80)
    points: list[Pair] = Field(min_length=1, max_length=100_000)
    purpose: str = Field(default="", max_length=200)


class BadPoint(Schema):
    row: int
    reason: str


class TransformOut(Schema):
    """Points in the target frame (null where refused) and what moving them cost in metres."""

    points: list[Pair | None]
    accuracy_m: float
    source: str
    target: str
    bad: list[BadPoint]
    count: int


class UseOut(Schema):
    at: datetime
    actor_name: str
    purpose: str
    source: str
    target: str
    rows: int
    refused: int
    accuracy_m: float


class UsesOut(Schema):
    items: list[UseOut]


class EngineeringGridOut(Schema):
    """One tie of an engineering grid, with what its control points left over."""

    code: str
    name: Text
    method: str
    rms_m: float
    worst_m: float
    points: int
    source: str
    verified: bool
    valid_from: date


class EngineeringGridsOut(Schema):
    items: list[EngineeringGridOut]
