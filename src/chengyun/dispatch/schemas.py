"""Shapes that dispatch takes and gives over HTTP."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from chengyun.kernel.text import Text


class DraftIn(Schema):
    """A duty list to keep as a draft; the city may be left out by who works in one only."""

    city: int | None = None
    content: dict[str, Any]


class ImportHead(Schema):
    """What a table does not say about its list."""

    city: int | None = None
    name: str = ""
    version: str = ""
    source: str = ""
    effective_from: date | None = None
    verified: bool | None = None


class RetireIn(Schema):
    reason: str


class ListReceipt(Schema):
    """What became of a list."""

    id: UUID | None
    city: int | None = None
    name: str | None = None
    version: str | None = None
    status: str | None = None
    entries: int = 0
    hash: str | None = None
    replaced: str | None = None


class RejectOut(Schema):
    """One fault of a row (0 = the head, 1 = the first row below the heading)."""

    row: int
    field: str
    reason: str
    code: str


class ImportReceipt(ListReceipt):
    read: int
    imported: int
    rejected: int
    rejects: list[RejectOut]


class DutyListOut(Schema):
    """A version of a duty list without its content."""

    id: UUID
    city_no: int
    name: str
    version: str
    pack: str
    status: Literal["draft", "active", "retired"]
    source: str
    effective_from: date | None
    verified: bool
    hash: str
    entries: int
    created_at: datetime
    created_by_name: str
    activated_at: datetime | None
    activated_by_name: str
    retired_at: datetime | None


class DutyListPage(Schema):
    items: list[DutyListOut]
    next: str | None


class DutyListDetail(DutyListOut):
    content: dict[str, Any]


class ListsQuery(Schema):
    city: int | None = None
    status: str | None = None
    cursor: str | None = None
    limit: int | None = None


class AreaName(Schema):
    no: int
    code: str
    name: Text
    level: str


class UnitName(Schema):
    id: UUID
    name: Text
    level: str


class ConflictOut(Schema):
    """Two entries between which no rule decides; `places` counts where, `samples` shows some."""

    first: str
    second: str
    kinds: list[str]
    area: str | None
    places: int
    samples: list[AreaName]


class ConflictsOut(Schema):
    items: list[ConflictOut]


class GapOut(Schema):
    """Kinds that would reach nobody in areas: no_entry, conditional, no_unit or tie."""

    why: Literal["no_entry", "conditional", "no_unit", "tie"]
    entry: str | None
    kinds: list[str]
    areas: list[AreaName]


class GapsOut(Schema):
    items: list[GapOut]


class DryRunIn(Schema):
    """Which past cases to try, and what to compare with."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    limit: int = 20_000
    against: str = "active"


class MoveOut(Schema):
    """Cases of one kind that would go elsewhere; null stands for a person who decides."""

    kind_id: str
    before: UnitName | None
    after: UnitName | None
    count: int
    samples: list[UUID]


class DryRunOut(Schema):
    total: int
    unchanged: int
    moved: int
    newly_matched: int
    now_unmatched: int
    still_unmatched: int
    co_changed: int
    moves: list[MoveOut]
    moves_truncated: bool


class RouteIn(Schema):
    """A made-up case, to see where a list would send it."""

    kind: str = Field(max_length=200)
    area: int | None = None
    at: AwareDatetime | None = None
    attributes: dict[str, Any] = Field(default_factory=dict)
    source: str = ""


class CandidateOut(Schema):
    unit: UnitName | None
    rule: str
    reason: Text
    score: float


class RouteOut(Schema):
    lead: UnitName | None
    co: list[UnitName]
    rule: str | None
    rule_version: str | None
    reasons: list[Text]
    confidence: float
    candidates: list[CandidateOut]


class QualityQuery(Schema):
    city: int | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    # PostgreSQL text holds no NUL.
    rule_version: str | None = Field(None, max_length=500, pattern=r"^[^\x00]*$")
    simulated: bool | None = None


class QualityOut(Schema):
    """How one rule of one version did."""

    rule: str
    rule_version: str
    dispatched: int
    open: int
    accurate: int
    refused: int
    returned: int
    redispatched: int
    dropped: int
    accuracy: float | None
    median_seconds: float | None


class QualitiesOut(Schema):
    items: list[QualityOut]


class OfficerOut(Schema):
    officer: UUID
    name: str
    score: float
    reasons: list[Text]


class OfficersOut(Schema):
    items: list[OfficerOut]


class SkillIn(Schema):
    appointment: UUID
    kinds: str
    level: int
    source: str = ""


class SkillOut(Schema):
    id: UUID
    appointment: UUID
    user: UUID
    user_name: str
    kinds: str
    level: int
    source: str


class SkillsOut(Schema):
    items: list[SkillOut]


class SkillReceipt(Schema):
    id: UUID
