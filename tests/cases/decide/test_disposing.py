"""Dispatch, return, assign, handle, feedback, co-handlers."""

from chengyun.cases.decide import commands as c
from tests.cases.decide.world import (
    COLLECTOR,
    DEPARTMENT,
    DISPATCHER,
    DRAINAGE,
    DRAINS,
    HANDLER,
    LEADER_OF_SHIFT,
    ROADS,
    SANITATION,
    automatic,
    handled,
    handling,
    named,
    pending_check,
    pending_dispatch,
    pending_handle,
)

HANDLER_ID = HANDLER.id or named("")


def test_only_a_dispatcher_dispatches() -> None:
    story = pending_dispatch()
    for actor in (LEADER_OF_SHIFT, DEPARTMENT, COLLECTOR):
        story.refused("not_yours", actor, c.Dispatch(SANITATION))
    story.refused("invalid", DISPATCHER, c.Dispatch(SANITATION, (SANITATION,)))
    story.does(DISPATCHER, c.Dispatch(SANITATION, (DRAINAGE, DRAINAGE)))
    assert story.case.units == (SANITATION, DRAINAGE)
    assert story.case.dispatched_by == (DISPATCHER.id,)


def test_a_department_returns_with_a_reason_and_then_only_two_ways_lead_on() -> None:
    story = pending_handle()
    story.refused("missing", DEPARTMENT, c.ReturnStep())
    photos = story.case.photos
    story.does(DEPARTMENT, c.ReturnStep("not our street"))
    assert (story.case.state, story.case.returns) == ("returned", 1)
    assert story.case.photos == photos
    for command in (c.Dispatch(ROADS), c.Feedback(), c.Close("heap"), c.Check(), c.Start()):
        story.refused("wrong_state", DISPATCHER, command)
    again = pending_handle().does(DEPARTMENT, c.ReturnStep("not ours"))
    again.does(DISPATCHER, c.ReturnStep("file it differently"))
    assert (again.case.state, again.case.lead_unit) == ("pending_accept", None)
    story.refused("missing", DISPATCHER, c.Redispatch(ROADS))
    story.does(DISPATCHER, c.Redispatch(ROADS, (), "roads are theirs"))
    assert (story.case.state, story.case.lead_unit) == ("pending_handle", ROADS)
    assert story.case.redispatches == 1
    # The department that gave it back has nothing to do with it any more.
    story.refused("not_yours", DEPARTMENT, c.Start())


def test_the_handler_is_revoked_before_the_department_returns() -> None:
    story = pending_handle().does(DEPARTMENT, c.Assign(HANDLER_ID))
    story.refused("pending", DEPARTMENT, c.ReturnStep("not ours"))
    story.refused("pending", DISPATCHER, c.Redispatch(ROADS, (), "x"))
    story.refused("pending", DEPARTMENT, c.Assign(named("another")))
    story.does(DEPARTMENT, c.RevokeAssign()).does(DEPARTMENT, c.ReturnStep("not ours"))
    assert story.case.state == "returned"
    handling().refused("pending", DEPARTMENT, c.ReturnStep("not ours"))
    pending_handle().refused("nothing_pending", DEPARTMENT, c.RevokeAssign())


def test_a_handler_gives_back_to_the_department() -> None:
    story = handling()
    due = story.case.due_at
    story.does(HANDLER, c.ReturnStep("no cart"))
    assert (story.case.state, story.case.handler_id) == ("pending_handle", None)
    assert story.case.due_at == due
    assert story.case.returns == 0


def test_a_case_is_assigned_to_the_units_own_people() -> None:
    story = pending_handle()
    command = c.Assign(HANDLER_ID)
    story.refused("invalid", DEPARTMENT, command, handlers=frozenset({named("x")}))
    story.does(DEPARTMENT, command, handlers=frozenset({HANDLER_ID}))
    story.refused("pending", DEPARTMENT, c.Start())
    story.does(HANDLER, c.Start())
    assert story.case.state == "handling"


