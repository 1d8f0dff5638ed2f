"""One simulated case on its way, and the steps that people take with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from chengyun.app.simulation.crowd import Arrival
from chengyun.cases.decide.state import CaseState
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject


@dataclass(slots=True)
class Life:
    """A case and what the simulation knows of it beyond its record."""

    id: UUID
    arrival: Arrival | None
    code: str = ""
    # Another open case nearby, as intake told: maybe the same.
    twin: UUID | None = None
    refused: list[UUID] = field(default_factory=list)
    verified: bool = False
    phantom: bool = False
    asked: bool = False
    # Steps that lie ahead: of its main course, and beside it.
    ahead: int = 0
    side: int = 0

    @property
    def resident(self) -> bool:
        """Whether somebody outside waits for it."""
        return self.code != "" and self.arrival is not None


@dataclass(frozen=True, slots=True)
class Photos:
    """Pictures that a step brings: under which param, and what is written on each."""

    param: str
    marks: tuple[str, ...]


# Whether a step still makes sense when its time has come (seconds since 1970).
Still = Callable[[CaseState, int], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody is going to do: when (seconds since 1970), who, which move.

    `expects` names the states in which it still makes sense; a side step goes beside the main
    course of the case, and does not lead to the next one.
    """

    at: int
    actor: Actor
    move: str
    params: JsonObject
    expects: tuple[str, ...]
    photos: tuple[Photos, ...] = ()
    side: bool = False
    when: Still | None = None
    cheat: bool = False
