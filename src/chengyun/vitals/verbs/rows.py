"""Facts as rows of the two tables."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any
from uuid import UUID

import orjson

from chengyun.kernel.copy import pg_array
from chengyun.vitals.decide.facts import CaseFacts

MARK_COLUMNS = {
    "id": "uuid",
    "case_id": "uuid",
    "city_no": "bigint",
    "area_no": "bigint",
    "unit": "uuid",
    "counter": "text",
    "at": "timestamptz",
    "lasting": "boolean",
    "until": "timestamptz",
    "manual": "boolean",
    "simulated": "boolean",
}
TRACE_COLUMNS = {
    "id": "uuid",
    "city_no": "bigint",
    "area_no": "bigint",
    "unit": "uuid",
    "kind_id": "text",
    "simulated": "boolean",
    "closed_at": "timestamptz",
    "forced": "boolean",
    "fed_back_at": "timestamptz",
    "quickest_s": "int",
    "after_photos": "int",
    "words": "text",
    "extensions": "int",
    "late_asks": "jsonb",
    "photos": "uuid[]",
    "split": "boolean",
}


def mark_rows(facts: CaseFacts, new: Callable[[], UUID]) -> Iterator[tuple[Any, ...]]:
    """One row a mark."""
    for mark in facts.marks:
        yield (
            new(),
            facts.case_id,
            facts.city_no,
            facts.area_no,
            mark.unit,
            mark.counter,
            mark.at,
            mark.lasting,
            mark.until,
            mark.manual,
            facts.simulated,
        )


def trace_row(facts: CaseFacts) -> tuple[Any, ...]:
    """The row of a case's trace."""
    trace = facts.trace
    return (
        facts.case_id,
        facts.city_no,
        facts.area_no,
        trace.unit,
        trace.kind_id,
        facts.simulated,
        trace.closed_at,
        trace.forced,
        trace.fed_back_at,
        trace.quickest_s,
        trace.after_photos,
        trace.words,
        trace.extensions,
        orjson.dumps([asdict(ask) for ask in trace.late_asks]).decode(),
        pg_array(trace.photos),
        trace.split,
    )
