"""Accept, reject, verify and file: who may, when, and with what."""

from chengyun.cases.decide import commands as c
from chengyun.cases.decide.kinds import Limit
from chengyun.kernel import areas
from chengyun.kernel.actor import PUBLIC
from tests.cases.decide.world import (
    ACCEPTOR,
    ADMIN,
    COLLECTOR,
    COLLECTOR_2,
    DEPARTMENT,
    DISPATCHER,
    LEADER_OF_SHIFT,
    LEAFLET,
    LITTER,
    PLACE,
    SANITATION,
    STRANGER,
    Story,
    arrival,
    named,
    pending_accept,
    pending_dispatch,
    pending_file,
    routed,
)


def test_an_acceptor_of_the_area_accepts() -> None:
    story = pending_accept().does(ACCEPTOR, c.Accept())
    assert story.case.state == "pending_file"
    assert [clock.stage for clock in story.case.past_clocks] == ["accept"]


def test_nobody_else_accepts() -> None:
    story = pending_accept()
    for actor in (STRANGER, DISPATCHER, DEPARTMENT, COLLECTOR, ADMIN, PUBLIC):
        story.refused("not_yours", actor, c.Accept())
    pending_file().refused("wrong_state", ACCEPTOR, c.Accept())


def test_rejecting_needs_a_reason_and_is_final() -> None:
    story = pending_accept()
    story.refused("missing", ACCEPTOR, c.Reject(" "))
    story.does(ACCEPTOR, c.Reject("no such place"))
    assert story.case.is_terminal
    assert story.case.clock is None
    story.refused("wrong_state", ACCEPTOR, c.Accept())


def test_a_collector_verifies_before_filing() -> None:
    story = pending_accept().does(ACCEPTOR, c.Verify(COLLECTOR.id))
    story.refused("not_yours", COLLECTOR_2, c.VerifyResult(exists=True))
    story.does(COLLECTOR, c.VerifyResult(exists=True, photos=(named("p"),)))
    assert story.case.state == "pending_file"
    assert story.case.photos_of("scene") == 1


def test_what_is_not_there_goes_back_to_the_acceptor() -> None:
    story = pending_accept().does(ACCEPTOR, c.Verify())
    assert story.case.clock is not None
    due = story.case.due_at
    # Naming another collector gives no more time.
    story.later(hours=1).does(ACCEPTOR, c.Verify(COLLECTOR_2.id))
    assert story.case.due_at == due
    story.does(COLLECTOR_2, c.VerifyResult(exists=False))
    assert story.case.state == "pending_accept"


def test_the_filing_condition_is_compulsory_and_fixes_the_limit() -> None:
    story = pending_file()
    assert story.refused("missing", LEADER_OF_SHIFT, c.File(LITTER.id)).field == "condition_id"
    assert story.refused("missing", LEADER_OF_SHIFT, c.File()).field == "kind_id"
    story.refused("invalid", LEADER_OF_SHIFT, c.File(LITTER.id, "made up"))
    story.refused("unknown_kind", LEADER_OF_SHIFT, c.File("TEST/event/77", "heap"))
    story.does(LEADER_OF_SHIFT, c.File(LITTER.id, "urgent"))
    assert story.case.limit == Limit(4, "UH")
    assert story.case.state == "pending_dispatch"


def test_filing_may_change_the_kind() -> None:
    story = pending_file().does(ACCEPTOR, c.File(LEAFLET.id, "heap"), kind=LEAFLET)
    assert story.case.kind_id == LEAFLET.id


def test_filing_with_a_sure_route_dispatches_in_the_same_commit() -> None:
    story = pending_file().does(ACCEPTOR, c.File(LITTER.id, "heap"), route=routed())
    assert (story.case.state, story.case.lead_unit) == ("pending_handle", SANITATION)
    # The duty list sent it, not the acceptor.
    assert story.case.dispatched_by == ()


def test_filing_with_a_doubtful_route_leaves_it_to_the_dispatcher() -> None:
    story = pending_file().does(ACCEPTOR, c.File(LITTER.id, "heap"), route=routed(confidence=0.1))
    assert story.case.state == "pending_dispatch"
    assert story.case.decisions[-1].what == "route"


def test_a_case_without_a_place_gets_one_before_filing() -> None:
    story = Story().does(PUBLIC, arrival(area_no=None))
    wide = c.Accept()
    story.refused("not_yours", ACCEPTOR, wide)
    other_city = areas.pack(2, 1)
    boss = type(ACCEPTOR)(
        "user",
        named("boss"),
        "boss",
        (type(ACCEPTOR.grants[0])("acceptor", named("centre"), areas.pack(1)),),
    )
    story.does(boss, wide)
    refusal = story.refused("missing", boss, c.File(LITTER.id, "heap"))
    assert refusal.field == "area_no"
    story.refused("invalid", boss, c.File(LITTER.id, "heap", other_city))
    story.refused("invalid", boss, c.File(LITTER.id, "heap", 0))
    story.does(boss, c.File(LITTER.id, "heap", PLACE))
    assert story.case.area_no == PLACE


def test_steps_back_before_dispatch() -> None:
    story = pending_file()
    story.refused("missing", ACCEPTOR, c.ReturnStep())
    story.does(ACCEPTOR, c.ReturnStep("look again"))
    assert story.case.state == "pending_accept"
    story = pending_dispatch().does(DISPATCHER, c.ReturnStep("wrong kind"))
    assert story.case.state == "pending_accept"
    story.does(ACCEPTOR, c.Accept()).does(ACCEPTOR, c.File(LITTER.id, "urgent"))
    assert story.case.condition_id == "urgent"
