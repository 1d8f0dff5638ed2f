"""Duty shifts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema

from chengyun.people.schemas.handover import MatterOut
from chengyun.people.schemas.parts import CursorIn, Instant, OrgOut, PersonOut, Taken, Word


class ShiftsIn(Taken):
    """What shifts are asked for."""

    organisation: UUID | None = None
    post: Word = ""
    at: Instant | None = None
    since: Instant | None = None
    until: Instant | None = None
    handover: Literal["", "open", "book"] = ""
    q: Word = ""
    cursor: CursorIn = ""
    limit: int | None = None


class DutyIn(Taken):
    """Whether somebody of the shift is on duty."""

    on: bool


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
    matters: list[MatterOut]
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
