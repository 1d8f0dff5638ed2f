"""What is wrong with a list, and what it would have done: conflicts, gaps, dry run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chengyun.cases.decide.routing import RouteDecision, RouteQuery
from chengyun.cases.models import Case
from chengyun.cases.reads import kinds
from chengyun.dispatch.decide.compiled import CompiledList
from chengyun.dispatch.decide.conflicts import Conflict
from chengyun.dispatch.decide.conflicts import conflicts as find_conflicts
from chengyun.dispatch.decide.dryrun import Decide, Diff, PastCase, as_it_was
from chengyun.dispatch.decide.dryrun import dry_run as run
from chengyun.dispatch.decide.gaps import Gap
from chengyun.dispatch.decide.gaps import gaps as find_gaps
from chengyun.dispatch.decide.route import Routes, unlisted
from chengyun.dispatch.models import DutyList
from chengyun.dispatch.reads.loading import active, compiled, find
from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound

CASES_DEFAULT = 20_000
CASES_MAX = 200_000
_BATCH = 2_000


def city_kinds(city_no: int) -> list[str]:
    """The kinds a city's cases may have."""
    return sorted(entry.kind.id for entry in kinds().for_city(city_no))


def smallest_places(compiled_list: CompiledList) -> list[int]:
    """The streets of the city, and whatever has no street in it; the city if nothing is known."""
    known = {no for no in compiled_list.directory.areas_by_code.values() if areas.depth(no) <= 3}
    known.add(compiled_list.directory.city_no)
    above = {areas.parent(no) for no in known}
    return sorted(known - above)


def conflicts(actor: Actor, list_id: UUID, *, now: datetime) -> tuple[Conflict, ...]:
    """Entries of a list between which no rule decides.

    Raises:
        NotFound: there is no such list in sight.
    """
    row = find(actor, list_id)
    return find_conflicts(compiled(row, now=now), city_kinds(row.city_no))


def gaps(actor: Actor, list_id: UUID, *, now: datetime) -> tuple[Gap, ...]:
    """Kinds that would reach nobody in some area.

    Raises:
        NotFound: there is no such list in sight.
    """
    row = find(actor, list_id)
    ready = compiled(row, now=now)
    return find_gaps(ready, city_kinds(row.city_no), smallest_places(ready))


@dataclass(frozen=True, slots=True)
class Period:
    """Which past cases to try: reported from `since` to before `until`, at most `limit`."""

    since: datetime | None = None
    until: datetime | None = None
    limit: int = CASES_DEFAULT


def past_cases(actor: Actor, city_no: int, period: Period) -> Iterator[PastCase]:
    """Past cases of a city in sight that have a kind, newest first, read in batches.

    Raises:
        Invalid: the limit is outside 1 to 200,000.
    """
    if not 1 <= period.limit <= CASES_MAX:
        raise Invalid([FieldError("limit", f"must be 1 to {CASES_MAX}", "out_of_range")])
    found = Case.objects.visible_to(actor).filter(city_no=city_no, kind_id__isnull=False)
    if period.since is not None:
        found = found.filter(reported_at__gte=period.since)
    if period.until is not None:
        found = found.filter(reported_at__lt=period.until)
    rows = found.order_by("-reported_at", "-id").values_list(
        "id", "kind_id", "area_no", "reported_at", "attributes", "source", "lead_unit"
    )[: period.limit]
    for case_id, kind_id, area_no, at, attributes, source, unit in rows.iterator(_BATCH):
        query = RouteQuery(str(kind_id), area_no, at, attributes or {}, source)
        yield PastCase(case_id, query, unit)


def dry_run(
    actor: Actor, row: DutyList, *, now: datetime, period: Period, against: str = "active"
) -> Diff:
    """Who would get what under a list, compared with the list in force or with what happened.

    Nothing is stored or changed.

    Args:
        against: "active" routes the cases anew by the list in force, "actual" takes the unit
            that leads the case.

    Raises:
        Invalid: `against` or the limit is neither.
    """
    _known(against)
    cases = past_cases(actor, row.city_no, period)
    before = as_it_was if against == "actual" else _by(active(row.city_no), now)
    return run(cases, before, _by(row, now))


def compare_case(
    actor: Actor, row: DutyList, case_id: UUID, *, now: datetime, against: str = "active"
) -> tuple[Case, RouteDecision, RouteDecision]:
    """One case by the list in force (or as it was) and by this list, each with its reasons.

    Raises:
        NotFound: there is no such case in sight in the list's city.
        Invalid: `against` is neither active nor actual.
    """
    _known(against)
    seen = Case.objects.visible_to(actor).filter(city_no=row.city_no, kind_id__isnull=False)
    case = seen.filter(pk=case_id).first()
    if case is None:
        raise NotFound
    query = RouteQuery(
        str(case.kind_id), case.area_no, case.reported_at, case.attributes or {}, case.source
    )
    past = PastCase(case.id, query, case.lead_unit)
    before = as_it_was if against == "actual" else _by(active(row.city_no), now)
    return case, before(past), _by(row, now)(past)


def _known(against: str) -> None:
    if against not in ("active", "actual"):
        raise Invalid([FieldError("against", "is either active or actual", "unknown_value")])


def _by(row: DutyList | None, now: datetime) -> Decide:
    if row is None:
        nobody = unlisted()
        return lambda _case: nobody
    routes = Routes(compiled(row, now=now))

    def decide(case: PastCase) -> RouteDecision:
        return routes.route(case.query)

    return decide


def try_route(row: DutyList, query: RouteQuery, *, now: datetime) -> RouteDecision:
    """Where a list, draft or not, would send one case."""
    return Routes(compiled(row, now=now)).route(query)
