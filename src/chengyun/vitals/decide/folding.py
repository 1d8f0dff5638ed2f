"""A case's events folded into its marks. Pure: deadlines stand in the events themselves."""

from collections.abc import Callable, Iterable
from typing import Any

from chengyun.cases import events as e
from chengyun.cases.decide.clocks import StageClock
from chengyun.cases.decide.fold import evolve
from chengyun.cases.decide.state import CaseState
from chengyun.vitals.decide.counters import SATISFIED_FROM, STAGES
from chengyun.vitals.decide.facts import CaseFacts, Mark
from chengyun.vitals.decide.tracing import Tracing

# Who looks for faults, and who had to report what patrols missed (domain.md §1.4, S14).
PATROL = frozenset({"collector", "video", "sensor"})
PUBLIC = frozenset({"public", "hotline", "open311"})
_DONE: dict[type[e.CaseEvent], str] = {
    e.CaseAccepted: "accept",
    e.VerifyReported: "verify",
    e.CaseFiled: "file",
    e.CaseDispatched: "dispatch",
    e.CaseRedispatched: "dispatch",
    e.FeedbackConfirmed: "dispose",
    e.CheckReported: "check",
    e.CaseClosed: "close",
    e.CaseForceClosed: "close",
}
# Ends of a run that nobody is to blame for.
_BLAMELESS = (e.CaseVoided, e.CaseMerged, e.CaseImported, e.CaseResumed)
_SIMPLE: dict[type[e.CaseEvent], str] = {
    e.CaseRejected: "reject",
    e.ReworkOrdered: "rework",
    e.CaseRedispatched: "redispatch",
    e.CaseVoided: "void",
    e.CaseForceClosed: "force_close",
    e.ExtensionGranted: "extend",
    e.CaseSuspended: "suspend",
    e.SupervisionOrdered: "supervise",
    e.CaseReopened: "reopen",
    e.CaseRated: "rated",
}
# From here on a unit has the case; before it nobody's marks name one.
_UNIT_STAGES = frozenset({"dispose", "check", "close"})


