"""A rule as it is stored: what `sdk.rules` declares, without its doors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass as checked

from chengyun.kernel import areas
from chengyun.kernel.text import Text

_LOOSE = ConfigDict(extra="ignore")
CASES = "cases"
"""What an area says that counts cases."""


@checked(frozen=True, config=_LOOSE)
class Input:
    """What a word stands for (`sdk.rules.InputDeclared`)."""

    of: str = CASES
    take: str = "value"
    over: int = 0
    percent: float | None = None
    at: str = "thing"
    near_m: float | None = None
    kind: str | None = None
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)
    only: str | None = None
    aligned: bool = False
    cases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Cases are read of areas, which are kinds of things of their own (`counting`)."""
        if self.cases and self.kind is None:
            key = f"{CASES}:{self.at}:{','.join(sorted(self.cases))}"
            object.__setattr__(self, "kind", key)


@checked(frozen=True, config=_LOOSE)
class Figure:
    """A threshold (`sdk.rules.FigureDeclared`); `areas` are values a city set, the innermost goes
    before all others."""

    value: float | None
    unit: str = ""
    title: Text | None = None
    source: str = ""
    verified: bool = False
    by: dict[str, dict[str, float]] = field(default_factory=dict)
    areas: dict[int, float] = field(default_factory=dict)

    def of(self, properties: Mapping[str, Any], area_no: int) -> float | None:
        """Its value for a thing of these properties in an area."""
        around = [area for area in self.areas if areas.contains(area, area_no)]
        if around:
            return self.areas[max(around, key=areas.depth)]
        for name, values in self.by.items():
            found = values.get(str(properties.get(name)))
            if found is not None:
                return found
        return self.value


@checked(frozen=True, config=_LOOSE)
class Level:
    """One step of severity."""

    severity: int
    when: str
    until: str | None = None


@checked(frozen=True, config=_LOOSE)
class Span:
    """A span of the week in which the rule looks."""

    days: tuple[str, ...] = ()
    since: str = "00:00"
    until: str | None = None
    months: tuple[int, ...] = ()


@checked(frozen=True, config=_LOOSE)
class Table:
    """A curve by points from a day on."""

    since: date
    points: tuple[tuple[float, float], ...]


@checked(frozen=True, config=_LOOSE)
class CaseAction:
    """A case to report."""

    kind: str
    text: Text
    condition: str | None = None
    close: str = "note"
    worst: int = 4


@checked(frozen=True, config=_LOOSE)
class TellAction:
    """People to tell."""

    template: str
    posts: tuple[str, ...]
    worst: int = 4


@checked(frozen=True, config=_LOOSE)
class IncidentAction:
    """An incident to ask for."""

    plan: str
    worst: int = 2


@checked(frozen=True, config=_LOOSE)
class Derive:
    """A figure written as a reading."""

    property: str
    value: str


@checked(frozen=True, config=_LOOSE)
class Then:
    """What happens when a signal opens or grows worse."""

    case: CaseAction | None = None
    tell: tuple[TellAction, ...] = ()
    incident: IncidentAction | None = None
    derive: tuple[Derive, ...] = ()


@checked(frozen=True, config=_LOOSE)
class Escalation:
    """Who hears when nobody acknowledged."""

    after_minutes: int
    posts: tuple[str, ...]
    template: str

    @property
    def after(self) -> timedelta:
        """How long nobody may be silent."""
        return timedelta(minutes=self.after_minutes)


@checked(frozen=True, config=_LOOSE)
class Rule:
    """One rule (`sdk.rules.RuleDeclared`) with the tables of its file; `off` are areas where its
    pack is not in use, `only` (when there are any) those that this version of it is for."""

    id: str
    name: Text
    things: tuple[str, ...]
    inputs: dict[str, Input]
    levels: tuple[Level, ...]
    note: Text | None = None
    figures: dict[str, Figure] = field(default_factory=dict)
    hold: int = 0
    settle: int = 0
    silent_after: int | None = None
    once: str = "thing"
    correlate: str | None = None
    correlate_s: int = 0
    schedule: tuple[Span, ...] = ()
    then: Then = field(default_factory=Then)
    escalate: Escalation | None = None
    tables: dict[str, tuple[Table, ...]] = field(default_factory=dict)
    off: tuple[int, ...] = ()
    only: tuple[int, ...] = ()

    def looks_in(self, area_no: int) -> bool:
        """Whether it looks at things of an area."""
        if any(areas.contains(area, area_no) for area in self.off):
            return False
        return not self.only or any(areas.contains(area, area_no) for area in self.only)

    def read_by(self, kind: str) -> set[tuple[str, str]]:
        """(kind, property) of what it reads when it looks at things of a kind."""
        return {
            (kind if one.at == "thing" else one.kind or kind, one.of)
            for one in self.inputs.values()
        }


RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a rule: where, what, and how to put it right."""

    rule: str
    field: str
    said: str
    hint: str = ""
