"""Correcting a place: who may, what it changes, and whom the duty list names then."""

import pytest

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide.context import Lying, refuse
from chengyun.cases.decide.offers import offered
from chengyun.cases.decide.state import Place
from chengyun.kernel import areas
from chengyun.kernel.actor import PUBLIC, Actor
from tests.cases.decide.world import (
    ACCEPTOR,
    COLLECTOR,
    COLLECTOR_2,
    DEPARTMENT,
    DISPATCHER,
    DRAINAGE,
    JACK,
    LEADER_OF_SHIFT,
    OTHER_DISTRICT,
    PLACE,
    SANITATION,
    Story,
    closed,
    handling,
    pending_accept,
    pending_check,
    pending_dispatch,
    pending_handle,
    person,
    routed,
)

NEXT_DOOR = areas.pack(1, 2, 3, 4, 8)
HERE = Lying(Place(PLACE), "3 Some Street")
THERE = Lying(Place(NEXT_DOOR, "g8", 121.0, 31.0, "exact"), "8 Other Street")
FAR = Lying(Place(OTHER_DISTRICT, None, 121.5, 31.0, "exact"))
PIN = c.Relocate("the pin was wrong", 121.0, 31.0)
AT = {"here": HERE, "there": THERE}


@pytest.mark.parametrize("who", [ACCEPTOR, LEADER_OF_SHIFT, DISPATCHER])
@pytest.mark.parametrize(
    "made", [pending_accept, pending_dispatch, pending_handle, handling, pending_check]
)
def test_a_desk_moves_an_open_case_and_nothing_else_changes(who: Actor, made) -> None:
    story: Story = made()
    was = story.case
    story.does(who, PIN, **AT)
    event = story.history[-1]
    assert isinstance(event, e.CaseRelocated)
    assert (event.before, event.after) == (HERE.place, THERE.place)
    assert (event.was_address, event.address) == (HERE.address, THERE.address)
    assert (story.case.area_no, story.case.place) == (NEXT_DOOR, THERE.place)
    assert (story.case.state, story.case.clock, story.case.units) == (
        was.state,
        was.clock,
        was.units,
    )


def test_a_closed_case_stays_and_the_public_and_departments_move_none() -> None:
    closed().refused("wrong_state", ACCEPTOR, PIN, **AT)
    for who in (PUBLIC, DEPARTMENT):
        pending_handle().refused("not_yours", who, PIN, **AT)


def test_a_collector_moves_it_only_while_at_the_place() -> None:
    pending_accept().refused("not_yours", COLLECTOR, PIN, **AT)
    verifying = pending_accept().does(ACCEPTOR, c.Verify(COLLECTOR.id))
    verifying.refused("not_yours", COLLECTOR_2, PIN, **AT)
    verifying.does(COLLECTOR, PIN, **AT)
    pending_check().does(COLLECTOR, PIN, **AT)


def test_what_is_missing_is_named() -> None:
    story = pending_handle()
    assert story.refused("missing", ACCEPTOR, c.Relocate("", 121.0, 31.0), **AT).field == "reason"
    assert story.refused("missing", ACCEPTOR, c.Relocate("x"), **AT).field == "lon"
    assert story.refused("missing", ACCEPTOR, c.Relocate("x", 121.0), **AT).field == "lat"
    outside = refuse("outside", "外", "out", "lon")
    assert story.refused("outside", ACCEPTOR, PIN, here=HERE, there=outside).field == "lon"
    story.refused("invalid", ACCEPTOR, PIN, here=THERE, there=THERE)


def test_a_place_outside_ones_area_is_for_whoever_is_over_both() -> None:
    story = pending_handle()
    story.refused("not_yours", ACCEPTOR, PIN, here=HERE, there=FAR)
    both = person(
        "two districts",
        ("acceptor", SANITATION, areas.pack(1, 2)),
        ("dispatcher", SANITATION, OTHER_DISTRICT),
    )
    story.does(both, PIN, here=HERE, there=FAR)
    assert story.case.area_no == OTHER_DISTRICT
    pending_handle().does(JACK, PIN, here=HERE, there=FAR)


def test_the_duty_list_s_other_unit_is_offered_and_nobody_is_sent() -> None:
    story = pending_handle().does(ACCEPTOR, PIN, route=routed(DRAINAGE), **AT)
    last = story.case.decisions[-1]
    assert (last.what, [one.unit for one in last.candidates]) == ("redispatch", [DRAINAGE])
    assert story.case.lead_unit == SANITATION
    moves = [one.move for one in offered(story.case, story.context(DISPATCHER))]
    assert "redispatch" in moves
    same = pending_handle()
    count = len(same.case.decisions)
    same.does(ACCEPTOR, PIN, route=routed(SANITATION), **AT)
    assert len(same.case.decisions) == count
    waiting = pending_dispatch().does(ACCEPTOR, PIN, route=routed(DRAINAGE), **AT)
    assert waiting.case.decisions[-1].what == "route"
    assert waiting.case.state == "pending_dispatch", "a person decides"


def test_before_filing_no_unit_is_spoken_of() -> None:
    story = pending_accept()
    count = len(story.case.decisions)
    story.does(ACCEPTOR, PIN, route=routed(DRAINAGE), **AT)
    assert len(story.case.decisions) == count
