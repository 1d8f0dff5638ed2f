"""Handing a shift over."""

from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.people.decide.shifts import MATTERS_MAX, NOTE_MAX, Matter, Why
from chengyun.people.schemas.parts import Taken, Word


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


class MatterOut(Schema):
    """An open matter; the case by id and number, which shows nothing to who may not see it."""

    case: UUID | None
    no: str
    why: str
    note: str
