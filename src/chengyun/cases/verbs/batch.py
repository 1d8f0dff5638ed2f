"""Many moves in one transaction: one lock, one look at the histories, one INSERT of the events.

Each move is decided on its own, in order, on what the ones before left; a refused one leaves no
trace and spoils none of the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.cases.decide.commands import Assign, Command, Merge, Tick
from chengyun.cases.decide.context import Context, Lying, Refusal
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.routing import RouteDecision
from chengyun.cases.decide.state import CaseState
from chengyun.cases.events import CaseEvent
from chengyun.cases.models import Case, Report
from chengyun.cases.reads.history import load_states
from chengyun.cases.reads.kinds import kinds
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.verbs.batched import BatchMove, States
from chengyun.cases.verbs.branches import insert_parts, move_reports
from chengyun.cases.verbs.moves import (
    Held,
    given_back,
    kind_for,
    numbered,
    problem_of,
    read_command,
    receipt,
    refused_by,
    route_for,
)
from chengyun.cases.verbs.naming import Named, check_named, look_up
from chengyun.cases.verbs.photos import Uploads, look_at
from chengyun.cases.verbs.relocating import both_places, put
from chengyun.cases.verbs.writing import (
    Refiled,
    fold_on,
    insert_photos,
    news,
    photo_rows,
    publish_once,
    update_cases,
)
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.events import NewEvent
from chengyun.kernel.problems import FieldError, Invalid, NotFound, Problem
from chengyun.kernel.scope import bind
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb

BULK_MAX = 200


@verb("cases.move_batch")
def move_batch(
    actor: Actor, *, now: datetime, items: tuple[BatchMove, ...], states: States | None = None
) -> JsonObject:
    """Make many moves, each as its own actor, for a machine that plays or re-enters many hands.

    Args:
        actor: who runs the batch; the audit log names them, the events name each mover.
        states: states that an earlier batch left, which saves reading their histories; filled
            with the states after this one.

    Returns:
        {"results": [{"ok": True, "id", "no", "state", "version", "parts"?} or
        {"ok": False, "id", "problem"}], "count": done}
    """
    return _answer(items, _Batch(items, now, states if states is not None else {}).run())


@verb("cases.move_many")
def move_many(
    actor: Actor,
    *,
    now: datetime,
    move: str,
    params: JsonObject,
    items: tuple[tuple[UUID, int | None], ...],
) -> JsonObject:
    """The same move on many cases; each succeeds or says why, on its own.

    Returns:
        {"results": [{"id", "ok", "state", "version"} or {"id", "ok", "problem"}], "count": done}
    """
    if len(items) > BULK_MAX:
        raise Invalid([FieldError("items", f"at most {BULK_MAX} at once", "too_many")])
    read_command(move, params)
    moves = tuple(BatchMove(actor, move, params, case_id, seen) for case_id, seen in items)
    done = _answer(moves, _Batch(moves, now, {}).run())
    bind(actor.scope())
    return done


def tick_rows(rows: Sequence[Case], now: datetime, states: States | None = None) -> set[UUID]:
    """Let time pass for locked cases; the ids of those to which something happened.

    Args:
        states: as in `move_batch`.
    """
    batch = _Batch((), now, states if states is not None else {})
    batch.hold_rows(rows)
    for case in batch.held.values():
        batch.step(SYSTEM, case, Tick(), now, None)
    batch.write()
    return {case.row.id for case in batch.held.values() if case.fresh}


def _answer(items: Sequence[BatchMove], done: Sequence[JsonObject | Problem]) -> JsonObject:
    results = [
        {"id": str(item.case_id), "ok": False, "problem": one.as_dict()}
        if isinstance(one, Problem)
        else {"ok": True, **one}
        for item, one in zip(items, done, strict=True)
    ]
    return {"results": results, "count": sum(1 for one in results if one["ok"])}


@dataclass(slots=True)
class _Working(Held):
    """A case under lock while a batch works on it: as it was, and what was added."""

    before: CaseState
    refiled: Refiled = field(default_factory=Refiled)
    fresh: list[CaseEvent] = field(default_factory=list)


class _Batch:
    """Locks, decides and writes one batch."""

    def __init__(self, items: Sequence[BatchMove], now: datetime, states: States) -> None:
        self.items, self.now, self.states = items, now, states
        self.held: dict[UUID, _Working] = {}
        self.named = Named()
        self.uploads = Uploads()
        self._news: list[NewEvent] = []
        self._photos: list[tuple[Any, ...]] = []
        self._parts: list[tuple[Case, list[CaseState]]] = []
        self._merged: list[tuple[UUID, UUID, datetime]] = []

    def run(self) -> list[JsonObject | Problem]:
        """What became of each item, in order."""
        # Whether a mover sees a case is looked at one by one, below.
        bind(SYSTEM.scope())
        commands = [self._read(item) for item in self.items]
        targets = self._targets()
        good = [one for one in commands if not isinstance(one, Problem)]
        ids = {one for one in targets if one} | {c.into for c in good if isinstance(c, Merge)}
        self.hold_rows(Case.objects.filter(pk__in=ids).order_by("id").select_for_update())
        self.named = look_up(good)
        self.uploads = look_at(good)
        done = [
            command if isinstance(command, Problem) else self._try(item, target, command)
            for item, target, command in zip(self.items, targets, commands, strict=True)
        ]
        self.write()
        return done

    def hold_rows(self, rows: Iterable[Case]) -> None:
        """Take cases that are locked, with their states."""
        found = list(rows)
        known = {
            row.id: self.states[row.id]
            for row in found
            if row.id in self.states and self.states[row.id].version == row.version
        }
        known |= load_states([row.id for row in found if row.id not in known])
        for row in found:
            self.held[row.id] = _Working(row, known[row.id], known[row.id])

    def _read(self, item: BatchMove) -> Command | Problem:
        try:
            return read_command(item.move, item.params)
        except Problem as problem:
            return problem

    def _targets(self) -> list[UUID | None]:
        codes = {item.code for item in self.items if item.code}
        by_code: dict[str, UUID] = {}
        if codes:
            found = Report.objects.filter(track_code__in=codes)
            by_code = dict(found.values_list("track_code", "case_id"))
        return [by_code.get(i.code) if i.code else i.case_id for i in self.items]

    def _try(self, item: BatchMove, target: UUID | None, command: Command) -> JsonObject | Problem:
        try:
            case = self._case(item, target)
            if isinstance(command, Merge):
                self._case(item, command.into)
            at = item.at or self.now
            command = numbered(command, case.state, at)
            parts = self.step(item.actor, case, command, at, item.version)
        except Problem as problem:
            return problem
        said = receipt(case.state)
        return {**said, "parts": parts} if parts else said

    def _case(self, item: BatchMove, target: UUID | None) -> _Working:
        case = self.held.get(target) if target else None
        if case is None:
            raise NotFound("There is no such case.")
        state = case.state
        seen = item.actor.scope().sees(state.area_no or state.city, state.units)
        if not seen and item.code is None:
            raise NotFound("There is no such case.")
        return case

    def step(
        self, actor: Actor, case: _Working, command: Command, at: datetime, version: int | None
    ) -> list[str]:
        """Decide one command and take in what follows; the ids of cases that it began.

        Raises:
            Problem: it is refused, and nothing was taken in.
        """
        outcome = decide(case.state, command, self._context(actor, case, command, at, version))
        if isinstance(outcome, Refusal):
            if command.move == Tick.move:
                return []
            raise problem_of(outcome)
        check_named(command, case.state, at, self.named)
        by_case: dict[UUID, list[CaseEvent]] = {}
        for event in outcome:
            by_case.setdefault(event.case_id, []).append(event)
        after = {
            ident: fold_on(self.held[ident].state if ident in self.held else None, events)
            for ident, events in by_case.items()
        }
        if actor.kind != "system":
            for ident, state in after.items():
                if ident in self.held:
                    old = self.held[ident].state.photos
                    self.uploads.take(actor, [p.id for p in state.photos if p not in old])
        for ident, events in by_case.items():
            self._take_in(actor, ident, events, after[ident], at)
        begun = [state for ident, state in after.items() if ident not in self.held]
        if begun:
            self._parts.append((case.row, begun))
        return [str(state.id) for state in begun]

    def _context(
        self, actor: Actor, case: _Working, command: Command, at: datetime, version: int | None
    ) -> Context:
        rules = rulebook().of(case.state.city)
        kind = kind_for(case, command)
        route: RouteDecision | None = None
        here, there = both_places(command, case.row, case.state)
        area_no = there.place.area_no if isinstance(there, Lying) else None
        if area_no or command.move in ("file", "accept"):
            refused: tuple[UUID, ...] = ()
            if case.state.returns:
                earlier = refused_by(case.state.id)
                refused = tuple(dict.fromkeys((*earlier, *given_back(case.fresh))))
            route = route_for(case, kind, at, refused, area_no)
        handlers = None
        if isinstance(command, Assign) and case.state.lead_unit is not None:
            handlers = self.named.handlers_of(case.state.lead_unit, at)
        other = self.held[command.into].state if isinstance(command, Merge) else None
        return Context(
            now=at,
            actor=actor,
            calendar=rules.calendar,
            limits=rules.limits,
            kind=kind,
            version=version,
            route=route,
            other=other,
            handlers=handlers,
            here=here,
            there=there,
        )

    def _take_in(
        self, actor: Actor, ident: UUID, events: list[CaseEvent], state: CaseState, at: datetime
    ) -> None:
        case = self.held.get(ident)
        before = case.state if case else None
        self._news += news(actor, before, state, events, at)
        if case is None or before is None:
            return
        self._photos += photo_rows(ident, before, state, actor)
        put(case.row, events)
        if before.condition_id != state.condition_id or before.kind_id != state.kind_id:
            entry = kinds().get(state.kind_id)
            condition = entry.kind.condition(state.condition_id) if entry else None
            if entry is not None:
                case.row.kind_version_id = entry.version_id
                case.refiled = Refiled(
                    entry.version_id, condition.level if condition else None, entry.kind.public
                )
        if state.merged_into is not None and before.merged_into is None:
            self._merged.append((ident, state.merged_into, at))
        case.state = state
        case.fresh += events

    def write(self) -> None:
        """Write what the batch took in."""
        changed = [case for case in self.held.values() if case.fresh]
        update_cases([(case.before, case.state, case.refiled) for case in changed])
        insert_photos(self._photos)
        for parent, states in self._parts:
            insert_parts(parent, states)
        if self._news:
            publish_once(self._news)
        for merged, into, at in self._merged:
            move_reports(merged, self.held[into].row, at)
        for case in self.held.values():
            self.states[case.row.id] = case.state
        for _, begun in self._parts:
            self.states.update((state.id, state) for state in begun)