class _Folding:
    """The marks so far, and what has to be known at the end to settle them."""

    def __init__(self) -> None:
        self.state: CaseState | None = None
        self.marks: list[Mark] = []
        self.first: e.CaseReported | None = None
        self.valid = False
        self.filings: list[Mark] = []
        self.cycle: list[Mark] = []
        self.late_work = False
        self.closings: list[Mark] = []
        self.trace = Tracing()

    def take(self, event: e.CaseEvent) -> None:
        """Put one event onto the marks."""
        before, after = self.state, evolve(self.state, event)
        self.state = after
        self.trace.take(before, event, after)
        if isinstance(event, e.CaseReported):
            self._reported(event)
        self._done(before, event)
        if before is not None:
            self._left(before, event, after)
        counter = _SIMPLE.get(type(event))
        if counter is not None:
            self._mark(counter, before, event)
        special = _SPECIAL.get(type(event))
        if special is not None:
            special(self, before, event)

    def _reported(self, event: e.CaseReported) -> None:
        # Parts of a split case are work of their own, but nobody reported them.
        if event.split_from is not None:
            return
        self.first = event
        self._add("report", event)
        if event.source in PATROL:
            self._add("patrol_report", event)
        if event.source in PUBLIC:
            self._add("public_report", event)

    def _add(self, counter: str, event: e.CaseEvent, **more: Any) -> Mark:
        mark = Mark(counter, event.at, **more)
        self.marks.append(mark)
        return mark

    def _mark(self, counter: str, before: CaseState | None, event: e.CaseEvent) -> Mark:
        unit = before.lead_unit if before is not None else None
        return self._add(counter, event, unit=unit, manual=event.stamp.by is not None)

    def _done(self, before: CaseState | None, event: e.CaseEvent) -> None:
        stage = _DONE.get(type(event))
        if stage is None:
            return
        if isinstance(event, e.CaseFiled) and (
            before is None or before.state in ("reported", "pending_accept")
        ):
            # Filed straight away, a report is accepted with it.
            self._stage_done("accept", before, event)
        self._stage_done(stage, before, event)

    def _stage_done(self, stage: str, before: CaseState | None, event: e.CaseEvent) -> None:
        unit = before.lead_unit if before is not None and stage in _UNIT_STAGES else None
        if isinstance(event, e.CaseDispatched | e.CaseRedispatched):
            unit = event.unit
        run = before.clock if before is not None else None
        late = run is not None and run.stage == stage and event.at > run.due_at
        manual = event.stamp.by is not None
        mark = Mark(stage, event.at, unit, manual)
        self.marks.append(mark)
        if isinstance(event, e.CaseForceClosed):
            return
        word = "overtime" if late else "in_time"
        self.marks.append(Mark(f"{word}_{stage}", event.at, unit, manual))
        if stage == "file":
            self.filings.append(mark)
        elif stage == "dispatch":
            self.cycle.append(mark)
        elif stage == "dispose" and late:
            self.late_work = True
        elif stage == "close":
            self.closings.append(mark)

    def _left(self, before: CaseState, event: e.CaseEvent, after: CaseState) -> None:
        """A run of a stage that this event ends: was it overdue, and was it done?"""
        run = before.clock
        if run is None or _same(run, after.clock) or event.at <= run.due_at:
            return
        unit = before.lead_unit if run.stage in _UNIT_STAGES else None
        undone = STAGES[run.stage][0]
        self.marks.append(Mark(undone, run.due_at, unit, lasting=True, until=event.at))
        done = _DONE.get(type(event)) == run.stage or (
            run.stage == "accept" and isinstance(event, e.CaseFiled | e.VerifyRequested)
        )
        if not done and not isinstance(event, _BLAMELESS):
            self.marks.append(Mark(undone, event.at, unit))
            self.late_work = self.late_work or run.stage == "dispose"

    def filed(self, _before: CaseState | None, event: e.CaseFiled) -> None:
        self.cycle = []
        self._valid(event)

    def _valid(self, event: e.CaseEvent) -> None:
        first = self.first
        if self.valid or first is None:
            return
        self.valid = True
        self._add("valid_report", first)
        if first.source in PATROL:
            self._add("valid_patrol_report", first)
        if first.source in PUBLIC and isinstance(event, e.CaseFiled):
            self._add("verified_public_report", event)

    def voided(self, _before: CaseState | None, event: e.CaseVoided) -> None:
        self._valid(event)

    def returned(self, before: CaseState | None, event: e.CaseReturned) -> None:
        if event.to_state == "returned":
            self._mark("return", before, event)

    def closed(self, _before: CaseState | None, _event: e.CaseClosed) -> None:
        if len(self.cycle) == 1:
            only = self.cycle[0]
            self.marks.append(Mark("accurate_dispatch", only.at, only.unit, only.manual))
        self.cycle = []

    def reopened(self, _before: CaseState | None, _event: e.CaseReopened) -> None:
        self.cycle = []

    def rated(self, before: CaseState | None, event: e.CaseRated) -> None:
        if event.score >= SATISFIED_FROM:
            self._mark("satisfied", before, event)

    def settled(self) -> list[Mark]:
        """The marks, once nothing more is known of the case."""
        state = self.state
        if state is None or state.imported:
            return []
        marks = list(self.marks)
        run = state.clock
        if run is not None:
            unit = state.lead_unit if run.stage in _UNIT_STAGES else None
            marks.append(Mark(STAGES[run.stage][0], run.due_at, unit, lasting=True))
        if state.state != "voided":
            marks += [Mark("accurate_file", m.at, m.unit, m.manual) for m in self.filings]
        if not self.late_work or state.exempt:
            marks += [Mark("on_schedule_close", m.at, m.unit, m.manual) for m in self.closings]
        return _exempted(marks) if state.exempt else marks


def _same(run: StageClock, other: StageClock | None) -> bool:
    return other is not None and (run.stage, run.started_at) == (other.stage, other.started_at)


def _exempted(marks: list[Mark]) -> list[Mark]:
    """Overtime of the work drops out and counts as in time; that it was late stays on record."""
    out = []
    for mark in marks:
        if mark.counter == "overtime_dispose":
            out.append(Mark("in_time_dispose", mark.at, mark.unit, mark.manual))
            out.append(Mark("exempt_dispose", mark.at, mark.unit, mark.manual))
        elif mark.counter != "overtime_undisposed":
            out.append(mark)
    return out


_SPECIAL: dict[type[e.CaseEvent], Callable[[_Folding, CaseState | None, Any], None]] = {
    e.CaseFiled: _Folding.filed,
    e.CaseVoided: _Folding.voided,
    e.CaseReturned: _Folding.returned,
    e.CaseClosed: _Folding.closed,
    e.CaseReopened: _Folding.reopened,
    e.CaseRated: _Folding.rated,
}


def facts_of(events: Iterable[e.CaseEvent]) -> CaseFacts | None:
    """What a history adds to the evaluation; None for no events.

    Imported cases set no mark: their clocks never ran here.
    """
    folding = _Folding()
    for event in events:
        folding.take(event)
    state = folding.state
    if state is None:
        return None
    return CaseFacts(
        case_id=state.id,
        city_no=state.city,
        area_no=state.area_no or state.city,
        simulated=state.simulated,
        marks=tuple(folding.settled()),
        trace=folding.trace.traced(state),
    )
