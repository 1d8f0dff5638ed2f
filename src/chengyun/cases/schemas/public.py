"""What residents send and see."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from chengyun.cases.schemas.commands import ContactIn
from chengyun.cases.schemas.parts import Lat, Line, Lon, Strict, Words
from chengyun.kernel.text import Text


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
    # The number of a public case near by that is the same matter.
    joins: Annotated[str, StringConstraints(max_length=40)] | None = None


class Promise(BaseModel):
    unit: Text | None
    due_at: datetime | None
    text: Text


class PublicReported(BaseModel):
    no: str
    track_code: str
    promise: Promise


class Step(BaseModel):
    at: datetime
    text: Text


class TrackPhoto(BaseModel):
    """A photo; hidden ones have no address but say why."""

    url: str
    thumb: str
    role: str
    hidden: Text | None


class TrackOut(BaseModel):
    no: str
    state: str
    state_name: Text
    kind: Text | None
    text: str
    text_hidden: Text | None
    reported_at: datetime
    due_at: datetime | None
    address: str
    lead_unit: Text | None
    steps: list[Step]
    messages: list[Step]
    photos: list[TrackPhoto]
    rating: int | None
    can_rate: bool
    can_reopen: bool
    reopen_until: datetime | None
    reopen_refused: Text | None
    reports: int
    simulated: bool


class RatingIn(Strict):
    score: int = Field(ge=1, le=5)
    text: Annotated[str, StringConstraints(max_length=2_000)] = ""


class ReopenIn(Strict):
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=2_000)]
    photos: list[UUID] = Field(default_factory=list, max_length=8)


class TrackMoved(BaseModel):
    no: str
    state: str


class NearbyItem(BaseModel):
    no: str
    kind: Text
    state_name: Text
    distance_m: int
    reported_at: datetime


class NearbyOut(BaseModel):
    items: list[NearbyItem]
