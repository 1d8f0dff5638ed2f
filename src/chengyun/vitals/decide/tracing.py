"""What the checks against gaming need of a case's history."""

from datetime import datetime

from chengyun.cases import events as e
from chengyun.cases.decide.state import CaseState
from chengyun.vitals.decide.facts import LateAsk, Trace

_ASKS: dict[type[e.CaseEvent], str] = {
    e.ExtensionRequested: "extension",
    e.SuspensionRequested: "suspension",
    e.CaseReturned: "return",
}


class Tracing:
    """The trace so far."""

    def __init__(self) -> None:
        self.dispatched_at: datetime | None = None
        self.fed_back_at: datetime | None = None
        self.quickest: int | None = None
        self.words = ""
        self.asks: list[LateAsk] = []
        self.forced = False

    def take(self, before: CaseState | None, event: e.CaseEvent, after: CaseState) -> None:
        """Put one event onto it."""
        if isinstance(event, e.CaseDispatched | e.CaseRedispatched | e.ReworkOrdered):
            self.dispatched_at = event.at
        elif isinstance(event, e.FeedbackConfirmed):
            self.fed_back_at = event.at
            if self.dispatched_at is not None:
                took = int((event.at - self.dispatched_at).total_seconds())
                self.quickest = took if self.quickest is None else min(took, self.quickest)
        if isinstance(event, e.CaseHandled | e.FeedbackConfirmed | e.CaseClosed):
            self.words = event.note.strip() or self.words
        elif isinstance(event, e.CaseForceClosed):
            self.words = event.reason.strip() or self.words
            self.forced = True
        elif isinstance(event, e.CaseReopened):
            self.forced = False
        self._asked(before, event)

    def _asked(self, before: CaseState | None, event: e.CaseEvent) -> None:
        what = _ASKS.get(type(event))
        run = before.clock if before is not None else None
        if what is None or before is None or run is None or run.stage != "dispose":
            return
        whole = (run.due_at - run.started_at).total_seconds()
        if whole > 0:
            left = (run.due_at - event.at).total_seconds() / whole
            self.asks.append(LateAsk(what, event.at, round(left, 4), before.lead_unit))

    def traced(self, state: CaseState) -> Trace:
        """The trace, once nothing more is known of the case."""
        return Trace(
            kind_id=state.kind_id,
            unit=state.lead_unit,
            closed_at=state.closed_at,
            forced=self.forced,
            fed_back_at=self.fed_back_at,
            quickest_s=self.quickest,
            after_photos=state.photos_of("after"),
            words=self.words[:500],
            extensions=state.extensions,
            late_asks=tuple(self.asks),
            photos=tuple(photo.id for photo in state.photos if photo.role != "scene"),
            split=state.split_from is not None or bool(state.children),
        )
