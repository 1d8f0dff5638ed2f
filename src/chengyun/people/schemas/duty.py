"""Duty shifts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.people.decide.shifts import MATTERS_MAX, NOTE_MAX, REPEAT_MAX, Matter, Why
from chengyun.people.schemas.parts import CursorIn, Instant, OrgOut, Taken, Word


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


class ShiftIn(Taken):
    """A shift to plan."""

    organisation: UUID
    post: Word
    starts_at: Instant
    ends_at: Instant
    members: list[UUID] = Field(min_length=1, max_length=500)


class ChangeShiftIn(Taken):
    """Other hours and people of a shift."""

    starts_at: Instant
    ends_at: Instant
    members: list[UUID] = Field(min_length=1, max_length=500)


class RepeatIn(Taken):
    """How many days later the same shift shall be again, each."""

    after_days: list[int] = Field(min_length=1, max_length=REPEAT_MAX)


class RepeatedOut(Schema):
    """Shifts made, and days passed over because they have one already."""

    ids: list[UUID]
    created: int
    passed_over: int


class SwapIn(Taken):
    """Who stands in for whom, and the shift taken in return."""

    out: UUID
    into: UUID
    other: UUID | None = None


class RosterIn(Taken):
    """Whose roster."""

    organisation: UUID
    post: Word


class MatterIn(Taken):
    """Something the next shift must go on with: a case, or words alone."""

    case: UUID | None = None
    no: Word = ""
    why: Why = "other"
    note: str = Field(default="", max_length=500, pattern=r"^[^\x00]*$")

    def as_decided(self) -> Matter:
        return Matter(why=self.why, no=self.no, note=self.note, case=self.case)


class HandOverIn(Taken):
    """What the next shift must know, and the matters it goes on with."""

    note: str = Field(min_length=1, max_length=NOTE_MAX, pattern=r"^[^\x00]*$")
    matters: list[MatterIn] = Field(default=[], max_length=MATTERS_MAX)


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


class PeopleOut(Schema):
    """People by name."""

    items: list[PersonOut]


class MatterOut(Schema):
    """An open matter; the case by id and number, which shows nothing to who may not see it."""

    case: UUID | None
    no: str
    why: str
    note: str


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
