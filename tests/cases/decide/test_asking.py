"""Extension, suspension and void: asked by one, approved by another."""

from datetime import timedelta

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from tests.cases.decide.world import (
    ACCEPTOR,
    DEPARTMENT,
    DEPARTMENT_2,
    DISPATCHER,
    DISPATCHER_2,
    DRAINS,
    HANDLER,
    JACK,
    LEADER_OF_SHIFT,
    Story,
    handling,
    local,
    named,
    pending_accept,
    pending_handle,
)


def extended(story: Story) -> Story:
    return story.does(DEPARTMENT, c.RequestExtension("rain")).does(
        DISPATCHER_2, c.ApproveExtension()
    )


def test_a_handlers_request_needs_department_and_dispatcher() -> None:
    story = handling().does(HANDLER, c.RequestExtension("rain"))
    story.refused("pending", DEPARTMENT, c.RequestExtension("too"))
    story.refused("not_yours", DISPATCHER, c.ApproveExtension())
    story.refused("not_yours", DRAINS, c.ApproveExtension())
    story.does(DEPARTMENT, c.ApproveExtension())
    assert story.case.extensions == 0
    story.refused("not_yours", DEPARTMENT_2, c.ApproveExtension())
    story.does(DISPATCHER, c.ApproveExtension())
    assert (story.case.extensions, story.case.extension_ask) == (1, None)
    # One working day more than Wednesday 10:00.
    assert story.case.due_at == local(2026, 6, 4, 10)


def test_the_departments_own_request_goes_straight_to_the_dispatcher() -> None:
    story = pending_handle().does(DEPARTMENT, c.RequestExtension("rain"))
    story.refused("not_yours", DEPARTMENT_2, c.ApproveExtension())
    story.does(DISPATCHER, c.ApproveExtension())
    assert story.case.extensions == 1


def test_nobody_approves_their_own_request() -> None:
    story = pending_handle().does(JACK, c.RequestExtension("rain"))
    story.refused("not_yours", JACK, c.ApproveExtension())
    story.does(DISPATCHER, c.ApproveExtension())


def test_at_most_two_are_approved_and_refusals_do_not_count() -> None:
    story = pending_handle()
    story.does(DEPARTMENT, c.RequestExtension("a"))
    story.refused("missing", DISPATCHER, c.RefuseExtension())
    story.does(DISPATCHER, c.RefuseExtension("no"))
    extended(extended(story))
    assert story.case.extensions == 2
    assert story.case.due_at == local(2026, 6, 5, 10)
    story.refused("limit_reached", DEPARTMENT, c.RequestExtension("more"))
    story.refused("nothing_pending", DISPATCHER, c.ApproveExtension())


def test_once_overdue_there_is_no_extension() -> None:
    asked = pending_handle().does(DEPARTMENT, c.RequestExtension("rain")).later(days=2)
    asked.refused("nothing_pending", DISPATCHER, c.ApproveExtension())
    pending_handle().later(days=2).refused("too_late", DEPARTMENT, c.RequestExtension("rain"))


def test_an_extension_turns_yellow_back() -> None:
    story = pending_handle()
    story.now = local(2026, 6, 3, 9)
    story.ticked()
    assert story.case.light(story.now) == "yellow"
    extended(story)
    assert story.case.light(story.now) == "ok"
    assert story.case.next_tick_at == story.case.warn_at == local(2026, 6, 3, 16, 48)
    story.now = local(2026, 6, 3, 17)
    warnings = [x for x in story.ticked().history if isinstance(x, e.ClockWarned)]
    assert len(warnings) == 2


def test_a_request_lapses_when_the_case_moves_on() -> None:
    story = pending_handle().does(DEPARTMENT, c.RequestExtension("rain"))
    story.does(DEPARTMENT, c.ReturnStep("not ours"))
    assert story.case.extension_ask is None


def suspended(days: int = 10) -> Story:
    story = handling()
    until = story.now + timedelta(days=days)
    story.does(DEPARTMENT, c.RequestSuspension(until, "the ground is frozen"))
    return story.later(hours=1).does(DISPATCHER, c.ApproveSuspension())


