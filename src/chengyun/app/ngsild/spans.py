"""Spans of time as parameters say them (CIM 009 §4.11)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.values import instant

MOST_INSTANCES = 1_000


_RELS = ("before", "after", "between")


_TIMES = ("observedAt", "createdAt", "modifiedAt", "deletedAt")


_PERIOD = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
METHODS = ("sum", "sumsq", "avg", "min", "max", "stddev", "totalCount", "distinctCount")


@dataclass(frozen=True)
class Span:
    """From (in it) to (not in it) by one of the times of an instance; how many instances of each
    attribute; figures asked for by period (0: one for the whole span)."""

    start: datetime | None
    end: datetime | None
    timeproperty: str = "observedAt"
    last: int = MOST_INSTANCES
    methods: tuple[str, ...] = ()
    period: timedelta = timedelta(0)


def read_span(said: Mapping[str, str], *, needed: bool, aggregated: bool) -> Span:
    """The span of some parameters. Raises BadData."""
    rel, at = said.get("timerel"), said.get("timeAt")
    timeproperty = said.get("timeproperty", "observedAt")
    if timeproperty not in _TIMES:
        raise BadData(f"timeproperty: is one of {', '.join(_TIMES)}.")
    if rel is None and (at is not None or needed):
        raise BadData("timerel and timeAt must be given.")
    start = end = None
    if rel is not None:
        if rel not in _RELS or at is None:
            raise BadData(f"timerel: is one of {', '.join(_RELS)}, with timeAt.")
        first = datetime.fromisoformat(instant(at, "timeAt"))
        start, end = (None, first) if rel == "before" else (first, None)
        if rel == "between":
            end = datetime.fromisoformat(instant(said.get("endTimeAt"), "endTimeAt"))
            if end <= first:
                raise BadData("endTimeAt: is not after timeAt.")
    text = said.get("lastN", "")
    if text and not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise BadData("lastN: is a whole number above 0.")
    last = min(int(text[:9]), MOST_INSTANCES) if text else MOST_INSTANCES
    methods = tuple(one for one in said.get("aggrMethods", "").split(",") if one)
    unknown = set(methods) - set(METHODS)
    if unknown or (aggregated and not methods):
        raise BadData(f"aggrMethods: are of {', '.join(METHODS)}.")
    period = _period(said.get("aggrPeriodDuration", "PT0S"))
    return Span(start, end, timeproperty, last, methods if aggregated else (), period)


def _period(said: str) -> timedelta:
    match = _PERIOD.fullmatch(said)
    if match is None or said in ("P", "PT") or said.endswith("T") or len(said) > 40:
        raise BadData("aggrPeriodDuration: is a duration like PT1H or P1D.")
    try:
        return timedelta(
            **{name: float(value) for name, value in match.groupdict().items() if value}
        )
    except OverflowError as error:
        raise BadData("aggrPeriodDuration: is out of range.") from error


def time_of(one: Mapping[str, Any], span: Span) -> Any:
    return one.get(span.timeproperty) or one.get("observedAt") or one.get("modifiedAt")
