"""Searching for patterns that look like gaming, and what an evaluator makes of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from chengyun.cases.reads import kinds, rulebook
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import Conflict, FieldError, Invalid
from chengyun.kernel.scope import working
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.vitals import policy
from chengyun.vitals.decide.facts import LateAsk, Trace
from chengyun.vitals.decide.periods import Period, month
from chengyun.vitals.decide.photos import same_photos
from chengyun.vitals.decide.suspicions import Seen, Suspicion, suspicions
from chengyun.vitals.models import CaseTrace, Finding, FindingCase
from chengyun.vitals.reads.findings import find
from chengyun.vitals.reads.schemes import thresholds
from chengyun.vitals.verbs.looking import looks_of

# How far back a photo of the period is compared with others.
PHOTOS_BACK = timedelta(days=180)
REASON_MAX = 1_000


def period_of(city_no: int, name: str) -> Period:
    """A month by a city's clock.

    Raises:
        Invalid: no such month.
    """
    try:
        return month(name, rulebook().of(city_no).calendar.zone)
    except ValueError as error:
        raise Invalid([FieldError("period", str(error), "bad_period")]) from error


def reason_given(reason: str) -> str:
    """A reason that says something.

    Raises:
        Invalid: it is empty or too long.
    """
    said = reason.strip()
    if not said or len(said) > REASON_MAX:
        raise Invalid([FieldError("reason", f"needs 1 to {REASON_MAX} characters", "required")])
    return said


def _seen(row: CaseTrace) -> Seen:
    kind = kinds().get(row.kind_id)
    trace = Trace(
        kind_id=row.kind_id,
        unit=row.unit,
        closed_at=row.closed_at,
        forced=row.forced,
        fed_back_at=row.fed_back_at,
        quickest_s=row.quickest_s,
        after_photos=row.after_photos,
        words=row.words,
        extensions=row.extensions,
        late_asks=tuple(
            LateAsk(
                one["what"],
                datetime.fromisoformat(one["at"]),
                one["left"],
                UUID(one["unit"]) if one.get("unit") else None,
            )
            for one in row.late_asks
        ),
        photos=tuple(row.photos),
        split=row.split,
    )
    demanded = kind.kind.evidence.after if kind is not None else 0
    return Seen(row.id, row.area_no, row.simulated, trace, demanded)


def _suspicions(city_no: int, period: Period) -> tuple[list[Suspicion], dict[UUID, Seen]]:
    limits = thresholds(period.first_day)
    within = Q(closed_at__gte=period.start, closed_at__lt=period.end) | Q(
        fed_back_at__gte=period.start, fed_back_at__lt=period.end
    )
    ours = CaseTrace.objects.filter(city_no=city_no)
    seen = [_seen(row) for row in ours.filter(within).order_by("id")]
    found = suspicions(seen, limits)
    by_id = {one.case_id: one for one in seen}
    earlier = ours.filter(
        fed_back_at__gte=period.start - PHOTOS_BACK, fed_back_at__lt=period.start, split=False
    ).exclude(photos=[])
    before = {row.id: _seen(row) for row in earlier.exclude(pk__in=list(by_id)).order_by("id")}
    # Parts of a split case carry its photos by right.
    fresh = looks_of(
        [(o.case_id, photo) for o in seen if not o.trace.split for photo in o.trace.photos]
    )
    known = looks_of([(o.case_id, photo) for o in before.values() for photo in o.trace.photos])
    units = {one.case_id: one.trace.unit for one in seen}
    found += same_photos(fresh, known, units, limits.look_distance)
    return found, {**before, **by_id}


def _area(cases: Sequence[Seen], city_no: int) -> int:
    """The smallest area that holds all the cases."""
    paths = [areas.ancestors(one.area_no) for one in cases]
    shared = [steps[0] for steps in zip(*paths, strict=False) if len(set(steps)) == 1]
    return shared[-1] if shared else city_no


@verb("vitals.search")
def search(actor: Actor, *, now: datetime, city_no: int, period: str) -> JsonObject:
    """Look for patterns in what was fed back or closed in a month, over the whole city.

    Open findings that are no longer found go; decided ones stay as they were decided.

    Returns:
        {"found", "count"}

    Raises:
        Forbidden: the actor is no evaluator (of any area in the city).
        Invalid: no such month.
    """
    if actor.kind != "system":
        own = [g.area_no for g in actor.grants if g.post == "evaluator"]
        inside = next((no for no in own if areas.city_of(no) == city_no), city_no)
        policy.may_judge(actor, inside)
    when = period_of(city_no, period)
    with working(SYSTEM.scope()):
        found, seen = _suspicions(city_no, when)
        kept = {
            (row.what, row.mark): row
            for row in Finding.objects.filter(city_no=city_no, period=period).select_for_update()
        }
        for one in found:
            _keep(one, kept.pop((one.what, one.mark), None), seen, city_no, period, now)
        gone = [row.id for row in kept.values() if row.status == "open"]
        FindingCase.objects.filter(finding_id__in=gone).delete()
        Finding.objects.filter(pk__in=gone).delete()
    return {"found": len(found), "count": len(found)}


def _keep(
    one: Suspicion,
    row: Finding | None,
    seen: dict[UUID, Seen],
    city_no: int,
    period: str,
    now: datetime,
) -> None:
    cases = [seen[case] for case, _ in one.cases]
    if row is None:
        row = Finding(
            city_no=city_no,
            period=period,
            what=one.what,
            mark=one.mark,
            unit=one.unit,
            found_at=now,
        )
    elif row.status != "open":
        return
    row.area_no = _area(cases, city_no)
    row.reason = dict(one.reason)
    row.cases = len(cases)
    row.simulated = any(case.simulated for case in cases)
    row.save()
    FindingCase.objects.filter(finding=row).delete()
    FindingCase.objects.bulk_create(
        FindingCase(finding=row, case_id=case, reason=dict(said)) for case, said in one.cases
    )


@verb("vitals.decide_finding")
def decide_finding(
    actor: Actor, *, now: datetime, finding_id: UUID, confirmed: bool, reason: str
) -> JsonObject:
    """Confirm a finding (its cases leave the good counters) or dismiss it.

    Returns:
        {"id", "status"}

    Raises:
        NotFound: out of sight.
        Forbidden: the actor may not judge this area.
        Conflict: it was decided already.
    """
    row = find(actor, finding_id)
    policy.may_judge(actor, row.area_no)
    if row.status != "open":
        raise Conflict("It was decided already.", code="decided")
    row.decision_reason = reason_given(reason)
    row.status = "confirmed" if confirmed else "dismissed"
    row.decided_at, row.decided_by, row.decided_by_name = now, actor.id, actor.name
    row.save()
    if confirmed:
        FindingCase.objects.filter(finding=row).update(confirmed=True)
    return {"id": str(row.id), "status": row.status}
