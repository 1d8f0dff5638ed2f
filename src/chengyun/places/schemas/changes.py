"""Change sets in and out."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text

Action = Literal["add", "change", "retire", "split", "merge", "move"]


class ChangeIn(Schema):
    """A change to propose: `after` holds the fields that shall differ; an added target may leave
    its id open."""

    action: Action
    target_id: str = Field(default="", max_length=200)
    after: dict[str, Any] | None = None


class ChangesIn(Schema):
    changes: list[ChangeIn] = Field(min_length=1, max_length=5_000)


class SetIn(Schema):
    """A new change set; `area` is what it keeps to (the whole city when left out)."""

    subject: str = Field(max_length=40)
    subject_id: str = Field(default="", max_length=200)
    title: str = Field(min_length=1, max_length=200)
    source: str = Field(default="", max_length=500)
    area: int | None = None
    changes: list[ChangeIn] = Field(default=[], max_length=5_000)


class ReasonIn(Schema):
    reason: str = Field(min_length=1, max_length=2_000)


class SetsQuery(Schema):
    city: int | None = None
    subject: str | None = None
    subject_id: str | None = None
    state: str | None = None
    target: str | None = None
    cursor: str | None = None
    limit: int | None = None


class SetReceipt(Schema):
    """What became of a set: its state and how many changes it holds."""

    id: UUID
    state: str
    count: int
    version: int | None = None


class SetOut(Schema):
    id: UUID
    city_no: int
    area_no: int
    area: str
    subject: str
    subject_id: str
    title: str
    source: str
    state: str
    base_version: int
    version: int | None
    reason: str
    made_by: UUID | None
    made_by_name: str
    made_at: datetime
    proposed_at: datetime | None
    reviewed_by: UUID | None
    reviewed_by_name: str
    reviewed_at: datetime | None
    applied_at: datetime | None
    rolled_back_at: datetime | None
    counts: dict[str, int]


class SetDetail(SetOut):
    """With the moves the caller may make now."""

    moves: list[str]


class SetPage(Schema):
    items: list[SetOut]
    next: str | None


class FieldDiff(Schema):
    field: str
    before: Any = None
    after: Any = None


class ChangeProblem(Schema):
    code: str
    reason: Text
    field: str
    severity: str


class SetChangeOut(Schema):
    """One target before and after, what differs, and what is wrong with it."""

    order: int
    action: str
    target_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    diff: list[FieldDiff]
    problems: list[ChangeProblem]


class ChangePage(Schema):
    items: list[SetChangeOut]
    next: str | None
