"""The fold against a plain recount of random lives, and the cases somebody might dispute."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.cases.decide import commands as c
from chengyun.cases.decide.context import Refusal
from chengyun.kernel.actor import PUBLIC, SYSTEM
from chengyun.vitals.decide.counters import COUNTERS, totals
from chengyun.vitals.decide.facts import Mark
from chengyun.vitals.decide.folding import facts_of
from tests.cases.decide.world import (
    ACCEPTOR,
    COLLECTOR,
    DEPARTMENT,
    DISPATCHER,
    DISPATCHER_2,
    DRAINAGE,
    HANDLER,
    LEADER_OF_SHIFT,
    LITTER,
    SANITATION,
    Story,
    arrival,
    automatic,
    closed,
    handled,
    named,
    pending_check,
    pending_handle,
)
from tests.vitals.decide.reference import Walk

ENDLESS = timedelta(days=10_000)
DRIVEN: tuple[tuple[Any, c.Command], ...] = (
    (ACCEPTOR, c.Accept()),
    (ACCEPTOR, c.Reject("no")),
    (ACCEPTOR, c.Verify()),
    (COLLECTOR, c.VerifyResult(True)),
    (COLLECTOR, c.VerifyResult(False)),
    (LEADER_OF_SHIFT, c.File(LITTER.id, "heap")),
    (DISPATCHER, c.Dispatch(SANITATION)),
    (DISPATCHER_2, c.Redispatch(DRAINAGE, (), "theirs")),
    (DISPATCHER_2, c.Redispatch(SANITATION, (), "theirs")),
    (DEPARTMENT, c.ReturnStep("not ours")),
    (DISPATCHER, c.ReturnStep("unclear")),
    (DEPARTMENT, c.Assign(HANDLER.id or named(""))),
    (HANDLER, c.Start()),
    (HANDLER, c.Handle((named("b"),), (named("a"),))),
    (DEPARTMENT, c.Feedback(leave_co_open=True)),
    (COLLECTOR, c.CheckResult(passed=True)),
    (COLLECTOR, c.CheckResult(passed=False, note="still there")),
    (LEADER_OF_SHIFT, c.Close("heap")),
    (LEADER_OF_SHIFT, c.ForceClose("enough")),
    (PUBLIC, c.Reopen("not fixed")),
    (LEADER_OF_SHIFT, c.Reopen("not fixed")),
    (PUBLIC, c.Rate(5)),
    (PUBLIC, c.Rate(2)),
    (DEPARTMENT, c.MakeAppeal("flood")),
    (DISPATCHER, c.ReviewAppeal(True)),
    (ACCEPTOR, c.ReviewAppeal(True)),
    (SYSTEM, c.Tick()),
)
# The usual way, so that lives get far.
USUAL = (0, 5, 6, 11, 12, 13, 14, 15, 17)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(USUAL) | st.integers(0, len(DRIVEN) - 1),
        st.sampled_from([0, 5, 60, 600, 3_000, 20_000]),
    ),
    max_size=45,
)


def counted(marks: Sequence[Mark], start: datetime, end: datetime) -> Counter[tuple[str, Any]]:
    """Marks of a period, as the table's query counts them."""
    found: Counter[tuple[str, Any]] = Counter()
    for mark in marks:
        if mark.lasting:
            inside = mark.at < end and (mark.until is None or mark.until >= end)
        else:
            inside = start <= mark.at < end
        found[mark.counter, mark.unit] += inside
    return +found


