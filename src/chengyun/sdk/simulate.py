"""`simulate.yaml`: a seeded, labelled trickle of simulated reports."""

from typing import Annotated

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug, Source

Share01 = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0)]


class ReportTemplate(Declared):
    """Reports of one kind: how often against the others, with which condition and words.

    `texts` may hold `{place}` and `{n}` (2 … 9); `night` multiplies the weight from 22 to 6.
    Texts are simulated: a reader sees `label` beside them.
    """

    kind: str = Field(min_length=1)
    condition: Slug
    weight: Weight
    night: float = Field(default=1, ge=0)
    texts: tuple[str, ...] = Field(min_length=1)
    attributes: dict[str, str | int | float | bool] = {}


class Behaviour(Declared):
    """How simulated staff behave: shares of cases and minutes of the demo's own time."""

    unknown_kind: Share01
    duplicate: Share01
    department_returns: Share01
    check_fails: Share01
    asks_extension: Share01
    late: Share01
    accept_minutes: tuple[float, float]
    handle_minutes: tuple[float, float]
    check_minutes: tuple[float, float]
    close_minutes: tuple[float, float]


class SimulateFile(Provenance):
    """The trickle. `real_per_day` is the figure the shape is taken from, `per_minute` what the demo
    plays; `hours` are 24 weights over the day in the city's zone, `sources` weights of channels."""

    seed: int
    label: Name
    real_per_day: int = Field(gt=0)
    per_minute: Weight
    hours: Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)]
    sources: dict[Source, Weight]
    places: tuple[str, ...] = Field(min_length=1)
    reports: tuple[ReportTemplate, ...] = Field(min_length=1)
    behaviour: Behaviour
