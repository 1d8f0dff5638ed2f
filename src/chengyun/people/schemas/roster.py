"""Planning shifts."""

from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.people.decide.shifts import REPEAT_MAX
from chengyun.people.schemas.parts import Instant, PersonOut, Taken, Word


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


class PeopleOut(Schema):
    """People by name."""

    items: list[PersonOut]
