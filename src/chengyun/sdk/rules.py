"""`rules/*.yaml`: what is looked for in readings, cases and the calendar, and what then happens."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug
from chengyun.sdk.duties import ClockTime
from chengyun.sdk.organisations import Post

Seconds = Annotated[int, Field(ge=0, le=400 * 86_400)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A name inside conditions: lower-case letters, digits and underscores."""
Condition = Annotated[str, Field(min_length=1, max_length=1_000)]
"""A CEL expression over the rule's words that is true or false: `+ - * /`, comparisons, `&& || !`,
`a ? b : c`, `abs(x)`, `min(x, y)`, `max(x, y)`, `curve("id", x)`, `band("id", x)`. Whole numbers
are numbers like others: `2 * rain > 50` is well; a division by 0 has no value."""
Figure = Annotated[str, Field(min_length=1, max_length=1_000)]
"""A CEL expression that is a number."""
Severity = Annotated[int, Field(ge=1, le=4)]
"""1 (I, red) the worst … 4 (IV, blue)."""


class InputDeclared(Declared):
    """What a word of the conditions stands for. All words are numbers (a truth is 0 or 1).

    A word without a value (no reading in the window yet) makes neither true nor false what needs
    it: `a > 1 || b > 2` holds where a is 3 and b is missing, `b > 2` and `!(b > 2)` do not. What
    is neither leaves an open signal as it is, for silence is no all-clear; but what never had a
    reading, or is a figure without a value, holds no signal open: that one closes once a is 1.

    Attributes:
        of: the observed property it is taken from (a number, count, total or truth); with `cases`
            it is left out.
        take: over the window; `value` is the newest reading, `change` the last less the first and
            `rate` that per second, `age` seconds since the newest reading. `count` of an empty
            window is 0, every other figure of it is missing.
        over: the window in seconds up to and with the instant looked at; 0 for `value` and `age`.
        percent: which percentile, for `percentile` (straight between neighbours).
        at: readings of the thing itself, of all things of the kind within `near_m` metres, or of
            the area of that level around it. Then no `rate` or `change`.
        kind: whose readings, with `at` other than `thing`; none: of the rule's own kind.
        where: properties of the thing that is read → values it may have.
        only: readings that count at all, a condition over `value`.
        aligned: windows begin at whole multiples of `over` in the city's day; the last one that is
            over counts, its beginning in it and its end not.
        cases: kinds of cases that are counted (`take: count`, `at` an area around the thing) by
            when they were reported; those that rules reported do not count.
    """

    of: Slug = "cases"
    take: Literal[
        "value", "min", "max", "mean", "sum", "count", "rate", "change", "percentile", "age"
    ] = "value"
    over: Seconds = 0
    percent: float | None = Field(default=None, ge=0, le=100)
    at: Literal["thing", "near", "community", "street", "district", "city"] = "thing"
    near_m: float | None = Field(default=None, gt=0, le=50_000)
    kind: Slug | None = None
    where: dict[str, tuple[str, ...]] = {}
    only: Condition | None = None
    aligned: bool = False
    cases: tuple[str, ...] = ()


class FigureDeclared(Declared):
    """A threshold by name. Without a value the rule sleeps until a city fills it in.

    `by` gives other values by a property of the thing: {"class": {"2": 50.0}}.
    """

    value: float | None
    unit: str = ""
    title: Name | None = None
    source: str = ""
    verified: bool = False
    by: dict[str, dict[str, float]] = {}


class TableDeclared(Declared):
    """A curve by points (x, y), straight in between, from a day on; conditions ask
    `curve("id", x)` for its height, or `band("id", x)` for how many of its x lie below."""

    since: date
    points: tuple[tuple[float, float], ...] = Field(min_length=2)
    source: str = ""
    verified: bool = False


class LevelDeclared(Declared):
    """One step of severity; the worst that holds counts. Without `until` it ends as soon as
    `when` does not hold; with it, only once `until` holds (hysteresis). From a worse level a signal
    falls to the worst that holds or whose own `until` does not yet."""

    severity: Severity
    when: Condition
    until: Condition | None = None


class SpanDeclared(Declared):
    """A span of the week in which the rule looks: days 1 (Monday) … 7, "holiday" or "workday"."""

    days: tuple[Literal["1", "2", "3", "4", "5", "6", "7", "workday", "holiday"], ...] = ()
    since: ClockTime = "00:00"
    until: ClockTime | None = None  # none: midnight
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()


class CaseDeclared(Declared):
    """A case is reported: its kind and filing condition, and its text with {words} of the rule and
    {thing}, {address}, {level}. `close` says what the end of the signal does to it."""

    kind: str
    condition: Slug | None = None
    text: Name
    close: Literal["nothing", "note"] = "note"
    worst: Severity = 4


class TellDeclared(Declared):
    """People of a post in the thing's area are told by a notice template of that id."""

    template: Slug
    posts: tuple[Post, ...] = Field(min_length=1)
    worst: Severity = 4


class IncidentDeclared(Declared):
    """An emergency incident is asked for (whoever leads incidents hears the signal)."""

    plan: Slug
    worst: Severity = 2


class DeriveDeclared(Declared):
    """A figure of the rule is written as a reading of another property of the same thing,
    whenever the rule looks and the figure is not missing; no rule may read what it writes."""

    property: Slug
    value: Figure


class ThenDeclared(Declared):
    """What happens when a signal opens or grows worse; `worst` is the mildest severity that
    still causes it."""

    case: CaseDeclared | None = None
    tell: tuple[TellDeclared, ...] = ()
    incident: IncidentDeclared | None = None
    derive: tuple[DeriveDeclared, ...] = ()


class EscalationDeclared(Declared):
    """Nobody acknowledged after so many minutes: these posts, one area further up each time."""

    after_minutes: int = Field(ge=1, le=7 * 24 * 60)
    posts: tuple[Post, ...] = Field(min_length=1)
    template: Slug


class RuleDeclared(Declared):
    """One rule. It looks at each thing of `things` (kinds) whenever one of its inputs changes.

    Attributes:
        inputs: word → what it stands for; figures: word → threshold.
        hold: seconds a condition must hold before the signal opens or grows worse; `settle` before
            it eases or closes.
        silent_after: seconds without any reading of the first input that by themselves open a
            signal of severity 4 saying so; none: silence is no news.
        once: what one signal stands for: the thing, or the area of that level.
        correlate: signals of other rules in the same area within so many seconds are one matter:
            their cases are linked, and only the first reports one.
    """

    id: Slug
    name: Name
    note: Name | None = None
    things: tuple[Slug, ...] = Field(min_length=1)
    inputs: dict[Word, InputDeclared] = Field(min_length=1)
    figures: dict[Word, FigureDeclared] = {}
    levels: tuple[LevelDeclared, ...] = Field(min_length=1)
    hold: Seconds = 0
    settle: Seconds = 0
    silent_after: Seconds | None = None
    once: Literal["thing", "community", "street", "district", "city"] = "thing"
    correlate: Slug | None = None
    correlate_s: Seconds = 0
    schedule: tuple[SpanDeclared, ...] = ()
    then: ThenDeclared = ThenDeclared()
    escalate: EscalationDeclared | None = None


class RulesFile(Provenance):
    """One file of rules and of the tables they read; of a table the newest that is in force at a
    reading's time counts."""

    tables: dict[Slug, tuple[TableDeclared, ...]] = {}
    rules: tuple[RuleDeclared, ...] = Field(min_length=1)
