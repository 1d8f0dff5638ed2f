"""One month's tables by unit, area and post: what a look costs, and that history adds nothing.

Product: the tables of a month as the page asks for them (rows, names, rates, scores), medians.
Reference: the same month's marks in one plain SQL GROUP BY, no names, excuses, findings or scores.
Limit: those marks counted by the index alone. The month holds CASES cases of MARKS marks each and
stays as it is while a year of history is put before it; the time after that year stands beside.
Needs a node of its own to be honest; its made-up marks are removed afterwards.
"""

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import psycopg
from django.db import transaction

from chengyun.app.supervisor.node import Node
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.people.models import Organisation
from chengyun.places.models import City
from chengyun.vitals import reads
from chengyun.vitals.decide.counters import COUNTERS
from chengyun.vitals.decide.schemes import By

NAME = "evaluate"
UNIT = "ms"
CASES = 20_000
MARKS = 15  # a case, as the simulated city's cases have
HISTORY = 11  # months before
LOOKS = 5
PERIOD = "2031-12"
NOW = datetime(2032, 2, 1, tzinfo=UTC)
_MONTH = (datetime(2031, 11, 30, 16, tzinfo=UTC), datetime(2031, 12, 31, 16, tzinfo=UTC))
# By a case's number in the low bits, so that the made-up ones can be told from others.
_FILL = """
INSERT INTO vitals_casemark
    (id, case_id, city_no, area_no, unit, counter, at, lasting, until, manual, simulated)
SELECT gen_random_uuid(), ('be2c0000-0000-7000-8000-' || lpad(to_hex(one), 12, '0'))::uuid,
    %(city)s, spot.area_no, spot.id, (%(counters)s::text[])[1 + (one * 7 + mark) %% %(many)s],
    timestamptz '2031-12-02' - %(back)s * interval '1 month'
        + (one * 797 %% 2500000) * interval '1 s',
    false, NULL, true, true
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS one
    CROSS JOIN generate_series(1, %(marks)s) AS mark
    JOIN bench_unit AS spot ON spot.number = one * 31 %% %(spots)s
"""
_GONE = (
    "DELETE FROM vitals_casemark WHERE case_id BETWEEN 'be2c0000-0000-7000-8000-000000000000'"
    " AND 'be2c0000-0000-7000-8000-ffffffffffff'"
)
_PLAIN = (
    "SELECT unit, area_no, counter, count(*) FROM vitals_casemark"
    " WHERE NOT lasting AND at >= %s AND at < %s GROUP BY 1, 2, 3"
)
_COUNT = "SELECT count(*) FROM vitals_casemark WHERE NOT lasting AND at >= %s AND at < %s"


def run(node: Node | None) -> dict[str, object]:
    """Fill the month, look, put a year before it, look again."""
    assert node is not None
    city = City.objects.values_list("area_no", flat=True)[0]
    url = node.database_url("owner")
    try:
        _fill(url, city, 0, 0)
        alone = _looks(city)
        for back in range(1, HISTORY + 1):
            _fill(url, city, back, back * CASES)
        product = _looks(city)
        with psycopg.connect(url) as line:
            reference = _median(lambda: line.execute(_PLAIN, _MONTH).fetchall())
            limit = _median(lambda: line.execute(_COUNT, _MONTH).fetchall())
            counted = line.execute(_COUNT, _MONTH).fetchone()
    finally:
        with psycopg.connect(url) as line:
            line.execute(_GONE)
    assert counted is not None
    return {
        "product": round(product["unit"], 1),
        "reference": round(reference, 1),
        "reference_name": "the month's marks in one plain SQL GROUP BY, no names, findings, scores",
        "limit": round(limit, 1),
        "limit_name": "the month's marks counted by the index alone",
        "lower_is_better": True,
        "ratio": round(product["unit"] / reference, 2),
        "by_ms": {by: round(took, 1) for by, took in product.items()},
        "without_history_ms": {by: round(took, 1) for by, took in alone.items()},
        "cases_in_the_month": CASES,
        "marks_in_the_month": counted[0],
        "marks_in_all": CASES * MARKS * (HISTORY + 1),
        "load": os.getloadavg()[0],
    }


def _fill(url: str, city: int, back: int, first: int) -> None:
    units = Organisation.objects.filter(kind="department").order_by("code")
    spots = list(units.values_list("id", "area_no")[:500])
    parts = sorted({part for one in COUNTERS.values() for part in one.parts})
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(
            "CREATE TEMP TABLE bench_unit (number int PRIMARY KEY, id uuid, area_no bigint)"
        )
        with line.cursor().copy("COPY bench_unit FROM STDIN") as copy:
            for number, spot in enumerate(spots):
                copy.write_row((number, *spot))
        values = {
            "city": city,
            "counters": parts,
            "many": len(parts),
            "back": back,
            "first": first + 1,
            "last": first + CASES,
            "marks": MARKS,
            "spots": len(spots),
        }
        line.execute(_FILL, values)
        line.execute("VACUUM ANALYZE vitals_casemark")


def _looks(city: int) -> dict[By, float]:
    bys: tuple[By, ...] = ("unit", "area", "post")
    return {by: _median(partial(_look, city, by)) for by in bys}


def _look(city: int, by: By) -> object:
    with transaction.atomic():
        bind(SYSTEM.scope())
        found = reads.table(SYSTEM, reads.wanted(city, PERIOD, by, None, NOW))
    assert found["rows"]
    return found


def _median(look: Callable[[], object]) -> float:
    """Milliseconds of the median of some looks, the first (cold) left out."""
    took = []
    for _ in range(LOOKS + 1):
        began = time.perf_counter()
        look()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took[1:])
