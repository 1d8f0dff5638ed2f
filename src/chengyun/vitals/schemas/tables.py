"""A table and the cases behind its figures."""

from datetime import datetime
from uuid import UUID

from ninja import Schema

from chengyun.kernel.text import Text
from chengyun.vitals.schemas.asked import AreaLevel, By


class SchemeCited(Schema):
    """Which scheme made a score; `verified` says whether anybody compared it with its source."""

    id: str
    version: str
    name: Text
    effective_from: str
    source: str
    verified: bool
    pack: str
    pack_version: str


class WorkingOut(Schema):
    """One term of a score filled in: points of 100, and what they add to the score."""

    term: str
    name: Text
    weight: float
    points: float | None
    adds: float | None
    formula: Text


class RowOut(Schema):
    """One row. Rates are in per cent, null where nothing divides. `rest` is what lies in no area
    of the table's level; it has no score."""

    key: str
    name: Text
    area_no: int | None
    rest: bool
    counters: dict[str, int]
    rates: dict[str, float | None]
    grids: int | None
    score: float | None
    grade: str | None
    known_weight: float
    scheme: SchemeCited | None
    workings: list[WorkingOut]


class TotalOut(Schema):
    counters: dict[str, int]
    rates: dict[str, float | None]


class MetricName(Schema):
    """A counter's or rate's id and name; a rate names the counters above and below the line."""

    id: str
    name: Text
    above: str | None = None
    below: str | None = None


class TableOut(Schema):
    """A table as of an instant; a month that is not over is counted up to then."""

    period: str
    start: datetime
    end: datetime
    by: By
    level: AreaLevel
    area_no: int
    as_of: datetime
    over: bool
    simulated: bool
    rows: list[RowOut]
    total: TotalOut | None
    counter_names: list[MetricName] = []
    rate_names: list[MetricName] = []


class TrendMonth(Schema):
    """A row's figures in one month; empty where the row had none."""

    period: str
    over: bool
    score: float | None
    grade: str | None
    counters: dict[str, int]
    rates: dict[str, float | None]


class TrendOut(Schema):
    months: list[TrendMonth]


class BehindOut(Schema):
    """One case behind a figure; `no` is null where the reader no longer sees the case."""

    case_id: UUID
    no: str | None
    state: str | None
    kind: Text | None
    address: str
    simulated: bool
    counter: str
    counter_name: Text
    at: datetime
    unit: Text | None
    area: Text | None


class FigureCasesOut(Schema):
    items: list[BehindOut]
    next: str | None
