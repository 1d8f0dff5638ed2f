"""The queue: filtered, in deadline order, one index walk a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from chengyun.cases.decide.state import STATE_NAMES
from chengyun.cases.models import Case, CaseQuerySet
from chengyun.cases.policy import waits_for
from chengyun.cases.reads.rows import ROW_FIELDS, CaseRow, case_rows, light
from chengyun.kernel import areas, paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject

COUNT_CAP = 20_000
MAP_CAP = 2_000
_LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None leaves a part open."""

    queue: str = "all"
    states: tuple[str, ...] = ()
    kind: str | None = None
    area: int | None = None
    unit: UUID | None = None
    q: str | None = None
    overdue: bool = False
    simulated: bool | None = None
    open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    closed_since: datetime | None = None
    levels: tuple[int, ...] = ()
    supervised: bool = False
    soon: bool = False
    late: bool | None = None
    handler: UUID | None = None


def filtered(actor: Actor, wanted: Filters, now: datetime) -> CaseQuerySet:
    """The visible cases a filter leaves.

    Raises:
        Invalid: a filter value that cannot be.
    """
    errors = _faults(wanted)
    if errors:
        raise Invalid(errors)
    cases = Case.objects.visible_to(actor)
    if wanted.queue == "mine":
        cases = cases.filter(waits_for(actor), open=True)
    if wanted.states:
        cases = cases.filter(state__in=wanted.states)
    exact = {"open": wanted.open, "simulated": wanted.simulated, "kind_id": wanted.kind or None}
    cases = cases.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.area is not None:
        cases = cases.filter(area_no__range=_span(wanted.area))
    if wanted.unit is not None:
        cases = cases.filter(unit_ids__contains=[wanted.unit])
    if wanted.q:
        cases = cases.filter(_matching(wanted.q))
    if wanted.overdue:
        cases = cases.filter(open=True, paused=False, due_at__lte=now)
    if wanted.since is not None:
        cases = cases.filter(reported_at__gte=wanted.since)
    if wanted.until is not None:
        cases = cases.filter(reported_at__lt=wanted.until)
    return _narrowed(cases, wanted, now)


def _narrowed(cases: CaseQuerySet, wanted: Filters, now: datetime) -> CaseQuerySet:
    """By what the figures of a board stand for."""
    if wanted.closed_since is not None:
        cases = cases.filter(closed_at__gte=wanted.closed_since)
    if wanted.levels:
        cases = cases.filter(level__in=wanted.levels)
    if wanted.supervised:
        cases = cases.filter(supervised__gt=0)
    if wanted.soon:
        cases = cases.filter(open=True, paused=False, warn_at__lte=now, due_at__gt=now)
    if wanted.late is not None:
        cases = cases.filter(overtime__gt=0) if wanted.late else cases.filter(overtime=0)
    if wanted.handler is not None:
        cases = cases.filter(handler_id=wanted.handler)
    return cases


def _faults(wanted: Filters) -> list[FieldError]:
    errors = [
        FieldError("state", f"{state!r} is no state", "unknown_state")
        for state in wanted.states
        if state not in STATE_NAMES
    ]
    if wanted.queue not in ("mine", "all"):
        errors.append(FieldError("queue", "is either mine or all", "unknown_queue"))
    times = (
        ("since", wanted.since),
        ("until", wanted.until),
        ("closed_since", wanted.closed_since),
    )
    for name, at in times:
        if at is not None and not 1 < at.year < _LAST_YEAR:
            errors.append(FieldError(name, "is no time that a case can have", "bad_time"))
    if wanted.kind and "\x00" in wanted.kind:
        errors.append(FieldError("kind", "holds a NUL character", "bad_text"))
    return errors


def _span(area: int) -> tuple[int, int]:
    try:
        # Every city is a number above zero; no area's has more than 58 bits.
        return areas.span(area if 0 < area < 1 << 58 else 0)
    except ValueError as error:
        raise Invalid([FieldError("area", "is no area number", "unknown_area")]) from error


def _matching(words: str) -> Q:
    said = words.strip()[:100]
    if "\x00" in said:
        raise Invalid([FieldError("q", "holds a NUL character", "bad_text")])
    return Q(no=said.upper()) | Q(text__icontains=said) | Q(address__icontains=said)


