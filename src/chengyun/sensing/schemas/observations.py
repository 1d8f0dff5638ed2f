"""Readings, in and out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.sensing.schemas.streams import HealthState, NewestOut

MOST_READINGS = 20_000


class ReadingIn(Schema):
    """A number (a truth is 0 or 1), or a word of a category."""

    thing: str = Field(min_length=1, max_length=64)
    stream: str = Field(min_length=1, max_length=64)
    at: datetime
    value: float | str


class ReadingsIn(Schema):
    items: list[ReadingIn] = Field(min_length=1, max_length=MOST_READINGS)


class RefusedOut(Schema):
    row: int
    field: str
    reason: str
    code: str


class TakenOut(Schema):
    """What became of the readings; each is in exactly one of stored, duplicates, corrected and
    refused. `late` counts those stored that are older than the newest of their stream."""

    stored: int
    duplicates: int
    corrected: int
    late: int
    refused: list[RefusedOut]


class ObservationsQuery(Schema):
    """`flags`: names, separated by commas, of which a reading has all."""

    start: Annotated[datetime, Field(alias="from")]
    end: Annotated[datetime, Field(alias="to")]
    flags: str | None = Field(default=None, max_length=100)
    newest_first: bool = False
    cursor: str | None = None
    limit: int | None = None


class ObservationOut(Schema):
    at: datetime
    value: float | None
    word: str | None
    flags: list[str]


class ObservationsOut(Schema):
    no: int
    unit: str
    result: str
    items: list[ObservationOut]
    next: str | None


class AggregatesQuery(Schema):
    """`window_s` in seconds; `percentiles` as 50,95,99."""

    start: Annotated[datetime, Field(alias="from")]
    end: Annotated[datetime, Field(alias="to")]
    window_s: float = Field(default=3_600, gt=0, le=400 * 86_400)
    percentiles: str = Field(default="", max_length=100)


class WindowOut(Schema):
    begins: datetime
    n: int
    min: float
    max: float
    mean: float
    sum: float
    percentiles: dict[str, float]


class AggregatesOut(Schema):
    """`source`: worked out of single `readings`, or of figures by the hour."""

    no: int
    unit: str
    result: str
    source: str
    window_s: float
    items: list[WindowOut]


class LatestQuery(Schema):
    bbox: str = Field(max_length=200)
    kind: str | None = Field(default=None, max_length=64)
    property: str | None = Field(default=None, max_length=64)


class LatestLine(Schema):
    no: int
    thing_id: UUID
    code: str
    name: str
    kind_id: str
    property_id: str
    unit: str
    lon: float
    lat: float
    simulated: bool
    health: HealthState
    age_s: float | None
    newest: NewestOut | None


class LatestOut(Schema):
    items: list[LatestLine]
    truncated: bool
