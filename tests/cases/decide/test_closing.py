"""Check, close, archive, reopen, rate, appeal; and who may never do so."""

import pytest

from chengyun.cases.decide import commands as c
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from tests.cases.decide.world import (
    ACCEPTOR,
    COLLECTOR,
    COLLECTOR_2,
    COMMAND,
    DEPARTMENT,
    DISPATCHER,
    DISPATCHER_2,
    DISTRICT,
    HANDLER,
    JACK,
    LEADER,
    LEADER_OF_SHIFT,
    LEAFLET,
    LITTER,
    SANITATION,
    Story,
    arrival,
    closed,
    handled,
    named,
    pending_check,
    pending_close,
    pending_dispatch,
    pending_handle,
    person,
    routed,
)


def test_a_collector_checks_before_anybody_closes() -> None:
    story = pending_check()
    story.refused("wrong_state", LEADER_OF_SHIFT, c.Close("heap"))
    story.does(ACCEPTOR, c.Check(COLLECTOR.id))
    assert story.case.state == "checking"
    story.refused("not_yours", COLLECTOR_2, c.CheckResult(passed=True))
    story.does(COLLECTOR, c.CheckResult(passed=True, photos=(named("k"),)))
    assert (story.case.state, story.case.check_passed) == ("pending_close", True)
    assert story.case.checked_by == (COLLECTOR.id,)


def test_a_check_is_arranged_once_and_only_a_named_collector_may_change() -> None:
    anybody = pending_check().does(ACCEPTOR, c.Check())
    anybody.refused("exists", ACCEPTOR, c.Check())
    anybody.refused("exists", ACCEPTOR, c.Check(COLLECTOR.id))
    told = pending_check().does(ACCEPTOR, c.Check(COLLECTOR.id))
    told.refused("exists", ACCEPTOR, c.Check(COLLECTOR.id))
    told.refused("exists", ACCEPTOR, c.Check())
    told.does(ACCEPTOR, c.Check(COLLECTOR_2.id))
    told.does(COLLECTOR_2, c.CheckResult(passed=True))


def test_closing_needs_the_closing_condition_it_was_filed_under() -> None:
    story = pending_close()
    assert story.refused("missing", LEADER_OF_SHIFT, c.Close()).field == "closing_condition"
    story.refused("invalid", LEADER_OF_SHIFT, c.Close("urgent"))
    story.does(LEADER_OF_SHIFT, c.Close("heap"))
    assert (story.case.state, story.case.clock) == ("closed", None)
    assert story.case.archive_at is not None


def test_a_close_sent_back_needs_a_new_check() -> None:
    story = pending_close().does(LEADER_OF_SHIFT, c.ReturnStep("blurred photo"))
    assert (story.case.state, story.case.check_passed) == ("pending_check", False)
    story.refused("wrong_state", LEADER_OF_SHIFT, c.Close("heap"))


def test_a_kind_may_do_without_a_check() -> None:
    story = Story(LEAFLET)
    story.does(PUBLIC, arrival(kind_id=LEAFLET.id), route=routed())
    story.does(DEPARTMENT, c.Handle()).does(DEPARTMENT, c.Feedback())
    assert story.case.state == "pending_close"
    # Unknown whether the kind needs one: then it does.
    story.refused("pending", LEADER_OF_SHIFT, c.Close("heap"), kind=None)
    story.does(LEADER_OF_SHIFT, c.Close("heap"))


SIDES = [
    # Whoever dispatched, in whatever post they come back.
    person("dispatcher", ("shift_leader", named("elsewhere"), DISTRICT)),
    person("dispatcher", ("collector", named("elsewhere"), DISTRICT)),
    # A colleague in the organisation that dispatched.
    person("colleague", ("shift_leader", COMMAND, DISTRICT), ("collector", COMMAND, DISTRICT)),
    # Whoever handled it.
    person("sweeper", ("shift_leader", named("elsewhere"), DISTRICT)),
    person("sweeper", ("collector", named("elsewhere"), DISTRICT)),
    # A member of the unit that handled it.
    person(
        "cousin",
        ("shift_leader", named("elsewhere"), DISTRICT),
        ("collector", named("elsewhere"), DISTRICT),
        ("acceptor", named("elsewhere"), DISTRICT),
        ("department", SANITATION, DISTRICT),
    ),
]


