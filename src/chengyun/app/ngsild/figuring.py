"""Figures of what was said, by period (CIM 009 §4.5.19)."""

import itertools
import math
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chengyun.app.ngsild.bodies import VALUES
from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.spans import Span, time_of
from chengyun.sensing.decide.context import told

_FIGURES: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": math.fsum,
    "sumsq": lambda values: math.fsum(one * one for one in values),
    "avg": lambda values: math.fsum(values) / len(values),
    "min": min,
    "max": max,
    "stddev": statistics.pstdev,
}


MOST_PERIODS = 10_000


def figures(instances: Sequence[Mapping[str, Any]], span: Span) -> dict[str, Any]:
    """Figures of an attribute by period: method → [[figure, from, to], …]."""
    said = [(one.get(VALUES[one["type"]]), time_of(one, span)) for one in instances]
    dated = sorted(
        ((datetime.fromisoformat(at), value) for value, at in said if at), key=lambda pair: pair[0]
    )
    found: dict[str, Any] = {"type": instances[0]["type"]}
    periods = list(_periods(dated, span))
    for method in span.methods:
        rows = []
        for start, end, values in periods:
            figure = _figure(method, values)
            if figure is not None:
                rows.append([figure, told(start), told(end)])
        found[method] = rows
    return found


def _periods(
    dated: Sequence[tuple[datetime, Any]], span: Span
) -> Iterator[tuple[datetime, datetime, list[Any]]]:
    if not dated:
        return
    start = span.start or dated[0][0]
    if not span.period:
        yield start, span.end or dated[-1][0], [value for _, value in dated]
        return
    if (dated[-1][0] - start) / span.period > MOST_PERIODS:
        raise BadData(f"aggrPeriodDuration: more than {MOST_PERIODS:,} periods.")
    for n, group in itertools.groupby(dated, key=lambda pair: (pair[0] - start) // span.period):
        begins = start.astimezone(UTC) + n * span.period
        yield begins, begins + span.period, [value for _, value in group]


def _figure(method: str, values: Sequence[Any]) -> Any:
    if method == "totalCount":
        return len(values)
    if method == "distinctCount":
        return len({str(one) for one in values})
    numbers = [float(one) for one in values if isinstance(one, (int, float, bool))]
    return _FIGURES[method](numbers) if numbers else None
