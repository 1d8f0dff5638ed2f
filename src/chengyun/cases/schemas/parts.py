"""Pieces that several shapes of cases are made of."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chengyun.kernel.text import Text

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Words = Annotated[str, StringConstraints(max_length=5_000)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


class Strict(BaseModel):
    """Input: a field we don't know is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class AreaBrief(BaseModel):
    no: int
    code: str
    name: Text
    level: str


class UnitBrief(BaseModel):
    id: UUID
    name: Text
    level: str


class KindBrief(BaseModel):
    id: str
    name: Text


class HandlerBrief(BaseModel):
    id: UUID
    name: str
