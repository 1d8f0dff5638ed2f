"""Intake: reports become cases, filed and dispatched in the commit that keeps them.

One item or a thousand take the same path: a few set-based statements a batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.arrivals import Report as ReportCommand
from chengyun.cases.decide.context import Context, Refusal
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.paper import marked
from chengyun.cases.decide.routing import RouteQuery
from chengyun.cases.decide.state import CaseState
from chengyun.cases.events.stamped import Paper
from chengyun.cases.ports import router
from chengyun.cases.reads.rulebook import Rulebook, rulebook
from chengyun.cases.reads.similar import Place, cell_of, similar
from chengyun.cases.verbs.arriving import Arriving, Intake, check, first_of_their_ids, own_photos
from chengyun.cases.verbs.contact import report_row, report_rows
from chengyun.cases.verbs.placing import Located, place_points
from chengyun.cases.verbs.writing import (
    Said,
    case_rows,
    fold_on,
    insert_photos,
    news,
    photo_rows,
    publish_once,
    row_of,
)
from chengyun.kernel import areas
from chengyun.kernel.actor import Actor, Scope
from chengyun.kernel.ids import new_code, new_id
from chengyun.kernel.prepared import hot_cursor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places.reads import standing

BATCH_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Typed:
    """Who types what another took on paper."""

    by: Actor
    paper: Paper


@verb("cases.report")
def report(actor: Actor, *, now: datetime, item: Intake) -> JsonObject:
    """Take one report.

    Returns:
        {"id", "no", "state", "version", "track_code"}

    Raises:
        Invalid: names every field at fault; nothing is kept.
    """
    result = take(actor, [item], now)[0]
    if isinstance(result, Invalid):
        raise result
    return result


@verb("cases.report_batch")
def report_batch(actor: Actor, *, now: datetime, items: tuple[Intake, ...]) -> JsonObject:
    """Take up to BATCH_MAX reports; good ones are kept, each bad one says why.

    Returns:
        {"results": [receipt or {"ok": False, "problem"}], "count": kept}
    """
    if len(items) > BATCH_MAX:
        raise Invalid([FieldError("items", f"at most {BATCH_MAX} at once", "too_many")])
    return _answer(take(actor, items, now))


@dataclass(frozen=True, slots=True)
class Told:
    """A report of a batch that many people tell: who, and when."""

    actor: Actor
    at: datetime
    item: Intake


@verb("cases.report_told")
def report_told(
    actor: Actor,
    *,
    now: datetime,
    items: tuple[Told, ...],
    states: dict[UUID, CaseState] | None = None,
) -> JsonObject:
    """Take reports of many people at their own instants, as a machine plays them.

    Args:
        now: when the batch ends; no report lies after it.
        states: filled with the states of the new cases.

    Returns:
        as `report_batch`
    """
    arriving = [Arriving(one.item, at, one.actor, one.at) for at, one in enumerate(items)]
    answer = _answer(_take(actor, arriving, now))
    if states is not None:
        states.update((one.state.id, one.state) for one in arriving if one.state is not None)
    return answer


def _answer(results: Sequence[JsonObject | Invalid]) -> JsonObject:
    said = [
        {"ok": False, "problem": one.as_dict()} if isinstance(one, Invalid) else {"ok": True, **one}
        for one in results
    ]
    return {"results": said, "count": sum(1 for one in said if one["ok"])}


def take(
    actor: Actor, items: Sequence[Intake], now: datetime, typed: Typed | None = None
) -> list[JsonObject | Invalid]:
    """Take reports as they were told at `now`; `typed` says who enters them from paper later.

    Leaves the transaction bound to the actor's scope.
    """
    arriving = [Arriving(item, at, actor, now) for at, item in enumerate(items)]
    return _take(actor, arriving, now, typed)


def _take(
    actor: Actor, arriving: Sequence[Arriving], now: datetime, typed: Typed | None = None
) -> list[JsonObject | Invalid]:
    book = rulebook()
    for one in arriving:
        check(one)
    _locate(arriving, book)
    first_of_their_ids(arriving)
    own_photos(arriving, typed.by if typed else None)
    good = [one for one in arriving if not one.errors]
    # Neighbours and routes are looked for in the whole city, whoever reports.
    cities = {areas.span(one.city) for one in good}
    bind(Scope(areas=tuple(sorted(cities)), units=actor.scope().units))
    _look_around(good, book, now)
    _route(good)
    _decide(good, book)
    kept = [one for one in good if not one.errors]
    if typed:
        for one in kept:
            one.events = marked(one.events, typed.paper)
    _write(kept, typed.paper.entered_at if typed else None)
    bind(actor.scope())
    return [_result(one) for one in arriving]


def _locate(arriving: Sequence[Arriving], book: Rulebook) -> None:
    """Find city, area and grid; a live report outside every city is refused."""
    wanted = [one for one in arriving if one.item.lon is not None and not one.errors]
    points = [(one.item.lon or 0.0, one.item.lat or 0.0) for one in wanted]
    found = place_points(points, book.cities)
    for one, place in zip(wanted, found, strict=True):
        if place is None:
            one.fault("lon", "the point lies outside every city served here", "outside")
        elif one.item.city_no is not None and place.city_no != one.item.city_no:
            one.fault("lon", "the point lies outside this city", "outside")
        else:
            one.place, one.city = place, place.city_no
    for one in arriving:
        if one.errors or one.city:
            continue
        city = one.item.city_no
        if city is None:
            city = next(iter(book.cities), None)
        if city is None or city not in book.cities:
            one.fault("city", "is not served here", "unknown_city")
        else:
            one.city = city
    _stand(arriving)
    for one in arriving:
        if one.entry is not None and one.city and one.entry.city_no not in (None, one.city):
            one.fault("kind", "belongs to another city", "unknown_kind")


def _stand(arriving: Sequence[Arriving]) -> None:
    """Find the one standard address; without a point, its area and grid are the case's."""
    for one in arriving:
        item = one.item
        if one.errors or not one.city:
            continue
        point = (item.lon, item.lat) if item.lon is not None and item.lat is not None else None
        found = standing(one.city, item.address, point)
        if found is None:
            continue
        one.address_id = found.id
        if one.place is None:
            one.place = Located(one.city, found.area_no, found.grid_code)


