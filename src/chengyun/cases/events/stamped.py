"""What every case event says: which case, which version, when, and who by which post."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.cases.decide import codec


@dataclass(frozen=True, slots=True)
class Paper:
    """What was done on paper and typed later: by whom, when, and the sheet's number."""

    entered_by: UUID
    entered_at: datetime
    no: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which case, its version after the event, when, and who by which post of which org.

    `at` is when it was done, `paper` says that it was typed afterwards.
    """

    case_id: UUID
    version: int
    at: datetime
    by: UUID | None = None
    org: UUID | None = None
    post: str | None = None
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Base of all case events."""

    stamp: Stamp

    @property
    def name(self) -> str:
        """The public name, such as "cases.CaseFiled"."""
        return f"cases.{type(self).__name__}"

    @property
    def case_id(self) -> UUID:
        return self.stamp.case_id

    @property
    def version(self) -> int:
        return self.stamp.version

    @property
    def at(self) -> datetime:
        return self.stamp.at

    def to_data(self) -> dict[str, Any]:
        """The event as JSON; what equals its default is left out."""
        return codec.encode(self)
