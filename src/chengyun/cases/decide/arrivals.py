"""How a case comes to be: reported live, or imported as history."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from chengyun.cases.decide.commands import Command
from chengyun.cases.decide.state import State
from chengyun.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Report(Command):
    """A report arrives. `outside` says that the place lies in no area the city knows.

    `kind_confidence` is None when a person named the kind, else how sure the judge is (0..1).
    """

    move: ClassVar[str] = "report"
    id: UUID
    no: str
    city: int
    source: str
    kind_id: str | None = None
    condition_id: str | None = None
    area_no: int | None = None
    reported_at: datetime | None = None
    photos: tuple[UUID, ...] = ()
    simulated: bool = False
    outside: bool = False
    kind_confidence: float | None = None
    kind_reasons: tuple[Text, ...] = ()
    recurrence_of: UUID | None = None
    split_from: UUID | None = None


@dataclass(frozen=True, slots=True)
class ImportCase(Command):
    """A case of another system enters as history, in the state it has there."""

    move: ClassVar[str] = "import_case"
    id: UUID
    no: str
    city: int
    source: str
    reported_at: datetime
    state: State
    closed_at: datetime | None = None
    kind_id: str | None = None
    condition_id: str | None = None
    area_no: int | None = None
    recurrence_of: UUID | None = None
    merged_into: UUID | None = None
    lead_unit: UUID | None = None
    simulated: bool = False
