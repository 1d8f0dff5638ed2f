"""`senses/*.yaml`: what is measured, and the sorts of things that measure it."""

from typing import Annotated, Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug
from chengyun.sdk.kinds import Role

Unit = Annotated[str, Field(pattern=r"^[!-~]{1,40}$")]
"""A unit as UCUM writes it (case sensitive): `m`, `mm/h`, `ug/m3`, `dB`, `Cel`, `%`, `1`."""

Seconds = Annotated[int, Field(ge=1, le=400 * 86_400)]


class PropertyDeclared(Declared):
    """An observed property. A `count` is a number of pieces since the reading before, a `total` a
    meter that only climbs, a `truth` 0 or 1, a `category` one of `values`."""

    id: Slug
    name: Name
    unit: Unit
    result: Literal["number", "count", "total", "truth", "category"] = "number"
    values: tuple[Slug, ...] = ()
    definition: str = ""


class StreamDeclared(Declared):
    """One datastream that every thing of a kind has.

    Attributes:
        low, high: readings outside are impossible: kept, flagged, read by no rule.
        every: seconds between readings; three times that without one is a dead sensor.
        stuck_after: seconds of one and the same value that make a sensor stuck; none: never.
        jump: a larger step between two readings is flagged as doubtful; in the stream's unit.
        calm: between what a simulated thing says on a day on which nothing happens.
        derived: a rule writes it, and nobody else.
        keep_days: how long single readings are kept; `keep_hours_days` hourly figures of them.
    """

    property: Slug
    low: float | None = None
    high: float | None = None
    every: Seconds
    stuck_after: Seconds | None = None
    jump: float | None = None
    calm: tuple[float, float] | None = None
    derived: bool = False
    keep_days: int = Field(default=90, ge=1, le=3_650)
    keep_hours_days: int = Field(default=1_095, ge=1, le=36_500)


class ThingKindDeclared(Declared):
    """A sort of thing: a gauge, a lift, a bin. `owner` is the department role that answers for it;
    `calibrate_days` how often it is to be calibrated, `reach_m` how far around it one reading
    speaks for (for the siting report). Things of a `private` kind are seen in their own community
    and by their own department alone."""

    id: Slug
    name: Name
    owner: Role
    moving: bool = False
    private: bool = False
    streams: tuple[StreamDeclared, ...] = Field(min_length=1)
    calibrate_days: int | None = Field(default=None, ge=1)
    reach_m: float | None = Field(default=None, gt=0, le=50_000)


class SensesFile(Provenance):
    """One file of properties and kinds of things."""

    properties: tuple[PropertyDeclared, ...] = ()
    things: tuple[ThingKindDeclared, ...] = ()
