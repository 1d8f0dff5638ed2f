"""Intake: reports become cases, filed and dispatched in the commit that keeps them.

One item or a thousand take the same path: a few set-based statements a batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from chengyun.cases.decide.arrivals import Report as ReportCommand
from chengyun.cases.decide.context import Context, Refusal
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.routing import RouteDecision, RouteQuery
from chengyun.cases.decide.state import CaseState
from chengyun.cases.events import CaseEvent
from chengyun.cases.ports import router
from chengyun.cases.reads.kinds import KindEntry, kinds
from chengyun.cases.reads.rulebook import Rulebook, rulebook
from chengyun.cases.reads.similar import Near, Place, cell_of, similar
from chengyun.cases.verbs.checking import attributes_fault, contact_faults, plain, taken
from chengyun.cases.verbs.contact import Contact, report_row, report_rows
from chengyun.cases.verbs.photos import take_photos
from chengyun.cases.verbs.placing import Located, place_points
from chengyun.cases.verbs.writing import (
    Said,
    add_photos,
    case_rows,
    fold_on,
    news,
    publish_once,
    row_of,
)
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor, Scope
from chengyun.kernel.ids import new_code, new_id
from chengyun.kernel.prepared import hot_cursor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

BATCH_MAX = 1_000
TEXT_MAX = 5_000
ADDRESS_MAX = 500
SOURCES = ("collector", "public", "hotline", "leader", "video", "sensor", "transfer", "open311")
# A clock at the reporter's side may run ahead a little.
FUTURE_SLACK = timedelta(minutes=5)
# No register kept for handling cases reaches further back; a calendar library may not either.
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Intake:
    """One report as a door hands it over."""

    text: str = ""
    source: str = "public"
    kind_id: str | None = None
    condition_id: str | None = None
    city_no: int | None = None
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    attributes: JsonObject = field(default_factory=dict)
    photos: tuple[UUID, ...] = ()
    contact: Contact | None = None
    external_source: str | None = None
    external_id: str | None = None
    reported_at: datetime | None = None
    simulated: bool = False


@dataclass(slots=True)
class _Arriving:
    """An item on its way through the batch."""

    item: Intake
    at: int
    errors: list[FieldError] = field(default_factory=list)
    entry: KindEntry | None = None
    place: Located | None = None
    city: int = 0
    near: tuple[Near, ...] = ()
    route: RouteDecision | None = None
    events: Sequence[CaseEvent] = ()
    state: CaseState | None = None
    code: str = ""

    def fault(self, name: str, reason: str, code: str) -> None:
        self.errors.append(FieldError(name, reason, code))


@verb("cases.report")
def report(actor: Actor, *, now: datetime, item: Intake) -> JsonObject:
    """Take one report.

    Returns:
        {"id", "no", "state", "version", "track_code"}

    Raises:
        Invalid: names every field at fault; nothing is kept.
    """
    result = _take(actor, [item], now)[0]
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
    results = [
        {"ok": False, "problem": one.as_dict()} if isinstance(one, Invalid) else {"ok": True, **one}
        for one in _take(actor, items, now)
    ]
    return {"results": results, "count": sum(1 for one in results if one["ok"])}


def _take(actor: Actor, items: Sequence[Intake], now: datetime) -> list[JsonObject | Invalid]:
    book = rulebook()
    arriving = [_Arriving(item, at) for at, item in enumerate(items)]
    for one in arriving:
        _check(one, now)
    _locate(arriving, book)
    _first_of_their_ids(arriving)
    _own_photos(actor, arriving)
    good = [one for one in arriving if not one.errors]
    # Neighbours and routes are looked for in the whole city, whoever reports.
    cities = {areas.span(one.city) for one in good}
    bind(Scope(areas=tuple(sorted(cities)), units=actor.scope().units))
    _look_around(good, book, now)
    _route(good, now)
    _decide(actor, good, book, now)
    kept = [one for one in good if not one.errors]
    _write(actor, kept, now)
    bind(actor.scope())
    return [_result(one) for one in arriving]


def _check(one: _Arriving, now: datetime) -> None:
    item = one.item
    if not item.text.strip() and not item.kind_id and not item.photos:
        one.fault("text", "say what is wrong, or name a kind, or send a photo", "required")
    _check_words(one)
    unfit = attributes_fault(item.attributes)
    if unfit is not None:
        one.errors.append(unfit)
    one.errors += contact_faults(item.contact)
    if item.source not in SOURCES:
        one.fault("source", f"is none of {', '.join(SOURCES)}", "unknown_source")
    if (item.lon is None) != (item.lat is None):
        one.fault("lon" if item.lon is None else "lat", "is missing beside the other", "required")
    if item.reported_at is not None:
        if item.reported_at > now + FUTURE_SLACK:
            one.fault("reported_at", "lies in the future", "future")
        if item.reported_at < LONG_AGO:
            one.fault("reported_at", f"lies before {LONG_AGO.year}", "long_ago")
    if item.kind_id:
        _check_kind(one, item.kind_id, unfit is None)
    elif item.condition_id:
        one.fault("condition", "needs a kind", "required")


def _check_words(one: _Arriving) -> None:
    item = one.item
    for name, value, most in (
        ("text", item.text, TEXT_MAX),
        ("address", item.address, ADDRESS_MAX),
        ("external_source", item.external_source, ADDRESS_MAX),
        ("external_id", item.external_id, ADDRESS_MAX),
    ):
        if value is None:
            continue
        if len(value) > most:
            one.fault(name, f"has more than {most:,} characters", "too_long")
        if not plain(value):
            one.fault(name, "holds a NUL character or half a surrogate pair", "bad_text")
    if item.external_id is not None and item.external_source is None:
        one.fault("external_source", "is missing: an external id belongs to a source", "required")


def _check_kind(one: _Arriving, kind_id: str, storable: bool) -> None:
    item = one.item
    one.entry = kinds().get(kind_id)
    if one.entry is None:
        one.fault("kind", f"{kind_id!r} is no kind here", "unknown_kind")
        return
    if item.condition_id and one.entry.kind.condition(item.condition_id) is None:
        one.fault("condition", "is no filing condition of this kind", "unknown_condition")
    if storable:
        one.errors += kinds().form_errors(one.entry, item.attributes)


def _first_of_their_ids(arriving: Sequence[_Arriving]) -> None:
    """Refuse what another system's id says is here already, anywhere or earlier in the batch."""
    named = [one for one in arriving if one.item.external_id is not None and not one.errors]
    if not named:
        return
    bind(SYSTEM.scope())
    known = taken({_external(one) for one in named})
    for one in named:
        if _external(one) in known:
            one.fault("external_id", "is the id of a report that is here already", "exists")
        known.add(_external(one))


