"""The queue: filtered, in deadline order, one index walk a page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

from chengyun.cases.decide.state import STATE_NAMES
from chengyun.cases.models import Case, CaseQuerySet
from chengyun.cases.policy import judged_by, waits_for
from chengyun.cases.reads.rows import ROW_FIELDS, CaseRow, case_rows
from chengyun.kernel import areas, paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.places import reads as places

_LAST_YEAR = 9999


def _running(**when: Any) -> Q:
    return Q(open=True, paused=False, due_at__isnull=False, **when)


def _half_gone(now: datetime) -> Q:
    # The warning stands at four fifths of the limit: half of it is 2.5 times as far away.
    return Q(RawSQL("due_at - (due_at - warn_at) * 2.5 <= %s", [now], BooleanField()))


CLOCKS: dict[str, Callable[[datetime], Q]] = {
    "late": lambda now: _running(due_at__lte=now),
    "near": lambda now: _running(due_at__gt=now, warn_at__lte=now),
    "half": lambda now: _running(warn_at__gt=now) & _half_gone(now),
    "fresh": lambda now: _running(warn_at__gt=now) & ~_half_gone(now),
    "paused": lambda _: Q(open=True, paused=True),
}


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
    source: str | None = None
    clock: str | None = None
    asked: bool = False
    address: UUID | None = None
    recurring: bool | None = None


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
    if wanted.asked:
        cases = cases.filter(judged_by(actor))
    if wanted.states:
        cases = cases.filter(state__in=wanted.states)
    exact = {
        "open": wanted.open,
        "simulated": wanted.simulated,
        "kind_id": wanted.kind or None,
        "source": wanted.source or None,
    }
    cases = cases.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.area is not None:
        cases = cases.filter(area_no__range=_span(wanted.area))
    if wanted.unit is not None:
        cases = cases.filter(unit_ids__contains=[wanted.unit])
    if wanted.q:
        cases = cases.filter(_matching(wanted.q))
    if wanted.overdue:
        cases = cases.filter(open=True, paused=False, due_at__lte=now)
    if wanted.clock:
        cases = cases.filter(CLOCKS[wanted.clock](now))
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
    if wanted.address is not None:
        cases = cases.filter(address_id__in=places.addresses_within(wanted.address))
    if wanted.recurring is not None:
        cases = cases.filter(recurrence_of__isnull=not wanted.recurring)
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
    for name, said in (("kind", wanted.kind), ("source", wanted.source)):
        if said and "\x00" in said:
            errors.append(FieldError(name, "holds a NUL character", "bad_text"))
    if wanted.clock and wanted.clock not in CLOCKS:
        errors.append(FieldError("clock", f"is one of {', '.join(CLOCKS)}", "unknown_clock"))
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
        sort: "due" (deadline, oldest first), "-reported" (newest first) or "reported".
    """
    cases = filtered(actor, wanted, now)
    size = paging.clamp(limit)
    if sort == "due":
        anything = wanted.states or wanted.q or wanted.closed_since or wanted.asked
        if not anything and wanted.open is None and wanted.queue == "all":
            cases = cases.filter(open=True)
        if cursor:
            at, last = paging.decode(cursor, 2)
            cases = cases.filter(_after(at, last, "sort_at", forward=True))
        cases = cases.order_by("sort_at", "id")
    elif sort in ("reported", "-reported"):
        back = sort.startswith("-")
        if cursor:
            at, last = paging.decode(cursor, 2)
            cases = cases.filter(_after(at, last, "reported_at", forward=not back))
        cases = (
            cases.order_by("-reported_at", "-id") if back else cases.order_by("reported_at", "id")
        )
    else:
        raise Invalid([FieldError("sort", "is due, reported or -reported", "unknown_sort")])
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
