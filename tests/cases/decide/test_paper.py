"""Paper: typed afterwards, a day adds up to what it would have been at the desk."""

from dataclasses import fields, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide.context import Context, Refusal
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.fold import replay
from chengyun.cases.decide.limits import DEFAULT_LIMITS
from chengyun.cases.decide.paper import on_paper, too_old_or_ahead
from chengyun.cases.decide.sentences import sentence
from chengyun.cases.decide.state import CaseState
from chengyun.cases.events.stamped import Paper
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.text import Text, text
from tests.cases.decide.world import (
    CHINA,
    COLLECTOR,
    DEPARTMENT,
    DISPATCHER,
    HANDLER,
    LEADER,
    LEADER_OF_SHIFT,
    LITTER,
    SANITATION,
    TUESDAY,
    automatic,
    named,
    pending_dispatch,
)

TYPIST = named("typist")


class Names:
    """What ids are called here."""

    def org(self, org_id: UUID) -> Text:
        return text("单位", "unit")

    def user(self, user_id: UUID) -> str:
        return "X" if user_id == TYPIST else "somebody"

    def kind(self, kind_id: str) -> Text:
        return text("类", "kind")

    def condition(self, kind_id: str, condition_id: str) -> Text:
        return text("条件", "condition")

    def case(self, case_id: UUID) -> str:
        return "1"


def paper(now: datetime) -> Paper:
    return Paper(TYPIST, now, "P-1")


def typed(
    history: list[e.CaseEvent], actor: Actor, command: c.Command, at: datetime, now: datetime
) -> list[e.CaseEvent] | Refusal:
    context = Context(at, actor, CHINA, kind=LITTER)
    return on_paper(history, command, context, paper(now), Names())


def state_of(history: list[e.CaseEvent]) -> CaseState:
    found = replay(history)
    assert found is not None
    return found


def ticked(history: list[e.CaseEvent], now: datetime) -> list[e.CaseEvent]:
    news = decide(state_of(history), c.Tick(), Context(now, SYSTEM, CHINA, kind=LITTER))
    assert not isinstance(news, Refusal)
    return [*history, *news]


def worth(state: CaseState) -> dict[str, object]:
    """What a state means, without how many events it took."""
    left = {"version"}
    return {f.name: getattr(state, f.name) for f in fields(state) if f.name not in left}


STEPS: tuple[tuple[Actor, c.Command], ...] = (
    (DISPATCHER, c.Dispatch(SANITATION)),
    (DEPARTMENT, c.Assign(HANDLER.id or named(""))),
    (HANDLER, c.Start()),
    (DEPARTMENT, c.RequestExtension(reason="rain")),
    (DISPATCHER, c.ApproveExtension()),
    (LEADER, c.Supervise(note="look")),
    (HANDLER, c.Handle((named("b1"),), (named("a1"),))),
    (DEPARTMENT, c.Feedback()),
    (COLLECTOR, c.CheckResult(passed=True)),
    (LEADER_OF_SHIFT, c.Close("heap")),
)


@settings(max_examples=150, deadline=None)
@given(
    gaps=st.lists(st.integers(1, 60 * 30), min_size=len(STEPS), max_size=len(STEPS)),
    count=st.integers(1, len(STEPS)),
    wait=st.integers(0, 60 * 24 * 6),
)
def test_typed_in_order_is_done_at_those_times(gaps: list[int], count: int, wait: int) -> None:
    begun = list(pending_dispatch().history)
    live, times, at = list(begun), [], TUESDAY
    for gap, (actor, command) in zip(gaps[:count], STEPS, strict=False):
        at += timedelta(minutes=gap)
        outcome = decide(state_of(live), command, Context(at, actor, CHINA, kind=LITTER))
        # An extension asked for too late is refused at the desk, and must be from paper.
        times.append((at, actor, command, isinstance(outcome, Refusal)))
        if not isinstance(outcome, Refusal):
            live += outcome
    now = at + timedelta(minutes=wait)
    late = ticked(begun, now)
    for when, actor, command, refused in times:
        outcome = typed(late, actor, command, when, now)
        assert isinstance(outcome, Refusal) == refused, (command, outcome)
        if not isinstance(outcome, Refusal):
            late = [*late, *outcome]
    assert worth(state_of(ticked(late, now))) == worth(state_of(ticked(live, now)))
    versions = [event.version for event in late]
    assert versions == list(range(1, len(late) + 1)), "history is only added to"


