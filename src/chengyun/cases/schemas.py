"""Shapes of cases at the HTTP door, in and out."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints

from chengyun.cases.verbs import Contact, Intake
from chengyun.kernel.text import Text

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Words = Annotated[str, StringConstraints(max_length=5_000)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


class Strict(Schema):
    """Input: a field we don't know is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid")


class AreaOut(Schema):
    no: int
    code: str
    name: Text
    level: str


class OrgOut(Schema):
    id: UUID
    name: Text
    level: str


class KindBrief(Schema):
    id: str
    name: Text


class PersonOut(Schema):
    id: UUID
    name: str


class CaseRowOut(Schema):
    """A case in a list; times are UTC, `clock` is ok, yellow, red, paused or none."""

    id: UUID
    no: str
    state: str
    version: int
    kind: KindBrief | None
    level: int | None
    area: AreaOut | None
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
    lead_unit: OrgOut | None
    handler: PersonOut | None
    simulated: bool
    imported: bool
    supervised: int
    reports: int
    source: str


class CasePage(Schema):
    items: list[CaseRowOut]
    next: str | None


class CountsOut(Schema):
    queue: dict[str, int]
    states: dict[str, int]
    capped: bool


class MapItem(Schema):
    id: UUID
    no: str
    state: str
    clock: str
    lon: float
    lat: float
    kind_id: str | None
    level: int | None
    simulated: bool


class MapOut(Schema):
    items: list[MapItem]
    truncated: bool


class StageClockOut(Schema):
    stage: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    stopped_at: datetime | None
    overdue: bool
    provisional: bool


class ReportOut(Schema):
    id: UUID
    source: str
    text: str
    reported_at: datetime
    contact_masked: str


class PhotoOut(Schema):
    id: UUID
    url: str
    thumb: str
    role: str
    added_at: datetime
    seen_elsewhere: bool


class DecisionOut(Schema):
    what: str
    reasons: list[Text]
    confidence: float | None
    rule: str | None
    rule_version: str | None


class CandidateOut(Schema):
    unit: OrgOut
    reason: Text
    score: float


class MoveOut(Schema):
    """A move the asker may make now; `params` is the JSON Schema of its parameters."""

    move: str
    title: Text
    params: dict[str, Any]
    needs_photo: bool


class ConditionOut(Schema):
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
    stage_clocks: list[StageClockOut]
    co_units: list[OrgOut]
    report_list: list[ReportOut]
    photos: list[PhotoOut]
    duplicates: list[CaseRowOut]
    recurrence_of: CaseRowOut | None
    merged_into: CaseRowOut | None
    decisions: list[DecisionOut]
    candidates: list[CandidateOut]
    moves: list[MoveOut]
    extensions: int
    reworks: int
    returns: int
    redispatches: int
    overtime: list[str]
    rating: int | None
    appeal: str


class TimelineItem(Schema):
    at: datetime
    actor: str
    org: Text | None
    text: Text
    move: str
    data: dict[str, Any]


class TimelineOut(Schema):
    items: list[TimelineItem]


class ContactIn(Strict):
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    phone: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=30, pattern=r"^[0-9+() -]*$")
    ] = ""
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""

    def value(self) -> Contact:
        """The contact as the verb takes it."""
        return Contact(self.name, self.phone, self.email)


class ReportIn(Strict):
    """A report from a signed-in member of staff or a script of theirs."""

    kind: Annotated[str, StringConstraints(max_length=100)] | None = None
    condition: Annotated[str, StringConstraints(max_length=100)] | None = None
    text: Words = ""
    lon: Lon | None = None
    lat: Lat | None = None
    address: Line = ""
    city: int | None = None
    attributes: dict[str, Any] = Field(default_factory=dict, max_length=100)
    photos: list[UUID] = Field(default_factory=list, max_length=20)
    source: Literal[
        "collector", "public", "hotline", "leader", "video", "sensor", "transfer", "open311"
    ] = "hotline"
    contact: ContactIn | None = None
    external_source: Annotated[str, StringConstraints(max_length=100)] | None = None
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    reported_at: AwareDatetime | None = None
    simulated: bool = False

    def item(self) -> Intake:
        """The report as the verb takes it."""
        return Intake(
            text=self.text,
            source=self.source,
            kind_id=self.kind,
            condition_id=self.condition,
            city_no=self.city,
            lon=self.lon,
            lat=self.lat,
            address=self.address,
            attributes=self.attributes,
            photos=tuple(self.photos),
            contact=self.contact.value() if self.contact else None,
            external_source=self.external_source,
            external_id=self.external_id,
            reported_at=self.reported_at,
            simulated=self.simulated,
        )