def test_a_handler_works_on_own_cases_only() -> None:
    story = pending_handle()
    story.refused("not_yours", HANDLER, c.Start())
    story.does(DEPARTMENT, c.Assign(named("another")))
    story.refused("not_yours", HANDLER, c.Start())


def test_photos_before_and_after_are_compulsory() -> None:
    story = handling()
    one, two = (named("b1"),), (named("a1"),)
    assert story.refused("missing", HANDLER, c.Handle()).field == "before"
    assert story.refused("missing", HANDLER, c.Handle(one)).field == "after"
    # One photo cannot be both.
    assert story.refused("missing", HANDLER, c.Handle(one, one)).field == "after"
    story.refused("unknown_kind", HANDLER, c.Handle(one, two), kind=None)
    story.does(HANDLER, c.Handle(one, two))
    assert story.case.state == "handled"


def test_the_clock_stops_at_the_departments_confirmation_not_at_the_upload() -> None:
    story = handled()
    clock = story.case.clock
    assert clock is not None
    assert (clock.stage, clock.stopped_at) == ("dispose", None)
    story.later(hours=3).refused("not_yours", HANDLER, c.Feedback())
    story.does(DEPARTMENT, c.Feedback())
    assert story.case.past_clocks[-1].stopped_at == story.now
    assert story.case.clock is not None
    assert story.case.clock.stage == "check"


def test_the_department_may_send_it_back_to_its_handler_first() -> None:
    story = handled().does(DEPARTMENT, c.ReturnStep("half is left"))
    assert story.case.state == "handling"
    assert story.case.clock is not None
    assert story.case.clock.stage == "dispose"
    assert story.case.reworks == 0


def test_co_handlers_report_their_own_part() -> None:
    story = pending_handle()
    story.refused("not_yours", DEPARTMENT, c.JoinHandling(DRAINAGE))
    story.does(DISPATCHER, c.JoinHandling(DRAINAGE))
    story.refused("invalid", DISPATCHER, c.JoinHandling(DRAINAGE))
    story.refused("not_yours", DEPARTMENT, c.CoFeedback())
    story.does(DEPARTMENT, c.Handle((named("b"),), (named("a"),)))
    story.refused("pending", DEPARTMENT, c.Feedback())
    story.does(DRAINS, c.CoFeedback())
    story.refused("nothing_pending", DRAINS, c.CoFeedback())
    story.does(DEPARTMENT, c.Feedback())
    assert story.case.state == "pending_check"


def test_a_lead_may_go_on_without_its_co_handlers_knowingly() -> None:
    story = automatic(DRAINAGE).does(DEPARTMENT, c.Handle((named("b"),), (named("a"),)))
    story.does(DEPARTMENT, c.Feedback(leave_co_open=True))
    assert story.case.state == "pending_check"


def test_a_failed_check_is_rework_by_the_same_department() -> None:
    story = pending_check()
    photos = story.case.photos
    assert story.refused("missing", COLLECTOR, c.CheckResult(passed=False)).field == "note"
    story.later(minutes=30).does(COLLECTOR, c.CheckResult(passed=False, note="still there"))
    case = story.case
    assert (case.state, case.lead_unit, case.reworks) == ("pending_handle", SANITATION, 1)
    assert case.photos == photos
    assert case.clock is not None
    assert case.clock.started_at == story.now
    # The before photo is kept; the old after photo proves nothing any more.
    story.refused("missing", DEPARTMENT, c.Handle((), (named("a1"),)))
    story.does(DEPARTMENT, c.Handle((), (named("a2"),))).does(DEPARTMENT, c.Feedback())
    assert story.case.state == "pending_check"


def test_a_dispatcher_corrects_a_dispatch_that_nobody_works_on() -> None:
    story = pending_handle()
    story.refused("invalid", DISPATCHER, c.Redispatch(SANITATION, (), "same"))
    story.does(DISPATCHER, c.Redispatch(ROADS, (), "wrong button"))
    assert story.case.lead_unit == ROADS
    handling().refused("wrong_state", DISPATCHER, c.Redispatch(ROADS, (), "late"))