def test_what_was_done_in_time_on_paper_is_not_late() -> None:
    story = automatic()
    due = story.case.due_at
    assert due is not None
    now = due + timedelta(days=2)
    history = ticked(list(story.history), now)
    assert state_of(history).overtime == ("dispose",)
    assert state_of(history).escalation is not None
    for minutes, actor, command in (
        (50, DEPARTMENT, c.Assign(HANDLER.id or named(""))),
        (40, HANDLER, c.Start()),
        (10, HANDLER, c.Handle((named("b1"),), (named("a1"),))),
        (5, DEPARTMENT, c.Feedback()),
    ):
        outcome = typed(history, actor, command, due - timedelta(minutes=minutes), now)
        assert not isinstance(outcome, Refusal), outcome
        history = [*history, *outcome]
    state = state_of(history)
    assert (state.state, state.overtime, state.escalation) == ("pending_check", (), None)
    assert state.past_clocks[-1].stopped_at == due - timedelta(minutes=5)
    assert sum(isinstance(event, e.MarksWithdrawn) for event in history) == 1


def test_a_later_step_of_a_person_stands_in_the_way() -> None:
    story = automatic().later(hours=1).does(DISPATCHER, c.Urge("please"))
    now = story.now + timedelta(hours=1)
    refused = typed(
        list(story.history), LEADER, c.Supervise(), story.now - timedelta(minutes=30), now
    )
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == ("out_of_order", "occurred_at")
    assert "催办" in refused.reason["zh"]
    assert "hurry" in refused.reason["en"]


def test_before_the_report_there_is_no_case() -> None:
    story = automatic()
    refused = typed(
        list(story.history), LEADER, c.Supervise(), TUESDAY - timedelta(hours=1), TUESDAY
    )
    assert isinstance(refused, Refusal)
    assert refused.code == "out_of_order"


@pytest.mark.parametrize("command", [c.Merge(named("other"), "same"), c.Split((), "two")])
def test_what_concerns_several_cases_is_not_for_paper(command: c.Command) -> None:
    story = automatic()
    refused = typed(list(story.history), DISPATCHER, command, story.now, story.now)
    assert isinstance(refused, Refusal)
    assert refused.field == "move"


def test_posts_stay_separate_on_paper() -> None:
    story = automatic()
    refused = typed(list(story.history), COLLECTOR, c.Urge("x"), story.now, story.now)
    assert isinstance(refused, Refusal)
    assert refused.code == "not_yours"


def test_a_sentence_says_who_typed_it_and_when() -> None:
    story = automatic()
    now = story.now + timedelta(hours=3)
    outcome = typed(list(story.history), LEADER, c.Supervise(note="x"), story.now, now)
    assert not isinstance(outcome, Refusal)
    said = sentence(outcome[-1], Names(), CHINA.zone)
    assert said["zh"].endswith("【纸质记录（P-1），由X于6月2日13:00补录】")
    assert said["en"].endswith(" [entered from paper P-1 by X at 2 Jun 13:00]")
    again = e.from_data(outcome[-1].name, outcome[-1].to_data())
    assert again == outcome[-1]


def test_time_has_its_bounds() -> None:
    now = TUESDAY
    assert too_old_or_ahead(now, now, DEFAULT_LIMITS) is None
    assert too_old_or_ahead(now - timedelta(days=7), now, DEFAULT_LIMITS) is None
    old = too_old_or_ahead(now - timedelta(days=7, minutes=1), now, DEFAULT_LIMITS)
    ahead = too_old_or_ahead(now + timedelta(minutes=1), now, DEFAULT_LIMITS)
    assert old is not None
    assert ahead is not None
    assert (old.code, ahead.code) == ("too_late", "invalid")
    longer = replace(DEFAULT_LIMITS, max_paper_days=30)
    assert too_old_or_ahead(now - timedelta(days=20), now, longer) is None
