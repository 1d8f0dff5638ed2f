"""Shapes that places takes and gives over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text


class NamedArea(Schema):
    """An area as every screen knows it."""

    no: int
    code: str
    name: Text
    level: str


class RegionOut(NamedArea):
    """An area in a list of regions."""

    synthetic: bool
    center: tuple[float, float] | None


class RegionThenOut(NamedArea):
    """A region as it was: since when, and its outline as GeoJSON."""

    valid_from: date
    boundary: dict[str, Any] | None


class RegionsOut(Schema):
    items: list[RegionOut]


class GridRef(Schema):
    code: str


class LocateOut(Schema):
    """The path of areas that hold a point, city first, and its base grid."""

    areas: list[NamedArea]
    grid: GridRef | None


class GridOut(Schema):
    """One grid of a layer."""

    code: str
    area_no: int
    size_m2: float
    synthetic: bool


class GridsOut(Schema):
    items: list[GridOut]
    next: str | None


class LayerGrid(Schema):
    """The grid of another layer that a base grid lies in, with its share of the base grid."""

    code: str
    owner: str
    share: float


class OwnersRow(Schema):
    """One line of the one owner list: a base grid and what lies over it, per layer."""

    code: str
    area_no: int
    owner: str
    layers: dict[str, list[LayerGrid]]


class OwnersOut(Schema):
    items: list[OwnersRow]
    next: str | None


class OwnerIn(Schema):
    """Who answers for a grid from now on."""

    owner_id: UUID | None = None
    owner_name: str = Field(min_length=1, max_length=200)


class LayerOut(Schema):
    code: str
    name: Text


class LayersOut(Schema):
    items: list[LayerOut]


class FeatureCollection(Schema):
    """GeoJSON (RFC 7946)."""

    type: str
    features: list[dict[str, Any]]
    truncated: bool = False