@pytest.mark.parametrize("actor", SIDES, ids=lambda a: f"{a.name}-{a.grants[0].post}")
def test_who_dispatched_or_handled_never_checks_closes_or_scores(actor: Actor) -> None:
    check, close = pending_check(), pending_close()
    if actor.has("collector"):
        check.refused("separation", actor, c.CheckResult(passed=True))
    if actor.has("shift_leader"):
        check.refused("separation", actor, c.Check())
        close.refused("separation", actor, c.Close("heap"))
        close.refused("separation", actor, c.ForceClose("quick"))
    if actor.has("acceptor"):
        closed().refused("separation", actor, c.Rate(5))


def test_the_check_is_not_given_to_who_handled_it() -> None:
    pending_check().refused("separation", ACCEPTOR, c.Check(HANDLER.id))


def test_one_person_with_every_post_cannot_carry_a_case_through_alone() -> None:
    story = Story().does(JACK, arrival())
    story.does(JACK, c.Accept()).does(JACK, c.File(LITTER.id, "heap"))
    story.does(JACK, c.Dispatch(SANITATION)).does(JACK, c.Start())
    story.does(JACK, c.Handle((named("b"),), (named("a"),))).does(JACK, c.Feedback())
    story.refused("separation", JACK, c.CheckResult(passed=True))
    story.refused("separation", JACK, c.ForceClose("mine"))
    story.does(COLLECTOR, c.CheckResult(passed=True))
    story.refused("separation", JACK, c.Close("heap"))


def test_a_new_unit_does_not_free_the_old_one() -> None:
    story = handled().does(DEPARTMENT, c.Feedback())
    story.does(COLLECTOR, c.CheckResult(passed=False, note="no"))
    story.does(DISPATCHER, c.Redispatch(named("roads"), (), "too big for sanitation"))
    cousin = person("cousin", ("shift_leader", SANITATION, DISTRICT))
    story.refused("separation", cousin, c.ForceClose("done"))


def test_closing_by_force_needs_a_reason_and_an_uninvolved_shift_leader() -> None:
    story = pending_handle()
    for actor in (ACCEPTOR, DISPATCHER, LEADER, DEPARTMENT):
        story.refused("not_yours", actor, c.ForceClose("x"))
    story.refused("missing", LEADER_OF_SHIFT, c.ForceClose())
    story.does(LEADER_OF_SHIFT, c.ForceClose("the street is torn down"))
    assert (story.case.state, story.case.clock) == ("force_closed", None)
    Story().does(PUBLIC, arrival()).refused("wrong_state", LEADER_OF_SHIFT, c.ForceClose("x"))


def test_the_reporter_reopens_within_the_window() -> None:
    story = closed().later(days=3)
    story.refused("missing", PUBLIC, c.Reopen())
    story.does(PUBLIC, c.Rate(1)).does(PUBLIC, c.Reopen("it is back", (named("p"),)))
    case = story.case
    assert (case.state, case.reopens, case.rating, case.check_passed) == (
        "pending_accept",
        1,
        None,
        False,
    )
    assert case.photos_of("scene") == 1
    assert case.archive_at is None


def test_after_the_window_the_case_is_archived_by_itself() -> None:
    story = closed().later(days=15)
    story.refused("wrong_state", PUBLIC, c.Reopen("late"))
    story.refused("wrong_state", LEADER_OF_SHIFT, c.Reopen("late"))
    story.ticked()
    assert (story.case.state, story.case.next_tick_at) == ("archived", None)
    assert story.history[-1].at == story.now


def test_a_shift_leader_reopens_straight_to_dispatch() -> None:
    story = closed()
    story.refused("not_yours", DISPATCHER, c.Reopen("x"))
    story.does(LEADER_OF_SHIFT, c.Reopen("wrong photo"))
    assert (story.case.state, story.case.lead_unit) == ("pending_dispatch", None)
    # Who handled it the first time stays barred.
    assert SANITATION in story.case.handled_orgs


def test_archiving_waits_for_the_window() -> None:
    story = closed()
    story.refused("too_early", LEADER_OF_SHIFT, c.Archive())
    story.refused("too_early", SYSTEM, c.Archive())
    assert story.ticked().case.state == "closed"