def _external(one: _Arriving) -> tuple[str, str]:
    return one.item.external_source or "", one.item.external_id or ""


def _own_photos(actor: Actor, arriving: Sequence[_Arriving]) -> None:
    """Refuse photos that are not the reporter's to use, or that another of the batch uses."""
    used: set[UUID] = set()
    for one in arriving:
        if one.errors or not one.item.photos:
            continue
        try:
            take_photos(actor, one.item.photos)
        except Invalid as refused:
            one.errors += refused.errors
        if not used.isdisjoint(one.item.photos):
            one.fault("photos", "stand on another report of this batch", "unknown_photo")
        used |= set(one.item.photos)


def _locate(arriving: Sequence[_Arriving], book: Rulebook) -> None:
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
    for one in arriving:
        if one.entry is not None and one.city and one.entry.city_no not in (None, one.city):
            one.fault("kind", "belongs to another city", "unknown_kind")


def _look_around(good: Sequence[_Arriving], book: Rulebook, now: datetime) -> None:
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


def _route(good: Sequence[_Arriving], now: datetime) -> None:
    by_city: dict[int, list[_Arriving]] = {}
    for one in good:
        if one.entry is not None:
            by_city.setdefault(one.city, []).append(one)
    for city, some in by_city.items():
        queries = [
            RouteQuery(
                kind_id=one.entry.kind.id,
                area_no=one.place.area_no if one.place else None,
                at=now,
                attributes=one.item.attributes,
                source=one.item.source,
            )
            for one in some
            if one.entry is not None
        ]
        for one, decision in zip(some, router().route(queries, city=city), strict=True):
            one.route = decision


def _decide(actor: Actor, good: Sequence[_Arriving], book: Rulebook, now: datetime) -> None:
    numbers = _numbers(len(good))
    for one, number in zip(good, numbers, strict=True):
        rules = book.of(one.city)
        local = now.astimezone(rules.calendar.zone)
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
                now=now,
                actor=actor,
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


def _write(actor: Actor, kept: Sequence[_Arriving], now: datetime) -> None:
    rows, events, reports = [], [], []
    for one in kept:
        state = one.state
        if state is None:
            continue
        rows.append(row_of(state, _said(one, state)))
        events += news(actor, None, state, one.events, now)
        reports.append(
            report_row(
                state.id,
                one.code,
                one.item.source,
                one.item.text,
                one.item.reported_at or now,
                actor,
                one.item.contact,
                now,
            )
        )
    publish_once(events, case_rows(rows), report_rows(reports))
    for one in kept:
        if one.state is not None and one.item.photos:
            add_photos(one.state.id, None, one.state, actor)


def _said(one: _Arriving, state: CaseState) -> Said:
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
        text=item.text.strip(),
        attributes=item.attributes,
        external_source=item.external_source,
        external_id=item.external_id,
    )


def _result(one: _Arriving) -> JsonObject | Invalid:
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
