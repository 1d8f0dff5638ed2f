"""What happened to duty lists. The subject is the list; ids and facts only."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DutyListEvent:
    """Base: which list of which city, and its version in words."""

    list_id: UUID
    city_no: int
    version: str

    @property
    def name(self) -> str:
        """The public name, such as "dispatch.DutyListActivated"."""
        return f"dispatch.{type(self).__name__}"

    def to_data(self) -> dict[str, Any]:
        """The facts as JSON."""
        facts: Mapping[str, Any] = asdict(self)
        return {k: str(v) if isinstance(v, UUID) else v for k, v in facts.items()}


@dataclass(frozen=True, slots=True)
class DutyListDrafted(DutyListEvent):
    """A draft was written, or written anew."""

    hash: str
    entries: int


@dataclass(frozen=True, slots=True)
class DutyListActivated(DutyListEvent):
    """From now on the city routes by it; `replaced` is the version before."""

    hash: str
    replaced: str | None = None


@dataclass(frozen=True, slots=True)
class DutyListRetired(DutyListEvent):
    """It is out of force, or a draft was given up."""

    reason: str