class BatchIn(Strict):
    items: list[dict[str, Any]] = Field(min_length=1, max_length=1_000)


class Reported(Schema):
    id: UUID
    no: str
    state: str
    version: int
    track_code: str
    lead_unit: UUID | None
    due_at: datetime | None
    similar: list[UUID]


class MoveIn(Strict):
    move: Annotated[str, StringConstraints(max_length=40)]
    version: int | None = Field(default=None, ge=1)
    params: dict[str, Any] = Field(default_factory=dict)


class Moved(Schema):
    id: UUID
    no: str
    state: str
    version: int


class ItemIn(Strict):
    id: UUID
    version: int | None = Field(default=None, ge=1)


class MoveManyIn(Strict):
    move: Annotated[str, StringConstraints(max_length=40)]
    params: dict[str, Any] = Field(default_factory=dict)
    items: list[ItemIn] = Field(min_length=1, max_length=200)


class RowResult(Schema):
    id: str | None = None
    ok: bool
    no: str | None = None
    state: str | None = None
    version: int | None = None
    track_code: str | None = None
    problem: dict[str, Any] | None = None


class Results(Schema):
    results: list[RowResult]


class RevealIn(Strict):
    reason: Line


class ContactOut(Schema):
    name: str
    phone: str
    email: str


class KindOut(Schema):
    """A case kind; where its facts come from and whether the city verified them is part of it."""

    id: str
    scheme: str
    code: str
    type: str
    major: dict[str, Any]
    minor: dict[str, Any]
    name: Text
    conditions: list[ConditionOut]
    form: dict[str, Any] | None
    evidence: dict[str, int]
    public: bool
    source: str
    verified: bool
    effective_from: str


class UploadOut(Schema):
    id: UUID
    url: str
    thumb: str
    width: int
    height: int


class PublicReportIn(Strict):
    kind: Annotated[str, StringConstraints(max_length=100)] | None = None
    text: Words = ""
    lon: Lon | None = None
    lat: Lat | None = None
    address: Line = ""
    city: int | None = None
    attributes: dict[str, Any] = Field(default_factory=dict, max_length=100)
    photos: list[UUID] = Field(default_factory=list, max_length=8)
    contact: ContactIn | None = None

    def item(self) -> Intake:
        """The report as the verb takes it."""
        return Intake(
            text=self.text,
            source="public",
            kind_id=self.kind,
            city_no=self.city,
            lon=self.lon,
            lat=self.lat,
            address=self.address,
            attributes=self.attributes,
            photos=tuple(self.photos),
            contact=self.contact.value() if self.contact else None,
        )


class Promise(Schema):
    unit: Text | None
    due_at: datetime | None
    text: Text


class PublicReported(Schema):
    no: str
    track_code: str
    promise: Promise


class Step(Schema):
    at: datetime
    text: Text


class TrackOut(Schema):
    no: str
    state: str
    state_name: Text
    kind: Text | None
    text: str
    reported_at: datetime
    due_at: datetime | None
    address: str
    lead_unit: Text | None
    steps: list[Step]
    messages: list[Step]
    photos: list[dict[str, str]]
    rating: int | None
    can_rate: bool
    can_reopen: bool
    simulated: bool


class RatingIn(Strict):
    score: int = Field(ge=1, le=5)
    text: Annotated[str, StringConstraints(max_length=2_000)] = ""


class ReopenIn(Strict):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=2_000)]
    photos: list[UUID] = Field(default_factory=list, max_length=8)


class TrackMoved(Schema):
    no: str
    state: str


class NearbyItem(Schema):
    no: str
    kind: Text
    state_name: Text
    distance_m: int
    reported_at: datetime


class NearbyOut(Schema):
    items: list[NearbyItem]
