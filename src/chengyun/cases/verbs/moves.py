"""Moves: one command on one case, decided on its events under the lock of its row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from chengyun.cases.decide import codec
from chengyun.cases.decide.commands import (
    MOVE_COMMANDS,
    Assign,
    Command,
    File,
    Merge,
    Part,
    Split,
    command_from,
)
from chengyun.cases.decide.context import Context, Lying, Refusal
from chengyun.cases.decide.decider import decide
from chengyun.cases.decide.kinds import CaseKind
from chengyun.cases.decide.routing import RouteDecision, RouteQuery
from chengyun.cases.decide.state import CaseState
from chengyun.cases.events import CaseEvent, CaseRelocated, CaseReturned
from chengyun.cases.models import Case
from chengyun.cases.ports import router
from chengyun.cases.reads.history import histories, load_states
from chengyun.cases.reads.kinds import kinds
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.verbs.branches import insert_parts, move_reports
from chengyun.cases.verbs.checking import unstorable_path
from chengyun.cases.verbs.naming import check_named
from chengyun.cases.verbs.photos import take_photos
from chengyun.cases.verbs.relocating import both_places, offer_of, put
from chengyun.cases.verbs.writing import (
    add_photos,
    fold_on,
    news,
    publish_once,
    update_case,
)
from chengyun.kernel.actor import Actor
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    unstorable,
)
from chengyun.kernel.scope import bind_subject
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.people.models import Appointment

# Refusals that say "not now" rather than "wrong input" or "not you".
_CONFLICTS = {
    "stale",
    "wrong_state",
    "too_late",
    "too_early",
    "limit_reached",
    "pending",
    "nothing_pending",
    "exists",
    "out_of_order",
}
_FORBIDDEN = {"not_yours", "separation"}


@dataclass(slots=True)
class Held:
    """A case under lock: its row and the state its events add up to."""

    row: Case
    state: CaseState


def problem_of(refusal: Refusal) -> Problem:
    """A refusal as problem details, in both languages."""
    said = refusal.reason["en"]
    if refusal.code in _FORBIDDEN:
        return Forbidden(said, code=refusal.code, reason=refusal.reason)
    if refusal.code in _CONFLICTS:
        return Conflict(said, code=refusal.code, reason=refusal.reason)
    name = f"params.{refusal.field}" if refusal.field else "params"
    return Invalid([FieldError(name, said, refusal.code)], reason=refusal.reason)


def read_command(move: str, params: JsonObject) -> Command:
    """The command of a move.

    Raises:
        Invalid: no such move, or a param is missing, unknown or of the wrong type.
    """
    if move not in MOVE_COMMANDS:
        raise Invalid([FieldError("move", f"{move!r} is no move", "unknown_move")])
    unfit = unstorable_path(params, "params")
    if unfit is not None:
        raise unstorable(unfit)
    if move == "split":
        params = _with_parts(params)
    try:
        return command_from(move, params)
    except codec.Malformed as error:
        raise Invalid([FieldError(f"params.{error.field}", error.reason, "malformed")]) from error


def _with_parts(params: JsonObject) -> JsonObject:
    """A split names kinds; ids and numbers of the new cases are ours to draw."""
    parts = params.get("parts")
    if not isinstance(parts, list) or not 1 <= len(parts) <= 20:
        raise Invalid([FieldError("params.parts", "lists 1 to 20 parts", "malformed")])
    drawn = []
    for part in parts:
        if not isinstance(part, dict) or set(part) - {"kind_id"}:
            raise Invalid([FieldError("params.parts", "each part may name a kind_id", "malformed")])
        drawn.append({**part, "id": str(new_id()), "no": "-"})
    return {**params, "parts": drawn}


def hold(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Held]:
    """Lock cases in id order (so that two movers never wait for each other in a ring).

    Raises:
        NotFound: one of them is out of sight.
    """
    rows = {
        row.id: row
        for row in Case.objects.visible_to(actor)
        .filter(pk__in=ids)
        .order_by("id")
        .select_for_update()
    }
    if len(rows) != len(set(ids)):
        raise NotFound("There is no such case.")
    states = load_states(ids)
    return {ident: Held(row, states[ident]) for ident, row in rows.items()}


@verb("cases.move")
def move(
    actor: Actor,
    *,
    now: datetime,
    case_id: UUID,
    move: str,
    version: int | None = None,
    params: JsonObject | None = None,
) -> JsonObject:
    """Make one move on a case.

    Args:
        move: a move id, such as "accept".
        version: the version the actor saw; a newer one is a conflict.
        params: the move's own parameters.

    Returns:
        {"id", "no", "state", "version"}

    Raises:
        NotFound: out of scope.
        Conflict: the case moved on, or the state does not allow it.
        Forbidden: another's move, or barred by separation of posts.
        Invalid: a parameter is wrong.
    """
    command = read_command(move, params or {})
    return carry_out(actor, case_id, command, now=now, version=version)


def hold_unscoped(case_id: UUID) -> Held:
    """Lock the case that a tracking code or a system step names."""
    row = Case.objects.select_for_update().get(pk=case_id)
    return Held(row, load_states([case_id])[case_id])


def decide_and_write(
    actor: Actor, case: Held, command: Command, *, now: datetime, version: int | None = None
) -> CaseState:
    """Decide a command on one held case and write what follows.

    Raises:
        Problem: the command is refused; its code and words are the decider's.
    """
    held = {case.state.id: case}
    outcome = decide(case.state, command, context_for(actor, case, command, held, now, version))
    if isinstance(outcome, Refusal):
        raise problem_of(outcome)
    return apply(actor, held, outcome, now=now)[case.state.id]


def carry_out(
    actor: Actor, case_id: UUID, command: Command, *, now: datetime, version: int | None = None
) -> JsonObject:
    """Decide a command under lock and write what follows; inside the caller's transaction."""
    wanted = [case_id, command.into] if isinstance(command, Merge) else [case_id]
    held = hold(actor, wanted)
    case = held[case_id]
    bind_subject(case_id)
    command = numbered(command, case.state, now)
    context = context_for(actor, case, command, held, now, version)
    outcome = decide(case.state, command, context)
    if isinstance(outcome, Refusal):
        raise problem_of(outcome)
    check_named(command, case.state, now)
    after = apply(actor, held, outcome, now=now, part_of=case)
    moved = any(isinstance(event, CaseRelocated) and event.decision for event in outcome)
    return receipt(after[case_id]) | (offer_of(after[case_id]) if moved else {})