def test_a_suspended_case_stands_still_and_resumes_by_itself() -> None:
    story = suspended()
    case = story.case
    until = local(2026, 6, 12, 10)
    assert (case.state, case.paused, case.light(story.now)) == ("suspended", True, "paused")
    assert case.next_tick_at == case.suspended_until == until
    for command in (c.Handle(), c.Feedback(), c.RequestExtension("x"), c.ReturnStep("x")):
        story.refused("wrong_state", DEPARTMENT, command)
    # One of eight hours was gone: seven are left from Friday 12 June, 10:00.
    assert case.due_at == local(2026, 6, 15, 9)
    story.now = until + timedelta(hours=1)
    story.ticked()
    assert (story.case.state, story.case.handler_id) == ("handling", HANDLER.id)
    resumed = story.history[-1]
    assert isinstance(resumed, e.CaseResumed)
    assert resumed.at == until


def test_resuming_early_gives_back_no_more_than_was_left() -> None:
    story = suspended()
    story.now = local(2026, 6, 3, 11)
    story.does(DEPARTMENT, c.Resume())
    assert story.case.state == "handling"
    # Seven working hours from Wednesday 11:00.
    assert story.case.due_at == local(2026, 6, 4, 10)
    assert story.case.next_tick_at == story.case.warn_at


def test_a_case_is_suspended_once_and_for_a_year_at_most() -> None:
    story = handling()
    for until in (story.now, story.now + timedelta(days=366)):
        assert (
            story.refused("invalid", DEPARTMENT, c.RequestSuspension(until, "x")).field == "until"
        )
    story.refused("missing", DEPARTMENT, c.RequestSuspension(story.now + timedelta(days=365), ""))
    story = suspended().does(DEPARTMENT, c.Resume())
    again = c.RequestSuspension(story.now + timedelta(days=1), "again")
    story.refused("limit_reached", DEPARTMENT, again)


def test_a_refused_suspension_may_be_asked_for_again() -> None:
    story = handling()
    ask = c.RequestSuspension(story.now + timedelta(days=5), "x")
    story.does(DEPARTMENT, ask)
    story.refused("pending", DEPARTMENT, ask)
    story.refused("not_yours", DEPARTMENT, c.ApproveSuspension())
    story.does(DISPATCHER, c.RefuseSuspension("work now"))
    story.does(DEPARTMENT, ask).does(DISPATCHER, c.ApproveSuspension())


def test_a_suspension_date_that_has_passed_is_not_approved() -> None:
    story = handling()
    story.does(DEPARTMENT, c.RequestSuspension(story.now + timedelta(hours=1), "x"))
    story.later(hours=2).refused("too_late", DISPATCHER, c.ApproveSuspension())


def test_voiding_takes_two_people() -> None:
    story = pending_accept()
    story.refused("nothing_pending", LEADER_OF_SHIFT, c.Void())
    story.does(ACCEPTOR, c.RequestVoid("a test report"))
    story.refused("not_yours", ACCEPTOR, c.Void())
    story.does(LEADER_OF_SHIFT, c.Void())
    assert (story.case.state, story.case.clock) == ("voided", None)
    story.refused("wrong_state", ACCEPTOR, c.Accept())


def test_a_request_to_void_may_be_refused_and_lapses_at_closing() -> None:
    story = pending_handle().does(DEPARTMENT, c.RequestVoid("double"))
    story.refused("pending", DISPATCHER, c.RequestVoid("double"))
    story.does(LEADER_OF_SHIFT, c.RefuseVoid("it is real"))
    assert story.case.state == "pending_handle"
    story.does(DISPATCHER, c.RequestVoid("double"))
    story.does(LEADER_OF_SHIFT, c.ForceClose("gone"))
    assert story.case.void_ask is None


def test_who_handles_a_case_does_not_void_it() -> None:
    story = pending_handle().does(DISPATCHER_2, c.RequestVoid("double"))
    story.refused("separation", JACK, c.Void())
    assert named("a") != named("b")