def lived(source: str, steps: Sequence[tuple[int, int]]) -> Story:
    """A case that random people did things to, as far as they were let."""
    story = Story().does(PUBLIC, arrival(source=source, photos=(named("scene"),)))
    for which, minutes in steps:
        story.later(minutes=minutes)
        actor, command = DRIVEN[which]
        if isinstance(command, c.Handle):
            # Rework wants a photo of its own.
            command = c.Handle((named("b"),), (named(f"after at {story.now}"),))
        if not isinstance(story.tried(actor, command), Refusal):
            story.does(actor, command)
    return story


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(["public", "collector", "leader"]), STEPS, st.integers(0, 40_000))
def test_random_lives_count_as_a_plain_recount_says(
    source: str, steps: list[tuple[int, int]], split: int
) -> None:
    story = lived(source, steps)
    facts = facts_of(story.history)
    assert facts is not None
    begin, middle = story.history[0].at, story.history[0].at + timedelta(minutes=split)
    for start, end in ((begin, begin + ENDLESS), (begin, middle), (middle, middle + ENDLESS)):
        expected = +Walk(story.history).counted(start, end)
        assert counted(facts.marks, start, end) == expected


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["public", "collector"]), STEPS)
def test_in_time_and_late_add_up_to_done_and_every_mark_belongs_to_a_counter(
    source: str, steps: list[tuple[int, int]]
) -> None:
    facts = facts_of(lived(source, steps).history)
    assert facts is not None
    marks = Counter(mark.counter for mark in facts.marks)
    known = {part for counter in COUNTERS.values() for part in counter.parts}
    assert set(marks) <= known
    for stage in ("accept", "verify", "file", "dispatch", "dispose", "check"):
        assert marks[f"in_time_{stage}"] + marks[f"overtime_{stage}"] == marks[stage]
    assert marks["on_schedule_close"] <= marks["close"]
    assert marks["accurate_dispatch"] <= marks["dispatch"]
    assert marks["valid_report"] <= marks["report"] == 1


def tally(story: Story) -> dict[str, int]:
    """Every counter over the whole life."""
    facts = facts_of(story.history)
    assert facts is not None
    start = story.history[0].at
    found = counted(facts.marks, start, story.now + timedelta(microseconds=1))
    sums: Counter[str] = Counter()
    for (name, _), count in found.items():
        sums[name] += count
    return totals(sums)


def test_a_case_that_goes_well_sets_each_counter_once() -> None:
    found = tally(closed())
    for name in ("report", "file", "dispatch", "dispose", "check", "close", "accurate_dispatch"):
        assert found[name] == 1, name
    assert found["on_schedule_close"] == 1
    assert found["need_close"] == found["dispose"] + found["overtime_undisposed"] == 1


def test_each_loop_of_rework_counts_once() -> None:
    story = pending_check()
    for turn in range(2):
        story.does(COLLECTOR, c.CheckResult(passed=False, note="still there"))
        story.does(DEPARTMENT, c.Assign(HANDLER.id or named("")))
        story.does(HANDLER, c.Start()).does(HANDLER, c.Handle((), (named(f"again {turn}"),)))
        story.does(DEPARTMENT, c.Feedback())
    assert (tally(story)["rework"], tally(story)["dispose"]) == (2, 3)


def test_a_case_returned_after_its_deadline_stays_overdue_where_it_was() -> None:
    story = pending_handle().later(days=9)
    assert tally(story)["overtime_undisposed"] == 1
    story.does(DEPARTMENT, c.ReturnStep("not ours"))
    assert tally(story)["overtime_undisposed"] == 1
    facts = facts_of(story.history)
    assert facts is not None
    late = [mark for mark in facts.marks if mark.counter == "overtime_undisposed"]
    assert {mark.unit for mark in late} == {SANITATION}


def test_a_granted_appeal_takes_overtime_out_and_keeps_the_record() -> None:
    story = handled().later(days=9).ticked().does(DEPARTMENT, c.Feedback())
    story.does(COLLECTOR, c.CheckResult(passed=True)).does(LEADER_OF_SHIFT, c.Close("heap"))
    assert (tally(story)["overtime_dispose"], tally(story)["on_schedule_close"]) == (1, 0)
    story.does(DEPARTMENT, c.MakeAppeal("flood")).does(DISPATCHER, c.ReviewAppeal(True))
    assert tally(story)["overtime_dispose"] == 1, "half a review decides nothing"
    story.does(ACCEPTOR, c.ReviewAppeal(True))
    found = tally(story)
    assert (found["overtime_dispose"], found["in_time_dispose"]) == (0, 1)
    assert (found["exempt_dispose"], found["on_schedule_close"]) == (1, 1)


def test_what_the_system_did_is_nobodys_post() -> None:
    facts = facts_of(automatic().history)
    assert facts is not None
    by_hand = {mark.counter for mark in facts.marks if mark.manual}
    assert "dispatch" not in by_hand
    assert "file" not in by_hand
