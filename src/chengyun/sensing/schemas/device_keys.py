"""Credentials of devices."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.sensing.schemas.words import Code, Taken, Word


class DeviceKeyIn(Taken):
    """A new credential for a thing; `days` it lasts, none: until it is revoked."""

    thing: Code
    name: Word = ""
    days: int | None = Field(default=None, ge=1, le=1_098)


class RotationIn(Taken):
    """How long the new credential lasts."""

    days: int | None = Field(default=None, ge=1, le=1_098)


class DeviceKeyOut(Schema):
    """A credential without its secret."""

    id: UUID
    thing: str
    thing_id: UUID
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    seen_at: datetime | None
    barred_until: datetime | None


class DeviceKeysOut(Schema):
    """Credentials, newest first."""

    items: list[DeviceKeyOut]


class NewDeviceKeyOut(Schema):
    """A new credential; its password is shown once. `mqtt` is where it is used."""

    id: UUID
    username: str
    password: str
    prefix: str
    mqtt: str
