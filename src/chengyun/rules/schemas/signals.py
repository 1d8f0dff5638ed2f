"""Signals, in and out."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from chengyun.kernel.text import Text

# areas.py packs a path into 58 bits.
AREA_MAX = (1 << 58) - 1
Area = Annotated[int, Field(ge=1, le=AREA_MAX)]
Word = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
Line = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]


class Taken(Schema):
    """Input: a field nobody asked for is an error."""

    model_config = ConfigDict(extra="forbid")


class SignalsQuery(Schema):
    """Which signals are wanted."""

    state: Literal["open", "closed", "all"] = "open"
    severity: int | None = Field(default=None, ge=1, le=4)
    rule: Word | None = None
    pack: Word | None = None
    thing: UUID | None = None
    case: UUID | None = None
    area_no: Area | None = None
    acknowledged: bool | None = None
    judged: Literal["", "true", "false"] | None = None
    since: datetime | None = None
    cursor: Line | None = None
    limit: int | None = None


class SignalLine(Schema):
    """A signal in a list. `severity` 1 (I) … 4 (IV); `words` are what moved it last."""

    id: UUID
    rule_id: str
    rule_version: int
    pack: str
    thing_id: UUID | None
    thing_code: str
    thing_name: str
    lon: float | None
    lat: float | None
    area_no: int
    simulated: bool
    silent: bool
    severity: int
    worst: int
    opened_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    escalate_at: datetime | None
    escalated: int
    judged: str
    judged_reason: str
    muted: bool
    joined_to: UUID | None
    case_id: UUID | None
    case_no: str
    words: dict[str, float | None]
    version: int
    members: int


class SignalPage(Schema):
    """Signals, the newest first."""

    items: list[SignalLine]
    next: str | None


class WordWhy(Schema):
    """An input of a condition, what it was, and the readings it was taken from."""

    word: str
    of: str
    take: str
    over: int
    at: str
    value: float | None
    readings: list[tuple[datetime, float]]


class FigureWhy(Schema):
    """A figure of a condition, what it was, and where it comes from."""

    word: str
    value: float | None
    declared: float | None
    unit: str
    source: str
    verified: bool


class Why(Schema):
    """Why a signal moved."""

    silent: bool
    condition: str | None
    hold: int = 0
    inputs: list[WordWhy]
    figures: list[FigureWhy]
    age: float | None = None
    silent_after: int | None = None


class StepOut(Schema):
    """One step of a signal."""

    what: str
    at: datetime
    recorded_at: datetime
    severity: int
    thing_code: str
    note: str
    by: str | None
    why: Why | None


class SignalDetail(SignalLine):
    """A signal with its rule, its steps and the signals that are one matter with it."""

    rule_name: Text
    rule_note: Text | None
    things: dict[str, int]
    acknowledged_name: str | None
    judged_name: str | None
    steps: list[StepOut]
    joined: list[SignalLine]
    may_answer: bool


class SignalCounts(Schema):
    """Open signals by severity, and how many nobody acknowledged."""

    open: dict[str, int]
    waiting: int


class JudgementIn(Taken):
    """True or false alarm; a false one needs what was found instead."""

    judgement: Literal["true", "false"]
    reason: Line = ""


class AnsweredOut(Schema):
    id: UUID
    version: int


class SilenceIn(Taken):
    """Silence about a thing, or about a rule within an area."""

    ends_at: datetime
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    area_no: Area | None = None
    rule: Word = ""
    thing_id: UUID | None = None


class SilencedOut(Schema):
    """The silence, and how many open signals it muted."""

    id: UUID
    muted: int


class SilenceOut(Schema):
    """A silence that holds now or later."""

    id: UUID
    rule: str
    thing_id: UUID | None
    area_no: int
    starts_at: datetime
    ends_at: datetime
    reason: str


class SilencesOut(Schema):
    items: list[SilenceOut]
