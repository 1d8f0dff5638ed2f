"""Clocks: what time itself does to cases, in batches, by the system."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from chengyun.cases.decide.commands import Command, Recompute, Tick
from chengyun.cases.decide.context import Context, Refusal
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.state import CaseState
from chengyun.cases.models import Case
from chengyun.cases.reads.history import load_states
from chengyun.cases.reads.kinds import kinds
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.verbs.batch import tick_rows
from chengyun.cases.verbs.batched import States
from chengyun.cases.verbs.moves import Held, apply
from chengyun.kernel import audit
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind

log = logging.getLogger(__name__)

# How long a case that cannot be ticked waits for its next turn.
PUT_OFF = timedelta(minutes=10)
RECOMPUTED_AT_ONCE = 500


def tick_due(
    now: datetime, *, limit: int, simulated: bool | None = None, states: States | None = None
) -> int:
    """Tick the cases whose next tick has come; how many there were.

    Args:
        simulated: only simulated ones, only real ones, or (None) all: a history that is being
            played has its own time.
        states: states that a batch left, which saves reading histories; filled with those after.

    Cases that somebody holds right now are left for the next sweep. One that cannot be ticked is
    put off and told in the log: it must not keep the others from their deadlines.
    """
    with transaction.atomic():
        bind(SYSTEM.scope())
        due = Case.objects.filter(next_tick_at__lte=now)
        if simulated is not None:
            due = due.filter(simulated=simulated)
        rows = list(due.order_by("next_tick_at").select_for_update(skip_locked=True)[:limit])
        if not rows:
            return 0
        try:
            with transaction.atomic():
                _tick_together(rows, now, states)
        except Exception:
            # Somewhere among them is one that cannot be ticked: find it.
            log.exception("ticking %s cases together failed; they are ticked one by one", len(rows))
            _tick_singly(rows, now)
        audit.write(SYSTEM, "cases.tick", now=now, count=len(rows))
        return len(rows)


def recompute_clocks(now: datetime) -> int:
    """Compute the deadlines of open cases again that lay beyond the year a calendar knew.

    To be called when a calendar was renewed; how many cases there were to look at.
    """
    seen = 0
    ids = Case.objects.filter(open=True, due_at__gt=now).order_by("id").values_list("id", flat=True)
    for ident in ids.iterator(chunk_size=RECOMPUTED_AT_ONCE):
        with transaction.atomic():
            bind(SYSTEM.scope())
            row = Case.objects.select_for_update().get(pk=ident)
            state = load_states([ident])[ident]
            if state.clock is not None and state.clock.provisional:
                _act(row, Recompute(), now)
                seen += 1
    return seen


def _tick_together(rows: list[Case], now: datetime, states: States | None) -> None:
    ticked = tick_rows(rows, now, states)
    for row in rows:
        if row.id not in ticked:
            # Nothing to do after all: say when to look again, else the sweep would spin.
            _look_again(row, load_states([row.id])[row.id], now)


def _tick_singly(rows: list[Case], now: datetime) -> None:
    for row in rows:
        try:
            with transaction.atomic():
                _act(row, Tick(), now)
        except Exception:
            log.exception("case %s cannot be ticked; it is tried again later", row.id)
            Case.objects.filter(pk=row.id).update(next_tick_at=now + PUT_OFF)


def _act(row: Case, command: Command, now: datetime) -> None:
    state = load_states([row.id])[row.id]
    rules = rulebook().of(state.city)
    outcome = decide(
        state,
        command,
        Context(
            now=now,
            actor=SYSTEM,
            calendar=rules.calendar,
            limits=rules.limits,
            kind=kinds().cited(row.kind_version_id),
        ),
    )
    if isinstance(outcome, Refusal) or not outcome:
        _look_again(row, state, now)
        return
    apply(SYSTEM, {row.id: Held(row, state)}, outcome, now=now)


def _look_again(row: Case, state: CaseState, now: datetime) -> None:
    Case.objects.filter(pk=row.id).update(next_tick_at=_later(state.next_tick_at, now))


def _later(at: datetime | None, now: datetime) -> datetime | None:
    return at if at is not None and at > now else None
