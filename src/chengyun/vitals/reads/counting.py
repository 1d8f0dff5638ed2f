"""The SQL of figures and of the lists behind them: one set of rows, counted or listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import connection

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.copy import pg_array
from chengyun.vitals.decide.counters import GOOD
from chengyun.vitals.decide.schemes import By

Level = Literal["city", "district", "street", "community"]
LEVELS: tuple[Level, ...] = ("city", "district", "street", "community")
# The level below which the ordinals of an area number are cut off (kernel.areas).
_CUT: dict[str, int] = {"city": 48, "district": 38, "street": 26, "community": 14}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which marks: of an area, from `start` to before `end`, in rows of units, areas or posts.

    Rows of areas and posts stand at `level`; what lies in no area of that level has the area above
    it as its row, so that the rows always add up.
    """

    area_no: int
    start: datetime
    end: datetime
    by: By
    level: Level = "district"


@dataclass(frozen=True, slots=True)
class Counted:
    """One number: row key, counter, how many marks, and whether any is of a simulated case."""

    key: str
    counter: str
    count: int
    simulated: bool


def _sight(actor: Actor, values: dict[str, Any]) -> str:
    scope = actor.scope()
    if scope.everything:
        return "TRUE"
    values["ranges"] = "{" + ",".join(f"[{low},{high}]" for low, high in scope.areas) + "}"
    values["units"] = pg_array(scope.units)
    return "(m.area_no <@ %(ranges)s::int8multirange OR m.unit = ANY(%(units)s::uuid[]))"


# What an upheld objection or a confirmed finding takes out; work excused counts as in time.
_EFFECTIVE = (
    "CASE WHEN m.counter = 'overtime_dispose' AND EXISTS (SELECT FROM vitals_excuse x"
    " WHERE x.case_id = m.case_id AND x.counter = 'overtime_dispose')"
    " THEN 'in_time_dispose' ELSE m.counter END"
)


def key_sql(by: By, level: Level) -> str:
    """The expression of a row's key."""
    if by == "unit":
        return "unit::text"
    cut = _CUT[level]
    return f"(area_no >> {cut} << {cut})::text"


def marks_sql(actor: Actor, asked: Asked, values: dict[str, Any]) -> str:
    """The marks of a period, as a query; its values are put into `values`."""
    low, high = areas.span(asked.area_no)
    values.update(low=low, high=high, start=asked.start, end=asked.end, good=pg_array(GOOD))
    own = [f"m.area_no BETWEEN %(low)s AND %(high)s AND {_sight(actor, values)}"]
    if asked.by == "unit":
        own.append("m.unit IS NOT NULL")
    if asked.by == "post":
        own.append("m.manual")
    where = " AND ".join(own)
    # Names and numbers of ours; everything asked for is a parameter.
    return (
        f"SELECT * FROM (SELECT m.id, m.case_id, m.area_no, m.unit, m.at, m.simulated,"  # noqa: S608
        f" {_EFFECTIVE} AS counter FROM ("
        "SELECT * FROM vitals_casemark WHERE NOT lasting AND at >= %(start)s AND at < %(end)s"
        " UNION ALL SELECT * FROM vitals_casemark"
        " WHERE lasting AND at < %(end)s AND (until IS NULL OR until >= %(end)s)"
        f") m WHERE {where}"
        " AND (m.counter = 'overtime_dispose' OR NOT EXISTS (SELECT FROM vitals_excuse x"
        " WHERE x.case_id = m.case_id AND x.counter = m.counter))"
        ") m WHERE NOT (m.counter = ANY(%(good)s::text[]) AND m.case_id IN"
        " (SELECT f.case_id FROM vitals_findingcase f WHERE f.confirmed))"
    )


def counted(actor: Actor, asked: Asked) -> list[Counted]:
    """Every number of a table, by row and mark."""
    values: dict[str, Any] = {}
    inner = marks_sql(actor, asked, values)
    sql = (
        f"SELECT {key_sql(asked.by, asked.level)}, counter, count(*), bool_or(simulated)"  # noqa: S608
        f" FROM ({inner}) m GROUP BY 1, 2"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Counted(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Behind:
    """One mark behind a figure."""

    id: Any
    case_id: Any
    at: datetime
    unit: Any
    area_no: int
    counter: str


def behind(
    actor: Actor,
    asked: Asked,
    key: str | None,
    marks: Sequence[str],
    *,
    after: tuple[datetime, Any] | None,
    limit: int,
) -> list[Behind]:
    """The marks of one figure in the order of time: as many as the figure says.

    Args:
        key: the row; None: all rows together.
        after: instant and id of the last mark seen.
    """
    values: dict[str, Any] = {}
    inner = marks_sql(actor, asked, values)
    values.update(counters=pg_array(marks), limit=limit)
    where = ["counter = ANY(%(counters)s::text[])"]
    if key is not None:
        where.append(f"{key_sql(asked.by, asked.level)} = %(key)s")
        values["key"] = key
    if after is not None:
        where.append("(at, id) > (%(after_at)s, %(after_id)s)")
        values.update(after_at=after[0], after_id=after[1])
    sql = (
        "SELECT id, case_id, at, unit, area_no, counter"  # noqa: S608
        f" FROM ({inner}) m WHERE {' AND '.join(where)} ORDER BY at, id LIMIT %(limit)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Behind(*row) for row in cursor.fetchall()]


def grids_in(area_no: int, level: Level) -> dict[str, int]:
    """How many unit grids of the base layer lie in each area of a level, by row key."""
    low, high = areas.span(area_no)
    sql = (
        f"SELECT {key_sql('area', level)}, count(*) FROM places_grid g"  # noqa: S608
        " JOIN places_gridlayer l ON l.id = g.layer_id AND l.code = 'base'"
        " WHERE g.valid_to IS NULL AND g.area_no BETWEEN %s AND %s GROUP BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [low, high])
        return dict(cursor.fetchall())
