"""One move of a batch, and the states that a batch leaves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.state import CaseState
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject

# States by case id, believed only where the row still is at their version.
States = dict[UUID, CaseState]


@dataclass(frozen=True, slots=True)
class BatchMove:
    """One move of a batch: who makes it, on which case, and when (None: the batch's own now).

    Whoever holds a report's tracking code moves its case by `code`, as the public does.
    """

    actor: Actor
    move: str
    params: JsonObject
    case_id: UUID | None = None
    version: int | None = None
    at: datetime | None = None
    code: str | None = None
