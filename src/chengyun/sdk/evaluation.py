"""`evaluation/*.yaml`: how rates become scores and grades, and when a check looks twice."""

from typing import Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug


class StepDeclared(Declared):
    """Up to this amount, these points of 100."""

    up_to: float = Field(ge=0)
    points: float = Field(ge=0, le=100)


class BandsDeclared(Declared):
    """Points by the amount of a counter; `per_grid` divides by the unit grids of the area.

    Steps that a source does not name stay away: the term then counts for nothing until a city
    enters its own. `classes` holds the steps of area classes other than "1".
    """

    counter: str
    steps: tuple[StepDeclared, ...] = ()
    classes: dict[str, tuple[StepDeclared, ...]] = Field(default_factory=dict)
    otherwise: float = Field(0, ge=0, le=100)
    exclusive: bool = False
    per_grid: bool = False


class TermDeclared(Declared):
    """One part of a score: either a rate (with `inverse` 100 minus it) or bands."""

    id: Slug
    name: Name
    weight: float = Field(gt=0, le=100)
    rate: str | None = None
    inverse: bool = False
    bands: BandsDeclared | None = None


class GradeDeclared(Declared):
    """A letter, from this score on."""

    letter: str = Field(pattern=r"^[A-Z]$")
    at_least: float = Field(ge=0, le=100)


class SchemeOfScores(Declared):
    """How one sort of row is scored; its weights add up to 100."""

    id: Slug
    by: Literal["unit", "area", "post"]
    post: str | None = None
    name: Name
    note: str = ""
    min_weight: float = Field(50, ge=0, le=100)
    terms: tuple[TermDeclared, ...] = Field(min_length=1)


class ChecksDeclared(Declared):
    """From where on a pattern is worth a person's look."""

    too_fast_s: int = Field(ge=0, le=86_400)
    forced_share: float = Field(ge=0, le=1)
    forced_least: int = Field(ge=1)
    same_words_cases: int = Field(ge=2)
    same_words_length: int = Field(ge=1)
    late_share: float = Field(ge=0, le=1)
    chain: int = Field(ge=1)
    look_distance: int = Field(ge=0, le=16)


class EvaluationFile(Provenance):
    """One file: schemes with their grades, or thresholds of the checks, or both. A table of a
    month is made by what was in force on the month's first day. `area_classes` gives areas by code
    a class other than "1"."""

    grades: tuple[GradeDeclared, ...] = ()
    schemes: tuple[SchemeOfScores, ...] = ()
    checks: ChecksDeclared | None = None
    area_classes: dict[str, str] = Field(default_factory=dict)
