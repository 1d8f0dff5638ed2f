"""What the desk shows beside a case."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from chengyun.cases.schemas.parts import KindBrief, Strict
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


class CaseComponentIn(Strict):
    """The component a case is about; null: none."""

    component_id: UUID | None


class CaseComponentOut(BaseModel):
    """A component of the register beside a case."""

    id: UUID
    code: str
    kind: Text | None
    name: str
    state: str
    lon: float
    lat: float
    metres: float | None
    synthetic: bool


class CaseComponentsOut(BaseModel):
    """The one that was named, and the nearest of the case's class within `within_m`."""

    named: CaseComponentOut | None
    within_m: float | None
    items: list[CaseComponentOut]


class ComponentCasesOut(BaseModel):
    items: list[CaseRowOut]


class AddressFigures(BaseModel):
    """How many cases there were; `closed`: work on them is over, `recurring`: it came back."""

    total: int
    open: int
    closed: int
    recurring: int


class AddressKindFigures(AddressFigures):
    kind: KindBrief | None


class AddressFiguresOut(AddressFigures):
    """Of one standard address, reported between `since` and `until`."""

    since: datetime | None
    until: datetime | None
    kinds: list[AddressKindFigures]


class AddressFiguresQuery(Strict):
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class ReporterHistoryOut(BaseModel):
    """Other cases in sight by the reporter of one report."""

    contact_masked: str
    known: bool
    items: list[CaseRowOut]
