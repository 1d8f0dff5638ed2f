"""The marks behind a table kept with it, and counted from what was kept: both are one."""

from typing import Any
from uuid import UUID

from django.db import connection

from chengyun.kernel.actor import Actor
from chengyun.vitals.reads.counting import Asked, Counted, key_sql, marks_sql


def keep_figures(actor: Actor, asked: Asked, publication_id: UUID) -> list[Counted]:
    """Keep every figure of a table that is about to be published; returns its numbers.

    Counting what was kept, and not once more, is what makes each list as long as its figure: the
    follower may write meanwhile.
    """
    values: dict[str, Any] = {}
    inner = marks_sql(actor, asked, values)
    values.update(publication=publication_id, area=asked.area_no)
    unit = "unit" if asked.by == "unit" else "NULL::uuid"
    # Names of ours; everything asked for is a parameter.
    sql = (
        f"WITH figures AS (SELECT {unit} AS unit, {key_sql(asked.by, asked.level)} AS key,"  # noqa: S608
        " counter, array_agg(case_id ORDER BY at, id) AS case_ids,"
        " array_agg(at ORDER BY at, id) AS ats, array_agg(unit ORDER BY at, id) AS units,"
        " array_agg(area_no ORDER BY at, id) AS area_nos, bool_or(simulated) AS simulated"
        f" FROM ({inner}) m GROUP BY 1, 2, 3), kept AS (INSERT INTO vitals_publishedfigure"
        " (id, publication_id, area_no, unit, key, counter, case_ids, ats, units, area_nos)"
        " SELECT gen_random_uuid(), %(publication)s, %(area)s, unit, key, counter, case_ids, ats,"
        " units, area_nos FROM figures)"
        " SELECT key, counter, cardinality(case_ids), simulated FROM figures"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Counted(*row) for row in cursor.fetchall()]
