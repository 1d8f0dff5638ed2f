"""`simulate.yaml`: a seeded, labelled city that plays its days."""

from typing import Annotated

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug, Source

Share01 = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(gt=0)]
Hour = Annotated[float, Field(ge=0, le=24)]
# From and to, in minutes; drawn evenly between.
Minutes = tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]]


class ReportTemplate(Declared):
    """Reports of one kind: how often against the others, with which condition and words.

    `texts` may hold `{place}` and `{n}` (2 … 9); `night` multiplies the weight from 22 to 6,
    `storm` on a storm day. Texts are simulated: a reader sees `label` beside them.
    """

    kind: str = Field(min_length=1)
    condition: Slug
    weight: Weight
    night: float = Field(default=1, ge=0)
    storm: float = Field(default=1, ge=0)
    texts: tuple[str, ...] = Field(min_length=1)
    attributes: dict[str, str | int | float | bool] = {}


class Hotline(Declared):
    """Calls of a whole day at full scale: shares of what they ask, and those answered at once,
    which make no case."""

    calls_per_day: int = Field(gt=0)
    asks: dict[str, Weight] = Field(min_length=1)
    answered: Share01


class Volumes(Declared):
    """A weekday at scale 1. `creations_per_day` are cases of all sources; what the hotline does
    not bring is shared among `sources` by weight."""

    creations_per_day: int = Field(gt=0)
    hotline: Hotline
    sources: dict[Source, Weight] = Field(min_length=1)
    hours: Annotated[tuple[Weight, ...], Field(min_length=24, max_length=24)]
    # Collectors walk by day only.
    patrol_hours: Annotated[tuple[float, ...], Field(min_length=24, max_length=24)]
    weekend: Weight
    storm_factor: float = Field(ge=1)
    scale: Weight
    # The pack's accounts are enough hands for this scale; at a larger one each stands for more.
    staffed_for: Weight


class Behaviour(Declared):
    """How simulated residents and staff behave: shares of cases, and minutes of work.

    `same_photo` and `split_clock` are cheats, for the checks against gaming to find.
    """

    unknown_kind: Share01
    wrong_kind: Share01
    no_place: Share01
    duplicate: Share01
    again: Share01
    rejected: Share01
    verified_first: Share01
    not_there: Share01
    voided: Share01
    department_returns: Share01
    check_fails: Share01
    asks_extension: Share01
    asks_suspension: Share01
    granted: Share01
    suspension_days: tuple[int, int]
    supervised: Share01
    urged: Share01
    rated: Share01
    unhappy: Share01
    unhappy_late: Share01
    says_not_fixed: Share01
    appeals: Share01
    same_photo: Share01
    split_clock: Share01
    # Minutes of one person's time, by move.
    work: dict[str, Minutes]
    # Minutes before somebody gets round to it, by move: on the way, waiting for parts.
    delay: dict[str, Minutes] = {}
    # Working hours by post (local); a post that is missing works round the clock.
    shifts: dict[str, tuple[Hour, Hour]] = {}


class Live(Declared):
    """The trickle of a running demo: reports a minute, how many times faster than life the staff
    works, and the history it begins with (days, and reports a day as a scale)."""

    per_minute: Weight
    pace: Weight
    most_open: int = Field(gt=0)
    history_days: float = Field(ge=0)
    history_scale: Weight


class SimulateFile(Provenance):
    """A city that plays itself. `population` weighs districts by their codes (10,000 people)."""

    seed: int
    label: Name
    volumes: Volumes
    population: dict[str, Weight] = {}
    places: tuple[str, ...] = Field(min_length=1)
    reports: tuple[ReportTemplate, ...] = Field(min_length=1)
    behaviour: Behaviour
    live: Live
