"""Supervise, urge, escalate, merge, split; and what time does by itself."""

from datetime import timedelta

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide.clocks import deadline
from chengyun.cases.decide.fold import replay
from chengyun.cases.decide.kinds import Limit
from chengyun.cases.decide.limits import Limits
from chengyun.kernel.actor import PUBLIC, SYSTEM
from tests.cases.decide.world import (
    ACCEPTOR,
    CHINA,
    CITY,
    COLLECTOR,
    DEPARTMENT,
    DISPATCHER,
    EVALUATOR,
    LEADER,
    LEADER_OF_SHIFT,
    LITTER,
    Story,
    arrival,
    automatic,
    closed,
    handled,
    local,
    named,
    pending_accept,
    pending_dispatch,
    pending_handle,
    routed,
)


def told(story: Story) -> list[tuple[str, str]]:
    """The clock's events as (what, local time)."""
    return [
        (
            event.level if isinstance(event, e.CaseEscalated) else event.name[11:],
            f"{event.at.astimezone(CHINA.zone):%d %H:%M}",
        )
        for event in story.history
        if isinstance(event, e.ClockWarned | e.ClockOverdue | e.CaseEscalated)
    ]


LADDER = [
    ("Warned", "03 08:24"),
    ("Overdue", "03 10:00"),
    ("street", "03 10:00"),
    ("district", "03 16:00"),
    ("city", "04 10:00"),
]


def test_yellow_red_and_the_ladder_street_district_city() -> None:
    story = pending_handle()
    for moment in (
        local(2026, 6, 3, 8, 24),
        local(2026, 6, 3, 10),
        local(2026, 6, 3, 16),
        local(2026, 6, 4, 10),
    ):
        assert story.case.next_tick_at == moment
        story.now = moment - timedelta(microseconds=1)
        assert story.tried(SYSTEM, c.Tick()) == []
        story.now = moment
        story.ticked()
    assert told(story) == LADDER
    assert (story.case.overtime, story.case.escalation) == (("dispose",), "city")
    assert story.case.next_tick_at is None


def test_a_late_scheduler_changes_nothing_but_the_time_it_is_noticed() -> None:
    story = pending_handle().later(days=9).ticked()
    assert told(story) == LADDER
    # Nobody ticked at all, but the next move finds it overdue all the same.
    other = pending_handle().later(days=9).does(DEPARTMENT, c.Start())
    assert told(other) == LADDER


def test_a_stage_is_overtime_once_and_for_ever() -> None:
    story = pending_handle().later(days=9).does(DEPARTMENT, c.ReturnStep("not ours"))
    story.does(DISPATCHER, c.Redispatch(named("roads"), (), "yours")).later(days=9).ticked()
    assert story.case.overtime == ("dispose",)


def test_the_ladder_goes_on_from_the_level_reached() -> None:
    story = pending_handle().does(LEADER, c.Escalate("school nearby"))
    assert story.case.escalation == "street"
    story.now = local(2026, 6, 3, 11)
    story.ticked()
    assert story.case.next_tick_at == local(2026, 6, 3, 16)
    story.later(days=9).ticked()
    assert story.case.escalation == "city"


def test_a_city_without_a_ladder_still_turns_red() -> None:
    story = pending_handle().later(days=9)
    story.does(SYSTEM, c.Tick(), limits=Limits(ladder=()))
    assert [what for what, _ in told(story)] == ["Warned", "Overdue"]


def test_only_the_system_ticks() -> None:
    pending_handle().refused("not_yours", LEADER_OF_SHIFT, c.Tick())


def test_a_newer_calendar_moves_a_provisional_deadline() -> None:
    story = Story(now=local(2026, 12, 31, 8))
    story.does(PUBLIC, arrival(condition_id="heap"), route=routed())
    story.does(DEPARTMENT, c.RequestExtension("x")).does(DISPATCHER, c.ApproveExtension())
    assert story.case.clock is not None
    assert story.case.clock.provisional
    before = story.case.due_at
    assert story.tried(SYSTEM, c.Recompute()) == []
    newer = type(CHINA)(
        "cn-2027",
        holidays={local(2027, 1, 1, 8).date(): LITTER.name},
        known_until=local(2027, 12, 31).date(),
    )
    story.does(SYSTEM, c.Recompute(), calendar=newer)
    assert before == local(2027, 1, 1, 18)
    assert story.case.due_at == local(2027, 1, 4, 18)


def test_every_clock_is_what_its_history_says() -> None:
    story = handled().does(DEPARTMENT, c.Feedback())
    for clock in story.case.past_clocks:
        assert clock.due_at == deadline(clock.started_at, clock.limit, CHINA).at
        assert clock.stopped_at is not None
    assert [clock.stage for clock in story.case.past_clocks] == [
        "accept",
        "file",
        "dispatch",
        "dispose",
    ]