def receipt(state: CaseState) -> JsonObject:
    """What a mover gets back."""
    return {
        "id": str(state.id),
        "no": state.no,
        "state": state.state,
        "version": state.version,
    }


def numbered(command: Command, state: CaseState, now: datetime) -> Command:
    """A split with the numbers of its parts; any other command as it is."""
    if not isinstance(command, Split):
        return command
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('cases_number_seq') FROM generate_series(1, %s)", [len(command.parts)]
        )
        numbers = [row[0] for row in cursor.fetchall()]
    zone = rulebook().of(state.city).calendar.zone
    day = f"{now.astimezone(zone):%Y%m%d}"
    parts = tuple(
        Part(part.id, f"{day}{number:06d}", part.kind_id)
        for part, number in zip(command.parts, numbers, strict=True)
    )
    return replace(command, parts=parts)


def context_for(
    actor: Actor,
    case: Held,
    command: Command,
    held: dict[UUID, Held],
    now: datetime,
    version: int | None,
) -> Context:
    """All that deciding is told besides the state."""
    rules = rulebook().of(case.state.city)
    kind = kind_for(case, command)
    other = held[command.into].state if isinstance(command, Merge) else None
    handlers = None
    if isinstance(command, Assign) and case.state.lead_unit is not None:
        handlers = frozenset(
            Appointment.objects.held_at(now)
            .filter(post="handler", organisation__path__contains=[case.state.lead_unit])
            .values_list("user_id", flat=True)
        )
    route = None
    here, there = both_places(command, case.row, case.state)
    if command.move in ("file", "accept"):
        route = route_for(case, kind, now, refused_by(case.state.id))
    elif isinstance(there, Lying):
        excluded = refused_by(case.state.id)
        route = route_for(case, kind, now, excluded, there.place.area_no)
    return Context(
        now=now,
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


def kind_for(case: Held, command: Command) -> CaseKind | None:
    """The kind a decision goes by: the one a filing names, else the version the case cites."""
    if isinstance(command, File):
        entry = kinds().get(command.kind_id)
        if entry is None or entry.city_no not in (None, case.state.city):
            return None
        return entry.kind
    return kinds().cited(case.row.kind_version_id)


def route_for(
    case: Held,
    kind: CaseKind | None,
    now: datetime,
    exclude: tuple[UUID, ...],
    area_no: int | None = None,
) -> RouteDecision | None:
    """Dispatch's answer for a case where it lies, or in another area; `exclude` are the units
    that gave it back."""
    if kind is None:
        return None
    query = RouteQuery(
        kind_id=kind.id,
        area_no=area_no or case.state.area_no,
        at=now,
        attributes=case.row.attributes,
        source=case.state.source,
        exclude=exclude,
    )
    return router().route([query], city=case.state.city)[0]


def refused_by(case_id: UUID) -> tuple[UUID, ...]:
    """The units that gave a case back to dispatch: it is not theirs, whatever the list says."""
    return given_back(event for event, _ in histories([case_id])[case_id])


def given_back(events: Iterable[CaseEvent]) -> tuple[UUID, ...]:
    """The units that gave a case back to dispatch in these events."""
    refused = (
        event.stamp.org
        for event in events
        if isinstance(event, CaseReturned) and event.to_state == "returned"
    )
    return tuple(dict.fromkeys(org for org in refused if org is not None))


def apply(
    actor: Actor,
    held: dict[UUID, Held],
    outcome: Sequence[CaseEvent],
    *,
    now: datetime,
    part_of: Held | None = None,
    typist: Actor | None = None,
) -> dict[UUID, CaseState]:
    """Write the events of one decision: they may concern several cases, and begin new ones.

    `typist` is who enters for the actor and brings the photos.
    """
    by_case: dict[UUID, list[CaseEvent]] = {}
    for event in outcome:
        by_case.setdefault(event.case_id, []).append(event)
    after: dict[UUID, CaseState] = {}
    published = []
    for case_id, events in by_case.items():
        before = held[case_id].state if case_id in held else None
        state = fold_on(before, events)
        after[case_id] = state
        published += news(actor, before, state, events, now)
        if before is None:
            continue
        fresh = [p.id for p in state.photos if p not in before.photos]
        if actor.kind != "system":
            take_photos(typist or actor, fresh)
        refiled = before.condition_id != state.condition_id or before.kind_id != state.kind_id
        entry = kinds().get(state.kind_id) if refiled else None
        condition = entry.kind.condition(state.condition_id) if entry else None
        bind_subject(case_id)
        put(held[case_id].row, events)
        update_case(
            before,
            state,
            kind_version_id=entry.version_id if entry else None,
            level=condition.level if condition else None,
            is_public=entry.kind.public if entry else None,
        )
        add_photos(case_id, before, state, actor)
    if part_of is not None:
        insert_parts(part_of.row, [after[i] for i in by_case if i not in held])
    publish_once(published)
    for case_id, state in after.items():
        if state.merged_into is not None and held[case_id].state.merged_into is None:
            move_reports(case_id, held[state.merged_into].row, now)
    return after
