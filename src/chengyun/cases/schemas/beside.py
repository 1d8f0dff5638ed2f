"""What the desk shows beside a case."""

from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from chengyun.cases.schemas.parts import Strict
from chengyun.cases.schemas.rows import CaseRowOut
from chengyun.kernel.text import Text


class PresenceIn(Strict):
    tab: UUID
    doing: Literal["looking", "acting"] = "looking"


class NeighbourOut(BaseModel):
    case: CaseRowOut
    metres: int
    same_kind: bool
    open: bool
    reason: Text


class NeighboursOut(BaseModel):
    items: list[NeighbourOut]


class ReporterHistoryOut(BaseModel):
    """Other cases in sight by the reporter of one report."""

    contact_masked: str
    known: bool
    items: list[CaseRowOut]
