"""Streams with their newest readings and how they are."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text

HealthState = Literal["silent", "fine", "dead", "stuck", "drifting"]


class NewestOut(Schema):
    """`since`: from when on it has had this value."""

    at: datetime
    since: datetime
    received: datetime
    value: float | None
    word: str | None
    flags: list[str]


class StreamHealthOut(Schema):
    """`why` holds the figures that the finding rests on."""

    state: HealthState
    since: datetime | None
    why: dict[str, Any]
    checked_at: datetime | None


class StreamLine(Schema):
    no: int
    id: UUID
    thing_id: UUID
    code: str
    property_id: str
    name: Text | None
    unit: str
    result: str
    low: float | None
    high: float | None
    every_s: int
    stuck_after_s: int | None
    jump: float | None
    keep_days: int
    keep_hours_days: int
    properties: dict[str, Any]
    newest: NewestOut | None
    health: StreamHealthOut


class StreamsOut(Schema):
    items: list[StreamLine]


class StreamChangeIn(Schema):
    low: float | None = None
    high: float | None = None
    every_s: int | None = Field(default=None, ge=1, le=400 * 86_400)
    stuck_after_s: int | None = Field(default=None, ge=1, le=400 * 86_400)
    jump: float | None = Field(default=None, gt=0)
    keep_days: int | None = Field(default=None, ge=1, le=3_650)
    keep_hours_days: int | None = Field(default=None, ge=1, le=36_500)
