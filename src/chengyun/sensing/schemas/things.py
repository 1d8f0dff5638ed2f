"""Things, in and out."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text
from chengyun.sensing.schemas.caring import CalibrationOut, MaintenanceOut
from chengyun.sensing.schemas.streams import HealthState, StreamLine

ThingState = Literal["planned", "active", "retired"]
MOST_ITEMS = 5_000


class ThingsQuery(Schema):
    """`bbox` is west,south,east,north in degrees; `q` a beginning of the code or part of a name."""

    kind: str | None = Field(default=None, max_length=64)
    state: ThingState | None = None
    area: int | None = None
    bbox: str | None = Field(default=None, max_length=200)
    property: str | None = Field(default=None, max_length=64)
    health: HealthState | None = None
    q: str = Field(default="", max_length=200)
    cursor: str | None = None
    limit: int | None = None


class ThingLine(Schema):
    """`health` is the worst of its streams, `last_at` the instant of the newest reading of any;
    `maintained`: it is being worked on now."""

    id: UUID
    code: str
    kind_id: str
    kind: Text | None
    name: str
    state: ThingState
    owner_id: UUID | None
    city_no: int
    area_no: int
    area: Text | None
    grid_code: str
    lon: float | None
    lat: float | None
    moved_at: datetime | None
    component_id: UUID | None
    address_id: UUID | None
    properties: dict[str, Any]
    private: bool
    simulated: bool
    version: int
    created_at: datetime
    updated_at: datetime
    health: HealthState
    last_at: datetime | None
    maintained: bool


class ThingPage(Schema):
    items: list[ThingLine]
    next: str | None


class ThingPlaceOut(Schema):
    at: datetime
    lon: float
    lat: float
    area_no: int | None


class ThingDetail(ThingLine):
    unit_ids: list[UUID]
    streams: list[StreamLine]
    places: list[ThingPlaceOut]
    maintenance: list[MaintenanceOut]
    calibrations: list[CalibrationOut]


class ThingIn(Schema):
    """`streams` says what differs from the kind, by stream code."""

    code: str = Field(min_length=1, max_length=64)
    kind: str = Field(min_length=1, max_length=64)
    name: str = Field(default="", max_length=200)
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    area_no: int | None = Field(default=None, gt=0, lt=1 << 58)
    owner_id: UUID | None = None
    state: ThingState = "active"
    component_id: UUID | None = None
    address_id: UUID | None = None
    properties: dict[str, Any] = Field(default_factory=dict)
    streams: dict[str, dict[str, Any]] = Field(default_factory=dict)
    private: bool = False


class ThingsIn(Schema):
    items: list[ThingIn] = Field(min_length=1, max_length=MOST_ITEMS)


class ThingReject(Schema):
    row: int
    field: str
    reason: str
    code: str


class RegisteredOut(Schema):
    """`things` maps codes to ids."""

    created: int
    unchanged: int
    things: dict[str, UUID]
    rejects: list[ThingReject]


class ThingChangeIn(Schema):
    """What is given is changed. `version` is the one that was seen."""

    version: int
    name: str | None = Field(default=None, min_length=1, max_length=200)
    state: ThingState | None = None
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    owner_id: UUID | None = None
    component_id: UUID | None = None
    address_id: UUID | None = None
    properties: dict[str, Any] | None = None
    private: bool | None = None


class ThingChanged(Schema):
    id: UUID
    version: int
