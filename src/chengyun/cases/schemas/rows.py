"""Cases as lists, maps and the desk show them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from chengyun.cases.schemas.parts import AreaBrief, HandlerBrief, KindBrief, UnitBrief
from chengyun.kernel.text import Text


class CaseRowOut(BaseModel):
    """A case in a list; times are UTC, `clock` is ok, yellow, red, paused or none."""

    id: UUID
    no: str
    state: str
    version: int
    kind: KindBrief | None
    level: int | None
    area: AreaBrief | None
    address: str
    lon: float | None
    lat: float | None
    location: str
    text: str
    reported_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    clock: str
    lead_unit: UnitBrief | None
    handler: HandlerBrief | None
    simulated: bool
    imported: bool
    supervised: int
    asks: list[str]
    reports: int
    source: str


class CasePage(BaseModel):
    items: list[CaseRowOut]
    next: str | None


class CountsOut(BaseModel):
    queue: dict[str, int]
    states: dict[str, int]
    mine: dict[str, int]
    capped: bool


class MapItem(BaseModel):
    id: UUID
    no: str
    state: str
    clock: str
    lon: float
    lat: float
    kind_id: str | None
    level: int | None
    simulated: bool


class MapCluster(BaseModel):
    """So many open cases around a point, `late` of them overdue."""

    lon: float
    lat: float
    n: int
    late: int


class MapOut(BaseModel):
    """Single cases, or sums alone where there are too many to show one by one."""

    items: list[MapItem]
    clusters: list[MapCluster]
    truncated: bool


class StageClockOut(BaseModel):
    stage: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    stopped_at: datetime | None
    overdue: bool
    provisional: bool


class ReportOut(BaseModel):
    id: UUID
    source: str
    text: str
    reported_at: datetime
    contact_masked: str
    flags: list[str]
    shown_text: str | None
    hidden: dict[str, Any] | None
    removed: dict[str, Any] | None


class PhotoOut(BaseModel):
    id: UUID
    url: str
    thumb: str
    role: str
    added_at: datetime
    shown: str
    redacted: bool
    hidden: dict[str, Any] | None
    removed: dict[str, Any] | None
    seen_elsewhere: bool


class DecisionOut(BaseModel):
    what: str
    reasons: list[Text]
    confidence: float | None
    rule: str | None
    rule_version: str | None


class UnitCandidateOut(BaseModel):
    unit: UnitBrief
    reason: Text
    score: float
    open: int
    overdue: int
    rule: str | None
    rule_version: str | None
    # Why this unit gave the case back; None: it did not.
    returned: str | None


class CaseMoveOut(BaseModel):
    """A move the asker may make now; `params` is the JSON Schema of its parameters."""

    move: str
    title: Text
    params: dict[str, Any]
    needs_photo: bool


class ConditionOut(BaseModel):
    id: str
    text: Text
    closing: Text
    limit: str
    level: int | None


class CaseOut(CaseRowOut):
    """A case whole, with what the asker may do with it."""

    city_no: int
    condition: ConditionOut | None
    kind_source: str
    kind_verified: bool
    attributes: dict[str, Any]
    grid_code: str | None
    address_id: UUID | None
    stage_clocks: list[StageClockOut]
    co_units: list[UnitBrief]
    report_list: list[ReportOut]
    photos: list[PhotoOut]
    duplicates: list[CaseRowOut]
    recurrence_of: CaseRowOut | None
    merged_into: CaseRowOut | None
    decisions: list[DecisionOut]
    candidates: list[UnitCandidateOut]
    moves: list[CaseMoveOut]
    extensions: int
    reworks: int
    returns: int
    redispatches: int
    overtime: list[str]
    rating: int | None
    appeal: str


class TimelineItem(BaseModel):
    at: datetime
    actor: str
    org: Text | None
    text: Text
    move: str
    data: dict[str, Any]


class TimelineOut(BaseModel):
    items: list[TimelineItem]
