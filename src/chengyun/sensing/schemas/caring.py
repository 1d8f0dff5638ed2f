"""Maintenance, calibrations and sharing, in and out."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field


class MaintenanceOut(Schema):
    id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str


class CalibrationOut(Schema):
    """`offset` is what the sensor showed too much."""

    id: UUID
    stream: int
    at: datetime
    reference: float
    shown: float
    offset: float
    certificate: str
    due_on: date | None


class CalibrationsOut(Schema):
    items: list[CalibrationOut]


class MaintenanceIn(Schema):
    starts_at: datetime
    ends_at: datetime
    reason: str = Field(min_length=1, max_length=500)


class SensingDone(Schema):
    id: UUID


class CalibrationIn(Schema):
    at: datetime
    reference: float
    shown: float
    certificate: str = Field(default="", max_length=200)
    due_on: date | None = None


class CalibratedOut(Schema):
    id: UUID
    due_on: date | None


class ShareIn(Schema):
    """`code` is the thing's, as it stands on it."""

    code: str = Field(min_length=1, max_length=64)
    unit_id: UUID
    until: datetime
    reason: str = Field(min_length=1, max_length=500)


class ShareOut(Schema):
    id: UUID
    thing_id: UUID
    thing_name: str | None
    unit_id: UUID
    state: str
    reason: str
    until: datetime
    asked_at: datetime
    decided_at: datetime | None


class SharesOut(Schema):
    items: list[ShareOut]


class ShareDecisionIn(Schema):
    approve: bool


class ShareDecidedOut(Schema):
    id: UUID
    state: str
