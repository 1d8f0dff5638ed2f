"""Where a list would send a case, and who of a unit should go."""

from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from chengyun.dispatch.schemas.names import UnitName
from chengyun.kernel.text import Text


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


class OfficerOut(Schema):
    officer: UUID
    name: str
    score: float
    reasons: list[Text]


class OfficersOut(Schema):
    items: list[OfficerOut]
