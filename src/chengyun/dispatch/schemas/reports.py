"""What is wrong with a list, what it would do, and how it did."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from chengyun.dispatch.schemas.names import AreaName, UnitName
from chengyun.dispatch.schemas.routing import RouteOut


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


class CompareIn(Schema):
    """One case to route by both lists."""

    case: UUID
    against: str = "active"


class CompareOut(Schema):
    """One case: where it goes before and after, each with the reasons."""

    id: UUID
    no: str
    kind_id: str
    before: RouteOut
    after: RouteOut


class OutcomesQuery(Schema):
    city: int | None = None
    rule: str = Field(max_length=500, pattern=r"^[^\x00]*$")
    rule_version: str = Field(max_length=500, pattern=r"^[^\x00]*$")
    outcome: str = Field(default="", max_length=16, pattern=r"^[a-z]*$")


class OutcomeOut(Schema):
    """What became of one dispatch."""

    case_id: UUID
    no: str
    kind_id: str
    outcome: str
    dispatched_at: datetime
    settled_at: datetime | None


class OutcomesOut(Schema):
    items: list[OutcomeOut]


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
