"""Paper: what is printed, and what is typed from it later."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from chengyun.cases.schemas.commands import ReportIn
from chengyun.cases.schemas.parts import Strict
from chengyun.cases.schemas.rows import CaseOut, CaseRowOut, TimelineItem

Short = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=80, pattern=r"^[^\x00]*$")
]


class PaperRowIn(Strict):
    """One line: with `report` a report taken by hand, else a move on a case."""

    no: Short = ""
    occurred_at: AwareDatetime
    by: Short = ""
    report: ReportIn | None = None
    case: Short = ""
    move: Annotated[str, StringConstraints(max_length=40)] = ""
    params: dict[str, Any] = Field(default_factory=dict)


class PaperIn(Strict):
    rows: list[dict[str, Any]] = Field(min_length=1, max_length=200)


class PaperResult(BaseModel):
    """What became of a line; `already` shows the first that came in under its number."""

    ok: bool
    already: bool = False
    id: UUID | None = None
    no: str | None = None
    state: str | None = None
    version: int | None = None
    track_code: str | None = None
    entered_at: datetime | None = None
    entered_by: str | None = None
    problem: dict[str, Any] | None = None


class PaperResults(BaseModel):
    results: list[PaperResult]


class PrintedCase(BaseModel):
    case: CaseOut
    timeline: list[TimelineItem]
    printed_at: datetime
    printed_by: str


class PrintedList(BaseModel):
    items: list[CaseRowOut]
    truncated: bool
    printed_at: datetime
    printed_by: str
