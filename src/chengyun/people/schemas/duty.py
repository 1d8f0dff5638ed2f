"""Duty shifts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.people.schemas.parts import CursorIn, Instant, OrgOut, Taken, Word


class ShiftsIn(Taken):
    """What shifts are asked for."""

    organisation: UUID | None = None
    post: Word = ""
    at: Instant | None = None
    handover: Literal["", "open"] = ""
    cursor: CursorIn = ""
    limit: int | None = None


class ShiftIn(Taken):
    """A shift to plan."""

    organisation: UUID
    post: Word
    starts_at: Instant
    ends_at: Instant
    members: list[UUID] = Field(min_length=1, max_length=500)


class HandOverIn(Taken):
    """What the next shift must know."""

    note: str = Field(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")


class AcceptIn(Taken):
    """The shift that takes over."""

    into: UUID


class DutyIn(Taken):
    """Whether somebody of the shift is on duty."""

    on: bool


class PersonOut(Schema):
    """A person, in short."""

    id: UUID
    name: str


class MemberOut(PersonOut):
    """A person of a shift."""

    on_at: datetime | None
    off_at: datetime | None


class ShiftOut(Schema):
    """A shift with its people and hand-over: running, open (waiting to be accepted) or accepted."""

    id: UUID
    org: OrgOut
    post: str
    starts_at: datetime
    ends_at: datetime
    members: list[MemberOut]
    note: str
    handover: str
    handed_over_by: PersonOut | None
    handed_over_at: datetime | None
    accepted_by: PersonOut | None
    accepted_at: datetime | None
    accepted_into: UUID | None


class ShiftsOut(Schema):
    """A page of shifts, latest first."""

    items: list[ShiftOut]
    next: str | None
