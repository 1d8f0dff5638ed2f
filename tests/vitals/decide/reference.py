"""Counters recomputed straight from a list of events, in the plainest Python there is.

Nothing here uses the product's fold: the clock that runs is followed by hand. Slow and obvious.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chengyun.cases import events as e

Found = Counter[tuple[str, Any]]
STAGE_OF_STATE = {
    "reported": None, "pending_accept": "accept", "verifying": "verify", "pending_file": "file",
    "pending_dispatch": "dispatch", "returned": "dispatch", "pending_handle": "dispose",
    "handling": "dispose", "suspended": "dispose", "handled": "dispose",
    "pending_check": "check", "checking": "check", "pending_close": "close",
}  # fmt: skip
UNDONE = {
    "accept": "unaccepted", "verify": "unverified", "file": "unfiled",
    "dispatch": "undispatched", "dispose": "undisposed", "check": "unchecked",
    "close": "unclosed",
}  # fmt: skip
DONE = {
    "CaseAccepted": "accept", "VerifyReported": "verify", "CaseFiled": "file",
    "CaseDispatched": "dispatch", "CaseRedispatched": "dispatch",
    "FeedbackConfirmed": "dispose", "CheckReported": "check", "CaseClosed": "close",
}  # fmt: skip
SIMPLE = {
    "CaseRejected": "reject", "ReworkOrdered": "rework", "CaseRedispatched": "redispatch",
    "CaseVoided": "void", "CaseForceClosed": "force_close", "ExtensionGranted": "extend",
    "CaseSuspended": "suspend", "SupervisionOrdered": "supervise", "CaseReopened": "reopen",
    "CaseRated": "rated",
}  # fmt: skip


class Walk:
    """One case, read event by event."""

    def __init__(self, events: Sequence[e.CaseEvent]) -> None:
        self.events = events
        self.exempt = any(isinstance(x, e.AppealReviewed) and x.granted and x.final for x in events)
        self.voided = any(isinstance(x, e.CaseVoided) for x in events)

    def state_after(self, x: e.CaseEvent, state: str) -> str:
        """The state an event leads to."""
        name = type(x).__name__
        fixed = {
            "CaseReported": "reported",
            "CaseQueued": "pending_accept",
            "CaseAccepted": "pending_file", "CaseRejected": "rejected",
            "VerifyRequested": "verifying", "CaseFiled": "pending_dispatch",
            "CaseDispatched": "pending_handle", "CaseRedispatched": "pending_handle",
            "HandlerRevoked": "pending_handle", "HandlingStarted": "handling",
            "CaseHandled": "handled", "CheckRequested": "checking",
            "ReworkOrdered": "pending_handle", "CaseClosed": "closed",
            "CaseForceClosed": "force_closed", "CaseArchived": "archived",
            "CaseSuspended": "suspended", "CaseVoided": "voided", "CaseMerged": "merged",
        }  # fmt: skip
        if name in fixed:
            return fixed[name]
        if isinstance(x, e.VerifyReported):
            return "pending_file" if x.exists else "pending_accept"
        if isinstance(x, e.CaseReturned | e.CaseReopened):
            return x.to_state
        if isinstance(x, e.FeedbackConfirmed):
            return "pending_close" if x.skips_check else "pending_check"
        if isinstance(x, e.CheckReported):
            return "pending_close" if x.passed else "check_failed"
        if isinstance(x, e.CaseResumed):
            return self.resumes_to or "pending_handle"
        return state

    resumes_to: str | None = None

    def counted(self, start: datetime, end: datetime) -> Found:  # noqa: C901 - plain on purpose
        """Counters by (name, unit) in [start, end)."""
        found: Found = Counter()

        def add(name: str, at: datetime, unit: Any = None) -> None:
            if start <= at < end:
                found[name, unit] += 1

        state, clock, unit = "", None, None
        first: Any = None
        valid = False
        filings: list[tuple[datetime, Any]] = []
        closings: list[tuple[datetime, Any]] = []
        cycle: list[tuple[datetime, Any]] = []
        late_work = False
        for x in self.events:
            name, before, run = type(x).__name__, state, clock
            if isinstance(x, e.CaseReported) and x.split_from is None:
                first = x
                add("report", x.at)
                if x.source in ("collector", "video", "sensor"):
                    add("patrol_report", x.at)
                if x.source in ("public", "hotline", "open311"):
                    add("public_report", x.at)
            # What was done, in time or late.
            stages = [DONE[name]] if name in DONE else []
            if name == "CaseFiled" and before in ("", "reported", "pending_accept"):
                stages.insert(0, "accept")
            if name == "CaseForceClosed":
                add("close", x.at, unit)
            for stage in stages:
                whose = unit if stage in ("dispose", "check", "close") else None
                if isinstance(x, e.CaseDispatched | e.CaseRedispatched):
                    whose = x.unit
                late = run is not None and run.stage == stage and x.at > run.due_at
                add(stage, x.at, whose)
                if stage == "dispose" and late and self.exempt:
                    add("in_time_dispose", x.at, whose)
                    add("exempt_dispose", x.at, whose)
                else:
                    add(f"{'overtime' if late else 'in_time'}_{stage}", x.at, whose)
                late_work = late_work or (stage == "dispose" and late)
                if stage == "file":
                    filings.append((x.at, whose))
                if stage == "dispatch":
                    cycle.append((x.at, whose))
                if stage == "close":
                    closings.append((x.at, whose))
            if name in SIMPLE:
                add(SIMPLE[name], x.at, unit)
            if isinstance(x, e.CaseRated) and x.score >= 4:
                add("satisfied", x.at, unit)
            if isinstance(x, e.CaseReturned) and x.to_state == "returned":
                add("return", x.at, unit)
            if isinstance(x, e.CaseFiled | e.CaseVoided) and first is not None and not valid:
                valid = True
                add("valid_report", first.at)
                if first.source in ("collector", "video", "sensor"):
                    add("valid_patrol_report", first.at)
                if isinstance(x, e.CaseFiled) and first.source in ("public", "hotline", "open311"):
                    add("verified_public_report", x.at)
            if isinstance(x, e.CaseClosed) and len(cycle) == 1:
                add("accurate_dispatch", *cycle[0])
            if name in ("CaseClosed", "CaseFiled", "CaseReopened"):
                cycle = []
            # The clock: replaced, stopped, or going on.
            if isinstance(x, e.CaseSuspended):
                self.resumes_to = before
            state = self.state_after(x, state)
            given = getattr(x, "clock", None)
            if given is not None:
                clock = given
            elif run is not None and STAGE_OF_STATE.get(state) != run.stage:
                clock = None
            ended = run is not None and (
                clock is None or (clock.stage, clock.started_at) != (run.stage, run.started_at)
            )
            if ended and run is not None and x.at > run.due_at:
                whose = unit if run.stage in ("dispose", "check", "close") else None
                drop = run.stage == "dispose" and self.exempt
                undone = f"overtime_{UNDONE[run.stage]}"
                if not drop and run.due_at < end <= x.at:
                    found[undone, whose] += 1
                done = run.stage in stages or (run.stage == "close" and name == "CaseForceClosed")
                done = done or (run.stage == "accept" and name == "VerifyRequested")
                blameless = name in ("CaseVoided", "CaseMerged", "CaseResumed")
                if not done and not blameless:
                    late_work = late_work or run.stage == "dispose"
                    if not drop:
                        add(undone, x.at, whose)
            if isinstance(x, e.CaseDispatched | e.CaseRedispatched):
                unit = x.unit
            elif isinstance(x, e.CaseReopened) or (
                isinstance(x, e.CaseReturned) and x.to_state == "pending_accept"
            ):
                unit = None
        if clock is not None and clock.due_at < end:
            whose = unit if clock.stage in ("dispose", "check", "close") else None
            if not (clock.stage == "dispose" and self.exempt):
                found[f"overtime_{UNDONE[clock.stage]}", whose] += 1
        for at, whose in filings if not self.voided else []:
            add("accurate_file", at, whose)
        for at, whose in closings if not late_work or self.exempt else []:
            add("on_schedule_close", at, whose)
        return found
