"""Case kinds as values: what may be reported, when it is filed, how long it may take.

Kinds come from packs and are immutable once loaded; a case cites the id it was filed under. A
scheme id is part of the key because four coding schemes use the same digits for different things.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chengyun.kernel.text import JsonObject, Text

# UH runs through nights and holidays, WH only in work periods, WD is one day's work periods,
# ND is 24 hours of any day.
ClockUnit = Literal["UH", "WH", "WD", "ND"]
KindType = Literal["component", "event", "matter", "request"]


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time: `Limit(3, "WD")` is three working days."""

    amount: float
    unit: ClockUnit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= 10_000:
            raise ValueError(f"a limit of {self.amount} {self.unit} is outside 0..10000")
        if self.unit not in ("UH", "WH", "WD", "ND"):
            raise ValueError(f"{self.unit!r} is no unit of time: use UH, WH, WD or ND")


@dataclass(frozen=True, slots=True)
class Condition:
    """One filing condition of a kind; it fixes the limit and what closing has to show."""

    id: str
    text: Text
    closing: Text
    limit: Limit
    level: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """How many photos are compulsory: of the scene when a collector reports, before, after."""

    scene: int = 0
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class CaseKind:
    """One minor class of one coding scheme; id is "<scheme>/<type>/<code>".

    `roles` are the department roles responsible, lead first. `check` is False for kinds that may
    be closed without a collector's check.
    """

    id: str
    scheme: str
    type: str
    code: str
    major_code: str
    major: Text
    minor_code: str
    name: Text
    conditions: tuple[Condition, ...]
    form: JsonObject | None = field(default=None, hash=False)
    evidence: EvidenceRule = EvidenceRule()
    public: bool = False
    roles: tuple[str, ...] = ()
    source: str = ""
    effective_from: date = date(1970, 1, 1)
    verified: bool = False
    pack: str = ""
    pack_version: str = ""
    check: bool = True

    def condition(self, condition_id: str | None) -> Condition | None:
        """The filing condition with this id, or None."""
        for condition in self.conditions:
            if condition.id == condition_id:
                return condition
        return None