def test_a_rating_is_given_once_by_the_reporter_or_on_call_back() -> None:
    story = closed()
    for score in (0, 6):
        assert story.refused("invalid", PUBLIC, c.Rate(score)).field == "score"
    story.does(PUBLIC, c.Rate(4))
    assert story.case.rating is not None
    assert (story.case.rating.score, story.case.rating.via) == (4, "public")
    story.refused("limit_reached", ACCEPTOR, c.Rate(5))
    by_phone = closed().does(ACCEPTOR, c.Rate(2))
    assert by_phone.case.rating is not None
    assert by_phone.case.rating.via == "callback"
    closed().refused("not_yours", COLLECTOR, c.Rate(5))
    pending_close().refused("wrong_state", PUBLIC, c.Rate(5))


def overdue_and_closed() -> Story:
    story = pending_handle().later(days=4)
    story.does(DEPARTMENT, c.Handle((named("b"),), (named("a"),)))
    story.does(DEPARTMENT, c.Feedback()).does(COLLECTOR, c.CheckResult(passed=True))
    return story.does(LEADER_OF_SHIFT, c.Close("heap"))


def test_an_appeal_is_reviewed_twice_and_keeps_the_overtime() -> None:
    story = overdue_and_closed()
    assert "dispose" in story.case.overtime
    story.refused("not_yours", DISPATCHER, c.MakeAppeal("typhoon"))
    story.refused("missing", DEPARTMENT, c.MakeAppeal())
    story.does(DEPARTMENT, c.MakeAppeal("typhoon"))
    story.refused("not_yours", ACCEPTOR, c.ReviewAppeal(granted=True))
    story.refused("limit_reached", DEPARTMENT, c.MakeAppeal("again"))
    story.does(DISPATCHER_2, c.ReviewAppeal(granted=True))
    assert (story.case.appeal, story.case.exempt) == ("dispatcher_ok", False)
    story.refused("not_yours", DISPATCHER, c.ReviewAppeal(granted=True))
    story.does(ACCEPTOR, c.ReviewAppeal(granted=True))
    assert (story.case.appeal, story.case.exempt) == ("granted", True)
    assert "dispose" in story.case.overtime
    story.refused("limit_reached", DEPARTMENT, c.MakeAppeal("again"))
    story.refused("nothing_pending", ACCEPTOR, c.ReviewAppeal(granted=True))


def test_an_appeal_refused_at_either_step_is_over() -> None:
    story = overdue_and_closed().does(DEPARTMENT, c.MakeAppeal("typhoon"))
    story.refused("missing", DISPATCHER, c.ReviewAppeal(granted=False))
    story.does(DISPATCHER, c.ReviewAppeal(granted=False, reason="it did not rain"))
    assert (story.case.appeal, story.case.exempt) == ("refused", False)
    story.refused("limit_reached", DEPARTMENT, c.MakeAppeal("again"))


def test_an_appeal_holds_the_archive_until_it_is_decided() -> None:
    story = overdue_and_closed().does(DEPARTMENT, c.MakeAppeal("typhoon")).later(days=30)
    assert story.case.next_tick_at is None
    story.refused("pending", LEADER_OF_SHIFT, c.Archive())
    assert story.ticked().case.state == "closed"
    story.does(DISPATCHER, c.ReviewAppeal(granted=False, reason="no")).ticked()
    assert story.case.state == "archived"


def test_only_overtime_is_appealed_and_only_after_closing() -> None:
    closed().refused("invalid", DEPARTMENT, c.MakeAppeal("why not"))
    pending_handle().later(days=9).refused("wrong_state", DEPARTMENT, c.MakeAppeal("early"))


def test_both_reviews_need_two_people_outside_the_unit() -> None:
    both_posts = person("both", ("dispatcher", COMMAND, DISTRICT), ("acceptor", COMMAND, DISTRICT))
    story = overdue_and_closed().does(DEPARTMENT, c.MakeAppeal("typhoon"))
    story.refused("separation", JACK, c.ReviewAppeal(granted=True))
    story.does(both_posts, c.ReviewAppeal(granted=True))
    story.refused("separation", both_posts, c.ReviewAppeal(granted=True))


def test_terminal_states_take_no_move() -> None:
    story = closed().later(days=20).ticked()
    for move, command in {"accept": c.Accept(), "reopen": c.Reopen("x"), "urge": c.Urge()}.items():
        assert command.move == move
        story.refused("wrong_state", LEADER_OF_SHIFT, command)
    pending_dispatch().refused("wrong_state", ACCEPTOR, c.Rate(3))
