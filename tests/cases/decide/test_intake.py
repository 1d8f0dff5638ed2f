"""A report is dispatched in one go, or put before a person with every reason."""

from datetime import timedelta

import pytest

from chengyun.cases import events as e
from chengyun.cases.decide.arrivals import ImportCase
from chengyun.cases.decide.limits import Limits
from chengyun.cases.decide.routing import Candidate
from chengyun.cases.decide.state import State
from chengyun.kernel.actor import PUBLIC, SYSTEM
from tests.cases.decide.world import (
    CITY,
    COLLECTOR,
    DRAINAGE,
    LEAFLET,
    LITTER,
    PLACE,
    SANITATION,
    TUESDAY,
    Story,
    arrival,
    both,
    local,
    named,
    routed,
)


def names(story: Story) -> list[str]:
    return [type(event).__name__ for event in story.history]


def test_a_clear_report_is_filed_and_dispatched_at_once_with_its_reasons() -> None:
    story = Story().does(PUBLIC, arrival(), route=routed(SANITATION, DRAINAGE))
    case = story.case
    assert names(story) == ["CaseReported", "CaseFiled", "CaseDispatched"]
    assert (case.state, case.lead_unit, case.version) == ("pending_handle", SANITATION, 3)
    assert [co.unit for co in case.co_units] == [DRAINAGE]
    assert case.due_at == local(2026, 6, 3, 10)
    assert case.warn_at == case.next_tick_at == local(2026, 6, 3, 8, 24)
    decided = case.decisions[-1]
    assert (decided.rule, decided.rule_version, decided.confidence) == ("entry-1", "v1", 0.9)
    assert decided.reasons[0]["zh"] == "责任清单第1条"
    # Nobody dispatched it by hand, so nobody is barred for that.
    assert case.dispatched_by == ()
    assert case.dispatched_orgs == ()


@pytest.mark.parametrize(
    ("report", "context", "said"),
    [
        (arrival(kind_id=None, condition_id=None), {"kind": None}, "No kind"),
        (arrival(condition_id=None), {}, "several filing conditions"),
        (arrival(area_no=None), {}, "outside the city's areas"),
        (arrival(outside=True), {}, "outside the city's areas"),
        (arrival(kind_confidence=0.5), {}, "50% certain"),
        (arrival(), {"route": None}, "No responsible unit"),
        (arrival(), {"route": routed(confidence=0.2)}, "not clear enough"),
        (arrival(), {"similar": (named("near"),)}, "similar case"),
    ],
)
def test_a_doubtful_report_goes_to_an_acceptor(
    report: object, context: dict[str, object], said: str
) -> None:
    story = Story()
    story.does(PUBLIC, report, **({"route": routed()} | context))  # type: ignore[arg-type]
    case = story.case
    assert names(story) == ["CaseReported", "CaseQueued"]
    assert case.state == "pending_accept"
    assert case.clock is not None
    assert case.clock.stage == "accept"
    assert any(said in reason["en"] for reason in case.decisions[-1].reasons)


def test_a_queued_report_lays_out_candidates_and_similar_cases() -> None:
    tie = routed(confidence=0.1)
    two = tuple(Candidate(unit, "r", both("x"), 0.5) for unit in (SANITATION, DRAINAGE))
    story = Story().does(
        PUBLIC,
        arrival(),
        route=type(tie)(None, (), None, "v1", tie.reasons, 0.1, two),
        similar=(named("near"),),
    )
    decided = story.case.decisions[-1]
    assert [s.unit for s in decided.candidates] == [SANITATION, DRAINAGE]
    assert decided.similar == (named("near"),)


def test_the_single_condition_of_a_kind_needs_no_naming() -> None:
    story = Story(LEAFLET)
    story.does(PUBLIC, arrival(kind_id=LEAFLET.id, condition_id=None), route=routed())
    assert story.case.condition_id == "heap"
    assert story.case.state == "pending_handle"


def test_a_city_may_let_the_first_condition_stand() -> None:
    story = Story().does(
        PUBLIC, arrival(condition_id=None), route=routed(), limits=Limits(auto_condition="first")
    )
    assert story.case.condition_id == "heap"


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"kind_id": "TEST/event/9999"}, "unknown_kind", "kind_id"),
        ({"condition_id": "none"}, "invalid", "condition_id"),
        ({"reported_at": TUESDAY + timedelta(hours=1)}, "invalid", "reported_at"),
        ({"photos": tuple(named(str(i)) for i in range(21))}, "invalid", "photos"),
        ({"source": "collector"}, "missing", "photos"),
    ],
)
def test_a_wrong_report_is_refused_with_its_field(
    change: dict[str, object], code: str, field: str
) -> None:
    refusal = Story().refused(code, COLLECTOR, arrival(**change), route=routed())
    assert refusal.field == field


def test_the_same_case_is_not_reported_twice() -> None:
    story = Story().does(PUBLIC, arrival())
    story.refused("exists", PUBLIC, arrival())


@pytest.mark.parametrize("state", ["closed", "pending_handle", "pending_accept", "merged"])
def test_import_is_history_and_starts_no_clock(state: State) -> None:
    then = TUESDAY - timedelta(days=900)
    ended = then + timedelta(days=2)
    story = Story().does(
        SYSTEM,
        ImportCase(named("old"), "old", CITY, "tainan1999", then, state, ended, area_no=PLACE),
    )
    case = story.case
    assert (case.state, case.imported, case.reported_at, case.closed_at) == (
        state,
        True,
        then,
        ended,
    )
    assert case.clock is None
    assert case.next_tick_at is None
    assert isinstance(story.history[-1], e.CaseImported)


def test_an_import_that_cannot_be_is_refused() -> None:
    then = TUESDAY
    backwards = ImportCase(named("old"), "old", CITY, "x", then, "closed", then - timedelta(days=1))
    Story().refused("invalid", SYSTEM, backwards)
    Story().refused("invalid", SYSTEM, ImportCase(named("o"), "o", CITY, "x", then, "suspended"))


def test_a_simulated_report_stays_labelled() -> None:
    assert Story().does(PUBLIC, arrival(simulated=True)).case.simulated
    assert LITTER.condition("heap") is not None
