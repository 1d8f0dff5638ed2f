"""`clocks.yaml`: limits of the stages, warning shares and windows, each with its own source."""

from typing import Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, LimitText, Provenance

Stage = Literal["accept", "verify", "file", "dispatch", "check", "close"]


class Sourced(Declared):
    """A number with its own source."""

    source: str = Field(min_length=1)
    verified: bool = False


class StageLimit(Sourced):
    """The limit of one stage; how long handling may take is fixed by the filing condition."""

    stage: Stage
    limit: LimitText


class Percent(Sourced):
    """A share of a limit."""

    percent: int = Field(gt=0, le=1000)


class Rung(Percent):
    """From this share of the limit on, this level is told."""

    level: Literal["street", "district", "city"]


class DuplicateWindow(Sourced):
    """Same kind within this distance and time counts as a possible duplicate."""

    metres: float = Field(ge=0, le=5000)
    hours: float = Field(ge=0, le=24 * 365)


class Window(Sourced):
    """A length of time."""

    limit: LimitText


class Count(Sourced):
    """How often, or how many days, at most."""

    at_most: int = Field(ge=0, le=366)


class ClocksFile(Provenance):
    """`clocks.yaml`. The ladder climbs; it starts at the red share or later."""

    stages: tuple[StageLimit, ...]
    yellow: Percent
    red: Percent
    ladder: tuple[Rung, ...]
    duplicate: DuplicateWindow
    reopen: Window
    suspension_days: Count
    extensions: Count
    # How many days after it was done on paper something may still be typed.
    paper_days: Count = Count(at_most=7, source="this product's default; no source found")
