"""The question a case asks when it needs a unit, and the answer it stores.

Values only: dispatch answers them through `cases.ports.Router`, the deciding core reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from chengyun.kernel.text import Json, Text


@dataclass(frozen=True, slots=True)
class RouteQuery:
    """One case as routing sees it.

    `area_no` is the deepest area known, None outside every area; `at` is aware UTC; `exclude`
    names the units that already refused the case.
    """

    kind_id: str
    area_no: int | None
    at: datetime
    attributes: Mapping[str, Json] = field(default_factory=dict)
    source: str = ""
    exclude: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit a person may choose: the duty list entry it came from, why, and how fitting (0..1)."""

    unit: UUID
    rule: str
    reason: Text
    score: float


@dataclass(frozen=True, slots=True)
class RouteDecision:
    """Who gets the case. `lead` is set only when it may be dispatched without a person."""

    lead: UUID | None
    co: tuple[UUID, ...]
    rule: str | None
    rule_version: str | None
    reasons: tuple[Text, ...]
    confidence: float
    candidates: tuple[Candidate, ...]