def _look_around(good: Sequence[Arriving], book: Rulebook, now: datetime) -> None:
    places = [
        Place(one.at, one.city, one.item.kind_id, one.item.lon, one.item.lat)
        for one in good
        if one.item.kind_id and one.item.lon is not None and one.item.lat is not None
    ]
    if not places:
        return
    found = similar(places, book, now)
    for one in good:
        one.near = found.get(one.at, ())


def _route(good: Sequence[Arriving]) -> None:
    by_city: dict[int, list[Arriving]] = {}
    for one in good:
        if one.entry is not None:
            by_city.setdefault(one.city, []).append(one)
    for city, some in by_city.items():
        queries = [
            RouteQuery(
                kind_id=one.entry.kind.id,
                area_no=one.place.area_no if one.place else None,
                at=one.now,
                attributes=one.item.attributes,
                source=one.item.source,
            )
            for one in some
            if one.entry is not None
        ]
        for one, decision in zip(some, router().route(queries, city=city), strict=True):
            one.route = decision


def _decide(good: Sequence[Arriving], book: Rulebook) -> None:
    numbers = _numbers(len(good))
    for one, number in zip(good, numbers, strict=True):
        rules = book.of(one.city)
        local = one.now.astimezone(rules.calendar.zone)
        item = one.item
        recurrence = next((near.id for near in one.near if not near.open), None)
        command = ReportCommand(
            id=new_id(),
            no=f"{local:%Y%m%d}{number:06d}",
            city=one.city,
            source=item.source,
            kind_id=item.kind_id,
            condition_id=item.condition_id,
            area_no=one.place.area_no if one.place else None,
            reported_at=item.reported_at,
            photos=item.photos,
            simulated=item.simulated,
            outside=False,
            recurrence_of=recurrence,
        )
        outcome = decide(
            None,
            command,
            Context(
                now=one.now,
                actor=one.actor,
                calendar=rules.calendar,
                limits=rules.limits,
                kind=one.entry.kind if one.entry else None,
                route=one.route,
                similar=tuple(near.id for near in one.near if near.open),
            ),
        )
        if isinstance(outcome, Refusal):
            one.fault(outcome.field or "body", outcome.reason["en"], outcome.code)
            continue
        one.events = outcome
        one.state = fold_on(None, outcome)
        one.code = new_code()


def _numbers(count: int) -> list[int]:
    if not count:
        return []
    with hot_cursor() as cursor:
        cursor.execute(
            "SELECT nextval('cases_number_seq') FROM generate_series(1, %s::int)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def _write(kept: Sequence[Arriving], entered_at: datetime | None) -> None:
    rows, events, reports = [], [], []
    for one in kept:
        state = one.state
        if state is None:
            continue
        rows.append(row_of(state, _said(one, state)))
        recorded_at = entered_at or one.now
        events += news(one.actor, None, state, one.events, recorded_at)
        reports.append(
            report_row(
                state.id,
                one.code,
                one.item.source,
                one.item.text,
                state.reported_at,
                one.actor,
                one.item.contact,
                recorded_at,
            )
        )
    publish_once(events, case_rows(rows), report_rows(reports))
    insert_photos(
        [
            row
            for one in kept
            if one.state is not None and one.item.photos
            for row in photo_rows(one.state.id, None, one.state, one.actor)
        ]
    )


def _said(one: Arriving, state: CaseState) -> Said:
    item, entry = one.item, one.entry
    condition = entry.kind.condition(state.condition_id) if entry else None
    located = item.lon is not None and item.lat is not None
    return Said(
        is_public=bool(entry and entry.kind.public),
        kind_version_id=entry.version_id if entry else None,
        level=condition.level if condition else None,
        lon=item.lon,
        lat=item.lat,
        location="exact" if located else ("text" if item.address else "none"),
        cell=cell_of(item.lon, item.lat) if located else None,
        grid_code=one.place.grid_code if one.place else None,
        address=item.address.strip(),
        address_id=one.address_id,
        text=item.text.strip(),
        attributes=item.attributes,
        external_source=item.external_source,
        external_id=item.external_id,
    )


def _result(one: Arriving) -> JsonObject | Invalid:
    if one.errors or one.state is None:
        return Invalid(one.errors)
    state = one.state
    return {
        "id": str(state.id),
        "no": state.no,
        "state": state.state,
        "version": state.version,
        "track_code": one.code,
        "lead_unit": str(state.lead_unit) if state.lead_unit else None,
        "due_at": state.due_at.isoformat() if state.due_at else None,
        "similar": [str(near.id) for near in one.near if near.open],
    }
