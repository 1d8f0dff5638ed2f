"""What became of the cases a rule dispatched, and that nothing is learnt silently."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from chengyun.cases.events import EVENTS
from chengyun.cases.models import Case
from chengyun.dispatch.decide.outcomes import WATCHED
from chengyun.dispatch.handlers import keep_outcomes
from chengyun.dispatch.models import DutyList, RouteOutcome
from chengyun.dispatch.reads import quality
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import PastEvent
from tests.dispatch.conftest import NOW, MakeCase, person
from tests.dispatch.decide.world import CITY, N1, N1_CLEAN, S1, SOUTH, SOUTH_CLEAN

RULE = {"what": "dispatch", "rule": "r1", "rule_version": "ours@1"}


def event(
    case: Case, version: int, name: str, *, after: timedelta = timedelta(), **data: Any
) -> PastEvent:
    return PastEvent(
        xid=1,
        seq=version,
        name=f"cases.{name}",
        subject_id=case.id,
        subject_version=version,
        area_no=case.area_no,
        unit_ids=(),
        actor_id=None,
        occurred_at=NOW + after,
        data=data,
    )


def sent(case: Case, version: int = 2, unit: UUID = N1_CLEAN.id, **more: Any) -> PastEvent:
    return event(case, version, "CaseDispatched", unit=str(unit), **{"decision": RULE, **more})


def follow(*events: PastEvent) -> None:
    keep_outcomes(events, NOW)


def test_the_events_it_reads_exist() -> None:
    assert set(WATCHED) <= EVENTS.keys()


@pytest.mark.parametrize(
    ("name", "data", "outcome"),
    [
        ("CaseClosed", {}, "accurate"),
        ("CaseForceClosed", {}, "accurate"),
        ("CaseReturned", {"from_state": "pending_handle"}, "refused"),
        ("CaseReturned", {"from_state": "handling"}, "returned"),
        ("CaseReturned", {"from_state": "pending_dispatch"}, "open"),
        ("CaseRedispatched", {"unit": str(SOUTH_CLEAN.id)}, "redispatched"),
        ("CaseVoided", {}, "dropped"),
        ("CaseMerged", {}, "dropped"),
    ],
)
def test_an_event_settles_the_dispatch(
    make_case: MakeCase, name: str, data: dict[str, Any], outcome: str
) -> None:
    case = make_case()
    follow(sent(case), event(case, 3, name, **data))
    assert RouteOutcome.objects.get(rule="r1").outcome == outcome


def test_the_first_settlement_stands(make_case: MakeCase) -> None:
    case = make_case()
    follow(sent(case))
    follow(event(case, 3, "CaseReturned", from_state="pending_handle"))
    again = {"unit": str(SOUTH_CLEAN.id), "decision": {**RULE, "rule": "r2"}}
    follow(event(case, 4, "CaseRedispatched", **again), event(case, 5, "CaseClosed"))
    told = dict(RouteOutcome.objects.values_list("rule", "outcome"))
    assert told == {"r1": "refused", "r2": "accurate"}


def test_a_dispatch_by_hand_is_no_rules_doing(make_case: MakeCase) -> None:
    case = make_case()
    follow(event(case, 2, "CaseDispatched", unit=str(N1_CLEAN.id)), event(case, 3, "CaseClosed"))
    assert not RouteOutcome.objects.exists()


def test_reading_a_batch_twice_changes_nothing(make_case: MakeCase) -> None:
    case = make_case()
    events = (
        sent(case),
        event(case, 3, "CaseRedispatched", unit=str(SOUTH_CLEAN.id), decision=RULE),
        event(case, 4, "CaseClosed", after=timedelta(hours=2)),
    )
    follow(*events)
    before = list(RouteOutcome.objects.order_by("case_version").values())
    follow(*events)
    assert list(RouteOutcome.objects.order_by("case_version").values()) == before
    assert [row["outcome"] for row in before] == ["redispatched", "accurate"]


def test_an_event_of_a_case_that_is_gone_is_passed_over(make_case: MakeCase) -> None:
    case = make_case()
    event_of_it = sent(case)
    Case.objects.all().delete()
    follow(event_of_it)
    assert not RouteOutcome.objects.exists()


def _many(make_case: MakeCase) -> None:
    for hours in (1, 3, 8):
        case = make_case()
        follow(sent(case), event(case, 3, "CaseClosed", after=timedelta(hours=hours)))
    back = make_case()
    follow(sent(back), event(back, 3, "CaseReturned", from_state="pending_handle"))
    gone = make_case(simulated=True)
    follow(sent(gone), event(gone, 3, "CaseVoided"))
    south = make_case(area_no=S1)
    follow(sent(south, unit=SOUTH_CLEAN.id))


def test_the_report_counts_by_rule_with_share_and_median(make_case: MakeCase) -> None:
    _many(make_case)
    (rule,) = quality(SYSTEM, CITY)
    assert (rule.dispatched, rule.open, rule.accurate) == (6, 1, 3)
    assert (rule.refused, rule.returned, rule.redispatched, rule.dropped) == (1, 0, 0, 1)
    assert (rule.accuracy, rule.median_seconds) == (0.75, 3 * 3600)
    (real,) = quality(SYSTEM, CITY, simulated=False)
    assert real.dispatched == 5
    assert not quality(SYSTEM, CITY, since=NOW + timedelta(days=1))
    assert not quality(SYSTEM, CITY, until=NOW)
    assert not quality(SYSTEM, CITY, rule_version="ours@2")
    assert not quality(SYSTEM, 2 << 48)


def test_everybody_counts_only_what_they_see(make_case: MakeCase) -> None:
    _many(make_case)
    (south,) = quality(person("south", "dispatcher", SOUTH), CITY)
    assert south.dispatched == 1
    (unit,) = quality(person("unit", "department", N1, N1_CLEAN.id), CITY)
    assert unit.dispatched == 5
    assert not quality(person("elsewhere", "leader", 2 << 48), CITY)


def test_refusals_never_change_a_list(make_case: MakeCase) -> None:
    row = DutyList.objects.create(
        city_no=CITY,
        name="ours",
        version="1",
        content={},
        hash="x",
        entries=0,
        created_at=NOW,
        created_by_name="a",
    )
    before = DutyList.objects.values().get(pk=row.pk)
    _many(make_case)
    assert DutyList.objects.values().get(pk=row.pk) == before


def test_nothing_is_settled_before_it_was_dispatched(make_case: MakeCase) -> None:
    case = make_case()
    follow(event(case, 2, "CaseReturned", from_state="handling"), sent(case, 3))
    assert RouteOutcome.objects.get().outcome == "open"
    at: datetime | None = RouteOutcome.objects.get().settled_at
    assert at is None