def queue(
    actor: Actor,
    wanted: Filters,
    *,
    now: datetime,
    sort: str = "due",
    cursor: str | None = None,
    limit: int | None = None,
) -> tuple[list[CaseRow], str | None]:
    """One page of cases and the cursor of the next.

    Args:
        sort: "due" (deadline, oldest first) or "-reported" (newest first).
    """
    cases = filtered(actor, wanted, now)
    size = paging.clamp(limit)
    if sort == "due":
        anything = wanted.states or wanted.q or wanted.closed_since
        if not anything and wanted.open is None and wanted.queue == "all":
            cases = cases.filter(open=True)
        if cursor:
            at, last = paging.decode(cursor, 2)
            cases = cases.filter(_after(at, last, "sort_at", forward=True))
        cases = cases.order_by("sort_at", "id")
    elif sort == "-reported":
        if cursor:
            at, last = paging.decode(cursor, 2)
            cases = cases.filter(_after(at, last, "reported_at", forward=False))
        cases = cases.order_by("-reported_at", "-id")
    else:
        raise Invalid([FieldError("sort", "is either due or -reported", "unknown_sort")])
    found = list(cases.values(*ROW_FIELDS)[: size + 1])
    following = None
    if len(found) > size:
        found = found[:size]
        key = "sort_at" if sort == "due" else "reported_at"
        following = paging.encode([found[-1][key].isoformat(), str(found[-1]["id"])])
    return case_rows(found, now), following


def _after(at: Any, last: Any, name: str, *, forward: bool) -> Q:
    try:
        instant, ident = datetime.fromisoformat(at), UUID(last)
    except (TypeError, ValueError, AttributeError) as error:
        raise Invalid(
            [FieldError("cursor", "is not a cursor of this list", "bad_cursor")]
        ) from error
    step = "gt" if forward else "lt"
    return Q(**{f"{name}__{step}": instant}) | Q(**{name: instant, f"id__{step}": ident})


def counts(actor: Actor, *, now: datetime) -> JsonObject:
    """How many cases wait, by queue and by state, counted up to COUNT_CAP each.

    Returns:
        {"queue": {"mine", "all_open", "overdue"}, "states": {state: n}, "capped": bool}
    """
    visible = Case.objects.visible_to(actor).filter(open=True)
    if not actor.scope().everything and not (actor.scope().areas or actor.scope().units):
        # An administrator sees no cases, and PostgreSQL need not be asked.
        return {
            "queue": {"mine": 0, "all_open": 0, "overdue": 0},
            "states": {},
            "capped": False,
        }
    inner = visible.order_by().values("state")[:COUNT_CAP]
    sql, params = inner.query.sql_with_params()
    with connection.cursor() as cursor:
        # The inner statement is Django's own, its values are parameters.
        counted = f"SELECT state, count(*) FROM ({sql}) AS few GROUP BY state"  # noqa: S608
        cursor.execute(counted, params)
        by_state = dict(cursor.fetchall())
    overdue = visible.filter(paused=False, due_at__lte=now)
    mine = visible.filter(waits_for(actor))
    total = sum(by_state.values())
    return {
        "queue": {
            "mine": mine.order_by()[:COUNT_CAP].count(),
            "all_open": total,
            "overdue": overdue.order_by()[:COUNT_CAP].count(),
        },
        "states": by_state,
        "capped": total >= COUNT_CAP,
    }


def case_map(
    actor: Actor, wanted: Filters, bbox: tuple[float, float, float, float], *, now: datetime
) -> JsonObject:
    """Open cases inside a box (west, south, east, north in degrees), the most urgent first."""
    west, south, east, north = bbox
    found = list(
        filtered(actor, wanted, now)
        .filter(open=True, lon__range=(west, east), lat__range=(south, north))
        .order_by("sort_at", "id")
        .values(
            "id",
            "no",
            "state",
            "lon",
            "lat",
            "kind_id",
            "level",
            "due_at",
            "warn_at",
            "paused",
            "simulated",
        )[: MAP_CAP + 1]
    )
    items = [
        {
            "id": row["id"],
            "no": row["no"],
            "state": row["state"],
            "clock": light(row, now),
            "lon": row["lon"],
            "lat": row["lat"],
            "kind_id": row["kind_id"],
            "level": row["level"],
            "simulated": row["simulated"],
        }
        for row in found[:MAP_CAP]
    ]
    return {"items": items, "truncated": len(found) > MAP_CAP}
