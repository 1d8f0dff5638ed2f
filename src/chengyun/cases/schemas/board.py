"""Boards: figures by area, and the cases nobody may overlook."""

from datetime import datetime

from pydantic import BaseModel

from chengyun.cases.schemas.parts import AreaBrief
from chengyun.cases.schemas.rows import CaseRowOut


class Figures(BaseModel):
    """Numbers of cases. `timed` of those closed today had a clock, `in_time` met every limit."""

    open: int
    overdue: int
    soon: int
    grave: int
    supervised: int
    new: int
    closed: int
    timed: int
    in_time: int
    simulated: int


class BoardLine(Figures):
    """One area; `whole` marks what lies in the area above without a place below it."""

    area: AreaBrief
    whole: bool


class BoardOut(BaseModel):
    """A board: lines by code, their sum, the instant counted at, and since when today is."""

    area: AreaBrief
    path: list[AreaBrief]
    level: str
    items: list[BoardLine]
    total: Figures
    as_of: datetime
    since: datetime


class HomeCard(BaseModel):
    """A card of a first page, for which post and tier, and the pack that says so."""

    card: str
    post: str
    tier: str
    pack: str | None


class HomeOut(BaseModel):
    items: list[HomeCard]


class WorstOut(BaseModel):
    items: list[CaseRowOut]
