"""Random commands from random posts at random times, against the oracles of the loop.

Offered moves are drawn with fitting params so that cases get far; wild ones come from anybody in
any state. Every outcome is events or a refusal with a reason, never an exception.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chengyun.cases import events as e
from chengyun.cases.decide import commands as c
from chengyun.cases.decide.clocks import StageClock, deadline
from chengyun.cases.decide.context import Context, Lying, Refusal
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.fold import evolve, replay
from chengyun.cases.decide.offers import offered
from chengyun.cases.decide.state import CaseState, Place, state_from_data
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor
from tests.cases.decide.world import (
    ACCEPTOR,
    CHINA,
    COLLECTOR,
    COLLECTOR_2,
    DEPARTMENT,
    DISPATCHER,
    DISPATCHER_2,
    DRAINAGE,
    EVERYBODY,
    HANDLER,
    JACK,
    KINDS,
    LEADER_OF_SHIFT,
    LEAFLET,
    LITTER,
    OTHER_DISTRICT,
    PLACE,
    ROADS,
    SANITATION,
    TUESDAY,
    arrival,
    named,
    routed,
)

UNITS = st.sampled_from([SANITATION, SANITATION, DRAINAGE, ROADS])
PEOPLE = st.sampled_from([a.id for a in (HANDLER, JACK, COLLECTOR, COLLECTOR_2) if a.id])
WORDS = st.sampled_from(["because", "because", "because", ""])
PHOTOS = st.lists(st.sampled_from([named(f"photo {n}") for n in range(6)]), max_size=3).map(tuple)
OTHER = named("another case")
FAR = OTHER_DISTRICT
ENDINGS = {"merge", "reject", "void", "force_close", "archive"}
PAIR = ((named("photo 1"), named("photo 2")), (named("photo 3"), named("photo 4")))

# Where an example begins in earnest.
GOALS = (
    "pending_accept",
    "pending_dispatch",
    "pending_handle",
    "pending_handle",
    "handling",
    "handling",
    "handled",
    "pending_check",
    "pending_close",
    "closed",
)

# From each state the way to the end, for the machine to get far.
FORWARD: tuple[tuple[tuple[str, ...], Actor, c.Command], ...] = (
    (("pending_accept",), ACCEPTOR, c.Accept()),
    (("pending_file",), LEADER_OF_SHIFT, c.File()),
    (("pending_dispatch",), DISPATCHER, c.Dispatch(SANITATION)),
    (("returned",), DISPATCHER_2, c.Redispatch(SANITATION, (), "yours")),
    (("pending_handle",), DEPARTMENT, c.Assign(HANDLER.id or OTHER)),
    (("pending_handle",), HANDLER, c.Start()),
    (("handling",), HANDLER, c.Handle(*PAIR)),
    (("handled",), DEPARTMENT, c.Feedback(leave_co_open=True)),
    (("pending_check",), COLLECTOR, c.CheckResult(passed=True)),
    (("pending_close",), LEADER_OF_SHIFT, c.Close("heap")),
)


def commands(now: datetime) -> dict[str, st.SearchStrategy[c.Command]]:
    """Params for every move, more often fitting than not."""
    until = st.integers(-2, 400).map(lambda days: now + timedelta(days=days))
    people = st.none() | PEOPLE
    units = st.lists(UNITS, max_size=2).map(tuple)
    part = st.builds(c.Part, st.sampled_from([named("part 1"), named("part 2")]), st.just("P"))
    given = {
        c.Accept: st.builds(c.Accept, st.sampled_from([None, PLACE])),
        c.Verify: st.builds(c.Verify, people),
        c.VerifyResult: st.builds(c.VerifyResult, st.booleans(), PHOTOS),
        c.File: st.builds(
            c.File,
            st.sampled_from([LITTER.id, LITTER.id, LEAFLET.id, ""]),
            st.sampled_from(["heap", "heap", "urgent", ""]),
            st.sampled_from([None, PLACE]),
        ),
        c.Dispatch: st.builds(c.Dispatch, UNITS, units),
        c.Redispatch: st.builds(c.Redispatch, UNITS, units, WORDS),
        c.Assign: st.builds(c.Assign, PEOPLE),
        c.Start: st.just(c.Start()),
        c.Handle: st.builds(c.Handle, PHOTOS, PHOTOS),
        c.Feedback: st.builds(c.Feedback, st.just(""), st.booleans()),
        c.Check: st.builds(c.Check, people),
        c.CheckResult: st.builds(c.CheckResult, st.booleans(), PHOTOS, WORDS),
        c.Close: st.builds(c.Close, st.sampled_from(["heap", "heap", "urgent", ""])),
        c.Archive: st.just(c.Archive()),
        c.RequestSuspension: st.builds(c.RequestSuspension, until, WORDS),
        c.Supervise: st.builds(c.Supervise, st.booleans()),
        c.Escalate: st.builds(
            c.Escalate, WORDS, st.sampled_from([None, "street", "district", "city"])
        ),
        c.Relocate: st.builds(
            c.Relocate,
            WORDS,
            st.sampled_from([None, 121.0]),
            st.sampled_from([None, 31.0]),
            area_no=st.sampled_from([None, PLACE]),
        ),
        c.Merge: st.builds(c.Merge, st.sampled_from([OTHER, named("case")]), WORDS),
        c.Split: st.builds(c.Split, st.lists(part, max_size=2).map(tuple), WORDS),
        c.JoinHandling: st.builds(c.JoinHandling, UNITS, WORDS),
        c.CoFeedback: st.builds(c.CoFeedback, PHOTOS),
        c.Reopen: st.builds(c.Reopen, WORDS, PHOTOS),
        c.ReviewAppeal: st.builds(c.ReviewAppeal, st.booleans(), WORDS),
        c.Rate: st.builds(c.Rate, st.integers(0, 6)),
    }
    by_words = {kind: st.builds(kind, WORDS) for kind in c.MOVE_COMMANDS.values()}
    return {move: given.get(kind, by_words[kind]) for move, kind in c.MOVE_COMMANDS.items()}


class Loop(RuleBasedStateMachine):
    """One case through whatever happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = TUESDAY
        self.history: list[e.CaseEvent] = []
        self.case: CaseState | None = None
        self.overtime: set[str] = set()
        self.ended: str | None = None

    def context(self, actor: Actor, version: int | None = None) -> Context:
        kind = KINDS.get(self.case.kind_id or "") if self.case else LITTER
        here, there = self.places()
        return Context(
            self.now,
            actor,
            CHINA,
            kind=kind,
            version=version,
            route=routed(DRAINAGE) if there else None,
            other=self.other(),
            here=here,
            there=there,
        )

    def places(self) -> tuple[Lying | None, Lying | None]:
        """Where the case lies, and a place to which a correction would bring it."""
        if self.case is None:
            return None, None
        here = self.case.place or Place(self.case.area_no)
        step = 0 if here.lon is None else round((here.lon - 121) * 1_000) + 1
        number = FAR if step % 5 == 4 else PLACE
        there = Place(number, f"grid {step}", 121 + step / 1_000, 31.0, "exact")
        return Lying(here), Lying(there, f"number {step}")

    def other(self) -> CaseState:
        return ANOTHER

    def fold(self, news: Sequence[e.CaseEvent]) -> None:
        for event in news:
            if self.case is not None and event.case_id != self.case.id:
                assert isinstance(event, e.CaseAbsorbed | e.CaseReported | e.CaseQueued)
                continue
            if isinstance(event, e.CheckReported | e.CaseClosed | e.CaseForceClosed):
                self.allowed(event)
            if isinstance(event, e.CaseRelocated):
                self.only_moved(event)
            self.case = evolve(self.case, event)
            self.history.append(event)

    def only_moved(self, event: e.CaseRelocated) -> None:
        """A corrected place changes neither state nor clock nor unit."""
        assert self.case is not None
        after = evolve(self.case, event)
        assert (after.state, after.clock) == (self.case.state, self.case.clock)
        assert after.units == self.case.units
        assert (after.area_no, after.place) == (event.after.area_no, event.after)

    def allowed(self, event: e.CaseEvent) -> None:
        """No forbidden check or closing, counted from the history alone."""
        assert self.case is not None
        sent = e.CaseDispatched | e.CaseRedispatched | e.CoUnitJoined
        worked = e.HandlingStarted | e.CaseHandled | e.FeedbackConfirmed | e.CoFeedbackGiven
        involved = [x.stamp for x in self.history if isinstance(x, sent | worked)]
        who = next(actor for actor in EVERYBODY if actor.id == event.stamp.by)
        assert who.id not in {stamp.by for stamp in involved}
        orgs = {grant.org_id for grant in who.grants}
        assert orgs.isdisjoint(stamp.org for stamp in involved)
        assert orgs.isdisjoint(self.case.units)
        if isinstance(event, e.CaseClosed):
            kind = KINDS[self.case.kind_id or ""]
            last = [x for x in self.history if isinstance(x, e.CheckReported)]
            assert not kind.check or (last and last[-1].passed)

    @initialize(
        routable=st.booleans(),
        co=st.booleans(),
        checked=st.sampled_from([True, True, False]),
        goal=st.sampled_from(GOALS),
    )
    def begin(self, routable: bool, co: bool, checked: bool, goal: str) -> None:
        kind = LITTER if checked else LEAFLET
        route = routed(SANITATION, *([DRAINAGE] if co else [])) if routable else None
        context = Context(self.now, PUBLIC, CHINA, kind=kind, route=route)
        self.fold(decide_ok(None, arrival(kind_id=kind.id), context))
        for _ in FORWARD:
            if self.case is not None and self.case.state != goal:
                self.one_step_on()

    def one_step_on(self) -> None:
        """The step that leads from here to closing, by somebody who may."""
        assert self.case is not None
        for states, actor, planned in FORWARD:
            if self.case.state in states:
                if isinstance(planned, c.Assign) and self.case.handler_id:
                    continue
                command = planned
                if isinstance(planned, c.File):
                    command = c.File(self.case.kind_id or "", "heap")
                self.play(actor, command, offered_to=None)
                return

    @rule()
    def goes_on(self) -> None:
        self.one_step_on()

    @rule()
    def asks_for_more_time(self) -> None:
        self.play(DEPARTMENT, c.RequestExtension("rain"), offered_to=None)
        self.play(DISPATCHER_2, c.ApproveExtension(), offered_to=None)

    @rule(days=st.integers(1, 30))
    def is_put_on_hold(self, days: int) -> None:
        until = self.now + timedelta(days=days)
        self.play(DEPARTMENT, c.RequestSuspension(until, "frost"), offered_to=None)
        self.play(DISPATCHER_2, c.ApproveSuspension(), offered_to=None)

    @rule(minutes=st.sampled_from([0, 10, 45, 300, 3_000, 30_000, 300_000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def time_goes_back(self) -> None:
        # A server's clock may be an hour off.
        self.now -= timedelta(hours=1)

    @rule(data=st.data(), count=st.integers(1, 8))
    def offered_moves(self, data: st.DataObject, count: int) -> None:
        for _ in range(count):
            self.offered_move(data)

    def offered_move(self, data: st.DataObject) -> None:
        assert self.case is not None
        offers: dict[str, list[Actor]] = {}
        for actor in EVERYBODY:
            for offer in offered(self.case, self.context(actor)):
                offers.setdefault(offer.move, []).append(actor)
        # Cases that end early tell little.
        if data.draw(st.integers(0, 9)) != 9:
            offers = {move: who for move, who in offers.items() if move not in ENDINGS}
        if not offers:
            return
        move = data.draw(st.sampled_from(sorted(offers)))
        actor = data.draw(st.sampled_from(offers[move]))
        self.play(actor, data.draw(commands(self.now)[move]), offered_to=True)

    @rule(actor=st.sampled_from(EVERYBODY), data=st.data())
    def wild_move(self, actor: Actor, data: st.DataObject) -> None:
        assert self.case is not None
        move = data.draw(st.sampled_from(sorted(c.MOVE_COMMANDS)))
        mine = [offer.move for offer in offered(self.case, self.context(actor))]
        self.play(actor, data.draw(commands(self.now)[move]), offered_to=move in mine)

    def play(self, actor: Actor, command: c.Command, offered_to: bool | None) -> None:
        assert self.case is not None
        if offered_to is None:
            mine = [offer.move for offer in offered(self.case, self.context(actor))]
            offered_to = command.move in mine
        context = self.context(actor, self.case.version)
        if isinstance(command, c.File) and command.kind_id:
            kind = KINDS[command.kind_id]
            context = Context(self.now, actor, CHINA, kind=kind, version=self.case.version)
        outcome = decide(self.case, command, context)
        if isinstance(outcome, Refusal):
            assert outcome.reason["zh"]
            assert outcome.reason["en"]
            return
        assert offered_to, f"{command} was not offered to {actor.name}, yet accepted"
        self.fold(outcome)
        # The same command on the version it saw is not applied twice.
        again = decide(self.case, command, context)
        assert isinstance(again, Refusal)
        assert again.code == "stale"

    @rule()
    def tick(self) -> None:
        assert self.case is not None
        self.fold(decide_ok(self.case, c.Tick(), self.context(SYSTEM)))
        due = self.case.next_tick_at
        assert due is None or due > self.now
        assert decide(self.case, c.Tick(), self.context(SYSTEM)) == []

    @invariant()
    def history_is_the_state(self) -> None:
        if self.case is None:
            return
        assert replay(self.history) == self.case
        assert [x.version for x in self.history] == list(range(1, len(self.history) + 1))
        assert all(a.at <= b.at for a, b in zip(self.history, self.history[1:], strict=False))

    @invariant()
    def json_is_the_state(self) -> None:
        if self.case is not None:
            last = self.history[-1]
            assert e.from_data(last.name, json.loads(json.dumps(last.to_data()))) == last
            assert state_from_data(self.case.to_data()) == self.case

    @invariant()
    def clocks_replay(self) -> None:
        if self.case is None:
            return
        for clock in (*self.case.past_clocks, *([self.case.clock] if self.case.clock else [])):
            assert_clock(clock)

    @invariant()
    def bounds_hold(self) -> None:
        if self.case is None:
            return
        assert self.case.extensions <= 2
        assert self.case.suspensions <= 1
        granted = sum(isinstance(x, e.ExtensionGranted) for x in self.history)
        assert granted == self.case.extensions
        assert self.overtime <= set(self.case.overtime)
        assert len(set(self.case.overtime)) == len(self.case.overtime)
        self.overtime = set(self.case.overtime)
        assert sum(isinstance(x, e.AppealMade) for x in self.history) <= 1

    @invariant()
    def ends_are_final(self) -> None:
        if self.case is None:
            return
        assert self.ended is None or self.case.state == self.ended
        if self.case.is_terminal:
            self.ended = self.case.state
            assert self.case.clock is None
            assert self.case.next_tick_at is None

    @invariant()
    def ticks_are_found_by_their_instant(self) -> None:
        if self.case is None:
            return
        due = self.case.next_tick_at
        if due is None:
            far = Context(self.now + timedelta(days=4000), SYSTEM, CHINA)
            assert decide(self.case, c.Tick(), far) == []
            return
        early = Context(due - timedelta(microseconds=1), SYSTEM, CHINA)
        assert decide(self.case, c.Tick(), early) == []
        assert decide_ok(self.case, c.Tick(), Context(due, SYSTEM, CHINA))


def assert_clock(clock: StageClock) -> None:
    """A clock's instants follow from its start, limit, pauses and extensions."""
    times = clock.extended + 1
    due = deadline(clock.started_at, clock.limit, CHINA, clock.pauses, 100, times)
    warn = deadline(clock.started_at, clock.limit, CHINA, clock.pauses, 80, times)
    assert (clock.due_at, clock.warn_at, clock.provisional) == (due.at, warn.at, due.provisional)
    assert clock.overdue_at in (None, clock.due_at)


def decide_ok(
    state: CaseState | None, command: c.Command, context: Context
) -> Sequence[e.CaseEvent]:
    """Events of a command that has to be accepted."""
    outcome = decide(state, command, context)
    assert not isinstance(outcome, Refusal), outcome
    return outcome


_ANOTHER = replay(
    decide_ok(None, arrival("another case"), Context(TUESDAY, PUBLIC, CHINA, kind=LITTER))
)
assert _ANOTHER is not None
ANOTHER = _ANOTHER
Loop.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=25,
    deadline=None,
    # Two cores shared with a database: slow is not wrong.
    suppress_health_check=[HealthCheck.too_slow],
)
TestLoop = Loop.TestCase
