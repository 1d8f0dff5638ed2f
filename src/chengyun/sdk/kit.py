"""`tests/*.yaml` of a pack: examples that the conformance tests run; a pack brings no test code."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from chengyun.sdk.declared import Declared, LimitText, Name, Slug
from chengyun.sdk.organisations import Post

Minutes = Annotated[float, Field(ge=0, le=400 * 1_440)]
"""Since the beginning of a story."""


class RowExample(Declared):
    """A row of a file and what the mapping must make of it.

    `expect` names fields of the normalised record (times as ISO 8601 UTC); `reject` names the field
    a rejection must point at.
    """

    mapping: Slug
    row: dict[str, str]
    expect: dict[str, str | int | float | bool | tuple[str, ...] | None] = {}
    reject: str | None = None


class KindExample(Declared):
    """A kind that must be there, with a condition and its limit."""

    kind: str
    condition: Slug
    limit: LimitText


class DutyExample(Declared):
    """A kind that the pack's duty lists must give to a role first."""

    kind: str
    role: str


class StoryThing(Declared):
    """A thing of a story: where it stands (ordinals of district, street and community; metres from
    a point) and its properties."""

    code: Slug
    kind: Slug
    area: tuple[int, int, int] = (1, 1, 1)
    east: float = 0
    north: float = 0
    properties: dict[str, str] = {}


class StoryReadings(Declared):
    """What one stream of a thing says: these values, each `every` minutes after the one before,
    the whole row `times` times over."""

    thing: Slug
    of: Slug
    since: Minutes = 0
    every: Annotated[float, Field(gt=0)] = 1
    values: tuple[float, ...] = Field(min_length=1)
    times: int = Field(default=1, ge=1, le=10_000)


class StoryReport(Declared):
    """What somebody reports beside a thing."""

    at: Minutes
    kind: str
    condition: Slug
    thing: Slug
    source: Literal["public", "hotline", "collector"] = "public"


class CaseExpected(Declared):
    """A case that must be there: beside which thing, opened in which minutes, on whose desk, and
    how long it may take."""

    kind: str
    condition: Slug
    thing: Slug
    role: str
    limit: LimitText
    after: Minutes = 0
    by: Minutes
    source: Literal["sensor", "public", "hotline", "collector"] = "sensor"


class ToldExpected(Declared):
    """Holders of a post who must be told about a thing, in which minutes and at which severity."""

    template: Slug
    post: Post
    thing: Slug
    severity: int = Field(ge=1, le=4)
    after: Minutes = 0
    by: Minutes


class DerivedExpected(Declared):
    """What a rule must have written as a reading of a thing, the newest at a minute."""

    thing: Slug
    of: Slug
    at: Minutes
    value: float


class EndExpected(Declared):
    """When the signal of a rule about a thing must be over."""

    rule: Slug
    thing: Slug
    after: Minutes = 0
    by: Minutes


class Story(Declared):
    """Given these readings and reports, then these cases on these desks by these times, these
    people told, and none else.

    Attributes:
        figures: `rule.word` → a value that a city has filled in.
        answered: minutes after which every signal is acknowledged; none: never.
        until: the last minute that is looked at; none: that of the last reading.
        derived, ends: what else must be so; others are not excluded.
    """

    id: Slug
    name: Name
    begins: AwareDatetime
    things: tuple[StoryThing, ...] = Field(min_length=1)
    readings: tuple[StoryReadings, ...] = Field(min_length=1)
    reports: tuple[StoryReport, ...] = ()
    figures: dict[str, float] = {}
    answered: Minutes | None = 0
    until: Minutes | None = None
    cases: tuple[CaseExpected, ...] = ()
    told: tuple[ToldExpected, ...] = ()
    derived: tuple[DerivedExpected, ...] = ()
    ends: tuple[EndExpected, ...] = ()


class ExamplesFile(Declared):
    """One file of examples."""

    rows: tuple[RowExample, ...] = ()
    kinds: tuple[KindExample, ...] = ()
    duties: tuple[DutyExample, ...] = ()
    unmatched: tuple[str, ...] = Field(default=(), description="kinds no duty entry may match")
    stories: tuple[Story, ...] = ()
