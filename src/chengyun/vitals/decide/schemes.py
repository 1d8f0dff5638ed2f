"""Schemes: dated data by which counters and rates become a score that shows its working."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from chengyun.kernel.text import Text

By = Literal["unit", "area", "post"]


@dataclass(frozen=True, slots=True)
class Step:
    """Up to this amount, these points of 100."""

    up_to: float
    points: float


@dataclass(frozen=True, slots=True)
class Bands:
    """Points by amount: a counter, whole or per unit grid of the area, and the first step it fits.

    A step fits an amount that is not above it, or with `exclusive` one that is below it. `classes`
    holds the steps of area classes other than the first, whose steps are `steps`. Without steps
    the source names none: there are no points until somebody enters some.
    """

    counter: str
    steps: tuple[Step, ...]
    otherwise: float = 0.0
    exclusive: bool = False
    per_grid: bool = False
    classes: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    def points(self, amount: float, area_class: str = "1") -> float | None:
        """The points of an amount, by the steps of the area's class."""
        steps = self.classes.get(area_class, self.steps)
        if not steps:
            return None
        for step in steps:
            if amount < step.up_to or (amount == step.up_to and not self.exclusive):
                return step.points
        return self.otherwise


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score: a rate (or 100 minus it), or bands; `weight` of 100."""

    id: str
    name: Text
    weight: float
    rate: str | None = None
    inverse: bool = False
    bands: Bands | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """A letter, from this score on."""

    letter: str
    at_least: float


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to score rows of a table. `post` names the post where rows are posts.

    Terms without data drop out and the rest is scaled up, as long as `min_weight` of 100 is left.
    `area_classes` gives areas by code a class other than "1"; what lies below has it too.
    """

    id: str
    by: By
    name: Text
    terms: tuple[Term, ...]
    grades: tuple[Grade, ...]
    source: str
    effective_from: date
    post: str | None = None
    verified: bool = False
    note: str = ""
    min_weight: float = 50.0
    area_classes: Mapping[str, str] = field(default_factory=dict)
    pack: str = ""
    pack_version: str = ""


def valid_on(schemes: Iterable[Scheme], day: date) -> list[Scheme]:
    """Of each id the scheme in force on a day: the newest that had begun; later ones in the list
    win a tie."""
    found: dict[str, Scheme] = {}
    for one in schemes:
        before = found.get(one.id)
        if one.effective_from <= day and (
            before is None or one.effective_from >= before.effective_from
        ):
            found[one.id] = one
    return list(found.values())
