"""What every declaration shares: strict fields, names in two languages, provenance."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$", max_length=80)]
"""A local id: lower-case letters, digits and single dashes, dots or underscores."""

Scheme = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$", max_length=40)]
"""The id of a coding scheme. It is part of every kind's key, since schemes disagree."""

LimitText = Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,2})?(UH|WH|WD|ND)$")]
"""A time limit: `2UH` emergency hours, `0.5WH` working hours, `5WD` working days, `2ND` days."""

AreaLevel = Annotated[str, Field(pattern=r"^(city|district|street|community)$")]

Source = Literal[
    "collector", "public", "hotline", "leader", "video", "sensor", "transfer", "open311"
]
"""Where a report came from."""

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class Declared(BaseModel):
    """A strict, immutable declaration: unknown fields and wrong types are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Name(Declared):
    """A name or sentence in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Provenance(Declared):
    """Where a file's facts come from and since when the product applies them.

    `effective_from` is the first day the product uses the file, which need not be the day its
    source took effect. `verified` stays false until a person has compared it with the source.
    """

    source: str = Field(min_length=1)
    effective_from: date
    verified: bool = False
    note: str = ""
