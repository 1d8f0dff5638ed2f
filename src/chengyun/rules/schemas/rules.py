"""Rules, in and out."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from chengyun.kernel.text import Text
from chengyun.rules.schemas.signals import Area, Line, Taken, Word

Codes = Annotated[list[Word], Field(max_length=500)]


class RuleLine(Schema):
    """A rule in a list, with what it found in sight in 90 days. `false_share` is of the judged."""

    id: str
    name: Text
    note: Text | None
    pack: str
    version: int
    pack_version: str
    own: bool
    enabled: bool
    things: list[str]
    severities: list[int]
    empty_figures: list[str]
    unverified_figures: list[str]
    verified: bool
    source: str
    effective_from: date | None
    fired: int
    open: int
    judged_true: int
    judged_false: int
    false_share: float | None


class RulesOut(Schema):
    items: list[RuleLine]


class VersionOut(Schema):
    """One version of a rule; one without `pack_version` was written in this city."""

    version: int
    pack_version: str
    note: str
    source: str
    by: str | None
    created_at: datetime
    content: dict[str, Any]


class FigureOut(Schema):
    """A figure that was set for an area."""

    word: str
    area_no: int
    value: float
    source: str
    by: str | None
    at: datetime


class FaultOut(Schema):
    """What is wrong with a rule, where, and how to put it right."""

    field: str
    reason: str
    hint: str


class RuleDetail(RuleLine):
    """A rule with what it says, its versions and the figures that were set."""

    content: dict[str, Any]
    versions: list[VersionOut]
    figures_set: list[FigureOut]
    faults: list[FaultOut]
    may_decide: bool


class FigureIn(Taken):
    """A figure for an area and all inside it; without a value it is taken back."""

    area_no: Area
    value: float | None
    source: Line = ""


class FigureDone(Schema):
    rule: str
    word: str


class VersionIn(Taken):
    """A version as it was written, from which it was written, and why."""

    content: dict[str, Any]
    based_on: int
    note: Annotated[str, Field(min_length=1, max_length=500)]


class VersionDone(Schema):
    rule: str
    version: int


class SwitchIn(Taken):
    enabled: bool


class SwitchDone(Schema):
    rule: str
    enabled: bool


class TrialIn(Taken):
    """A span of history to try a rule on, and which things; none: all in sight.

    With `content` it is tried as it is written there, else at `version` (none: in force).
    """

    since: datetime
    until: datetime
    things: Codes = []
    version: int | None = None
    content: dict[str, Any] | None = None


class SpellOut(Schema):
    """A time for which a signal would have been open; `judged` is what a label says of it."""

    thing: str
    since: datetime = Field(alias="from")
    until: datetime | None = Field(alias="to")
    severity: int
    words: dict[str, float | None]
    judged: bool | None


class TrialOut(Schema):
    """What a rule would have done, and how well it knew where something is labelled."""

    rule: str
    since: datetime = Field(alias="from")
    until: datetime = Field(alias="to")
    things: int
    readings: int
    fired: int
    labels: int
    true: int
    false: int
    missed: int
    precision: float | None
    recall: float | None
    spells: list[SpellOut]