def test_supervision_is_counted_with_the_level_of_who_orders_it() -> None:
    story = pending_handle().does(LEADER, c.Supervise(listed=True))
    story.does(EVALUATOR, c.Supervise())
    assert [order.level for order in story.case.supervisions] == ["district", "city"]
    assert story.case.supervised == 2
    story.refused("not_yours", DEPARTMENT, c.Supervise())


def test_urging_is_open_to_the_reporter() -> None:
    story = pending_handle().does(PUBLIC, c.Urge("it smells")).does(DISPATCHER, c.Urge())
    assert story.case.urges == 2
    closed().refused("wrong_state", PUBLIC, c.Urge())
    story.refused("invalid", PUBLIC, c.Urge("x" * 2_001))


def test_escalating_by_hand_climbs_only() -> None:
    story = pending_handle()
    story.refused("missing", LEADER, c.Escalate())
    story.does(LEADER, c.Escalate("school", "district"))
    story.refused("invalid", LEADER, c.Escalate("school", "street"))
    story.does(LEADER, c.Escalate("school"))
    story.refused("limit_reached", LEADER, c.Escalate("school"))
    story.refused("not_yours", COLLECTOR, c.Escalate("school"))


def test_merging_joins_every_reporter_in_the_other_case() -> None:
    main = Story().does(PUBLIC, arrival("main"))
    second = Story().does(PUBLIC, arrival("second"))
    third = Story().does(PUBLIC, arrival("third"))
    second.does(ACCEPTOR, c.Merge(main.case.id, "same heap"), other=main.case)
    assert (second.case.state, second.case.merged_into) == ("merged", main.case.id)
    assert second.case.clock is None
    main.state = replay([*main.history, *second.elsewhere])
    assert (main.case.reports, main.case.merged_from) == (2, (second.case.id,))
    # A case that has taken others in brings all of their reports along.
    main.does(ACCEPTOR, c.Merge(third.case.id, "same heap"), other=third.case)
    merged = main.history[-1]
    assert isinstance(merged, e.CaseMerged)
    assert set(merged.cases) == {main.case.id, second.case.id, third.case.id}
    absorbed = main.elsewhere[-1]
    assert isinstance(absorbed, e.CaseAbsorbed)
    assert (absorbed.case_id, absorbed.reports) == (third.case.id, 2)


def test_what_cannot_be_merged() -> None:
    story = pending_accept()
    ended, far = closed(), Story().does(PUBLIC, arrival("far", city=CITY * 2, area_no=None))
    story.refused("invalid", ACCEPTOR, c.Merge(story.case.id, "x"))
    story.refused("unknown_case", ACCEPTOR, c.Merge(named("nowhere"), "x"))
    other = Story().does(PUBLIC, arrival("ended"))
    for target in (ended, far):
        target.state = type(ended.case)(
            **{name: getattr(target.case, name) for name in type(ended.case).__dataclass_fields__}
            | {"id": named("target")}
        )
        story.refused("invalid", ACCEPTOR, c.Merge(named("target"), "x"), other=target.case)
    story.refused("missing", ACCEPTOR, c.Merge(other.case.id), other=other.case)
    story.refused("not_yours", DEPARTMENT, c.Merge(other.case.id, "x"), other=other.case)
    handled().refused("wrong_state", ACCEPTOR, c.Merge(other.case.id, "x"), other=other.case)


def test_a_split_makes_cases_of_their_own() -> None:
    story = pending_dispatch()
    parts = (c.Part(named("p1"), "P1", LITTER.id), c.Part(named("p2"), "P2"))
    story.refused("invalid", ACCEPTOR, c.Split((), "two things"))
    story.refused("invalid", ACCEPTOR, c.Split((parts[0], parts[0]), "two things"))
    story.refused("invalid", ACCEPTOR, c.Split((c.Part(story.case.id, "P"),), "two things"))
    story.refused("missing", ACCEPTOR, c.Split(parts))
    story.does(ACCEPTOR, c.Split(parts, "two things"))
    assert story.case.children == (named("p1"), named("p2"))
    assert story.case.state == "pending_dispatch"
    first = replay([x for x in story.elsewhere if x.case_id == named("p1")])
    assert first is not None
    assert (first.state, first.split_from, first.no) == ("pending_accept", story.case.id, "P1")
    assert first.next_tick_at is not None
    automatic().refused("wrong_state", ACCEPTOR, c.Split(parts, "late"))


def test_limits_come_from_the_condition() -> None:
    story = Story().does(PUBLIC, arrival(condition_id="urgent"), route=routed())
    assert story.case.limit == Limit(4, "UH")
    assert story.case.due_at == story.now + timedelta(hours=4)
