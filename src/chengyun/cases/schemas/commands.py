"""What is sent to cases: reports, moves, reasons; and the receipts."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from chengyun.cases.schemas.parts import Lat, Line, Lon, Strict, UnitBrief, Words


class ContactIn(Strict):
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    phone: Annotated[
        str, StringConstraints(strip_whitespace=True, max_length=30, pattern=r"^[0-9+() -]*$")
    ] = ""
    email: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^([^\s@]+@[^\s@]+)?$"),
    ] = ""
    # Agreed: each step is told by what is left here.
    tell: bool = False


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


class BatchIn(Strict):
    items: list[dict[str, Any]] = Field(min_length=1, max_length=1_000)


class Reported(BaseModel):
    id: UUID
    no: str
    state: str
    version: int
    track_code: str
    lead_unit: UUID | None
    due_at: datetime | None
    similar: list[UUID]


class CaseMoveIn(Strict):
    move: Annotated[str, StringConstraints(max_length=40)]
    version: int | None = Field(default=None, ge=1)
    params: dict[str, Any] = Field(default_factory=dict)


class Moved(BaseModel):
    id: UUID
    no: str
    state: str
    version: int
    # The unit that the duty list names after the place was corrected; nobody was sent there.
    redispatch: UnitBrief | None = None


class ItemIn(Strict):
    id: UUID
    version: int | None = Field(default=None, ge=1)


class MoveManyIn(Strict):
    move: Annotated[str, StringConstraints(max_length=40)]
    params: dict[str, Any] = Field(default_factory=dict)
    items: list[ItemIn] = Field(min_length=1, max_length=200)


class RowResult(BaseModel):
    id: str | None = None
    ok: bool
    no: str | None = None
    state: str | None = None
    version: int | None = None
    track_code: str | None = None
    problem: dict[str, Any] | None = None


class Results(BaseModel):
    results: list[RowResult]


class RevealIn(Strict):
    reason: Line


class ContactOut(BaseModel):
    name: str
    phone: str
    email: str
