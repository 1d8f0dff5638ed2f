"""The siting report."""

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text


class SitingQuery(Schema):
    kind: str = Field(min_length=1, max_length=64)
    area: int | None = None
    reach_m: float | None = Field(default=None, gt=0, le=50_000)


class StreetCover(Schema):
    area_no: int
    name: Text | None
    cells: int
    covered: int


class BlindOut(Schema):
    code: str
    area_no: int
    lon: float
    lat: float
    nearest_m: float | None


class SitingOut(Schema):
    kind: str
    name: Text
    area_no: int
    reach_m: float
    things: int
    cells: int
    covered: int
    streets: list[StreetCover]
    blind: list[BlindOut]
    truncated: bool
