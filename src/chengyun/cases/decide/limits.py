"""Stage limits and other numbers of the loop, as data with a source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chengyun.cases.decide.kinds import Limit

Stage = Literal["accept", "verify", "file", "dispatch", "dispose", "check", "close"]
EscalationLevel = Literal["street", "district", "city"]
ESCALATION_LEVELS: tuple[EscalationLevel, ...] = ("street", "district", "city")


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: from this share of the limit on, this level is told."""

    percent: int
    level: EscalationLevel


# domain.md §1.2 gives 0.5 h for accepting, 24 h for verifying and 2 h for checking; the rest has
# no source and stands until a city sets its own.
_DEFAULT_STAGES: dict[str, Limit] = {
    "accept": Limit(0.5, "WH"),
    "verify": Limit(24, "UH"),
    "file": Limit(1, "WH"),
    "dispatch": Limit(1, "WH"),
    "check": Limit(2, "UH"),
    "close": Limit(1, "WD"),
}
# No source: a city sets its own.
_REOPEN_WINDOW = Limit(15, "ND")


@dataclass(frozen=True)
class Limits:
    """Everything about time and numbers that a city may set.

    `stages` has a limit for each stage but dispose, whose limit the filing condition fixes.
    Percentages are shares of a stage limit.
    """

    stages: Mapping[str, Limit] = field(default_factory=lambda: dict(_DEFAULT_STAGES), hash=False)
    yellow_percent: int = 80
    red_percent: int = 100
    ladder: tuple[Rung, ...] = (Rung(100, "street"), Rung(150, "district"), Rung(200, "city"))
    max_extensions: int = 2
    max_suspension_days: int = 365
    reopen_window: Limit = _REOPEN_WINDOW
    max_paper_days: int = 7
    duplicate_metres: float = 50.0
    duplicate_hours: float = 24.0
    # Below these a person decides: how sure the judged kind, how sure the route has to be.
    sure_kind: float = 0.8
    sure_route: float = 0.5
    queue_similar: bool = True
    # A kind with several filing conditions and none given: "single" asks a person, "first" takes
    # the first of the list.
    auto_condition: Literal["single", "first"] = "single"
    source: str = "domain.md §1.2, §1.4"
    effective_from: date = date(1970, 1, 1)
    verified: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.yellow_percent <= self.red_percent:
            raise ValueError("yellow_percent lies between 1 and red_percent")
        percents = [rung.percent for rung in self.ladder]
        if percents != sorted(percents) or (percents and percents[0] < self.red_percent):
            raise ValueError("the ladder climbs, and starts at red_percent or later")
        steps = [ESCALATION_LEVELS.index(rung.level) for rung in self.ladder]
        if steps != sorted(set(steps)):
            raise ValueError("each rung of the ladder names a higher level than the one before")

    def stage(self, stage: str) -> Limit:
        """The limit of a stage; one that the data leaves out gets the default."""
        return self.stages.get(stage) or _DEFAULT_STAGES[stage]


DEFAULT_LIMITS = Limits()
