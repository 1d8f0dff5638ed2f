"""What happened on the map, for whoever draws or indexes it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ChangesApplied:
    """A change set was applied, or replayed: its targets are as it says."""

    set_id: UUID
    subject: str
    subject_id: str
    version: int
    count: int


@dataclass(frozen=True, slots=True)
class ChangesRolledBack:
    """A change set was rolled back: its targets are as they were before it."""

    set_id: UUID
    subject: str
    subject_id: str
    version: int
    count: int


NAMES = {
    ChangesApplied: "places.changes_applied",
    ChangesRolledBack: "places.changes_rolled_back",
}
