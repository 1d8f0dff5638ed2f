"""Findings of the checks against gaming."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text
from chengyun.vitals.schemas.asked import PLAIN


class FindingCaseOut(Schema):
    case_id: UUID
    no: str
    reason: Text


class FindingOut(Schema):
    """A pattern; `count` is how many cases it has, `cases` the first of them in sight."""

    id: UUID
    period: str
    what: str
    title: Text
    reason: Text
    unit: Text | None
    area_no: int
    count: int
    simulated: bool
    found_at: datetime
    status: str
    decided_at: datetime | None
    decided_by: str
    decision_reason: str
    cases: list[FindingCaseOut]


class FindingsOut(Schema):
    items: list[FindingOut]


class SearchIn(Schema):
    """A month to search, in the caller's city."""

    period: str = Field(max_length=10, pattern=PLAIN)
    city: int | None = Field(None, ge=1, lt=2**58)


class Searched(Schema):
    found: int
    count: int


class DecisionIn(Schema):
    """Yes or no, and why."""

    confirmed: bool
    reason: str = Field(max_length=1_000, pattern=PLAIN)


class FindingDecision(Schema):
    id: UUID
    status: str
