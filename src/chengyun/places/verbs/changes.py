"""Change sets from draft to applied, and back. Applying and undoing are whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import orjson
from django.db.models import Max

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.copy import insert_rows
from chengyun.kernel.events import NewEvent, publish
from chengyun.kernel.ids import new_id
from chengyun.kernel.problems import Conflict, FieldError, Forbidden, Invalid, NotFound
from chengyun.kernel.text import Json, JsonObject
from chengyun.kernel.verbs import verb
from chengyun.places.decide.changing import (
    Changing,
    Head,
    Move,
    completed,
    next_state,
    ordered,
    shape_problem,
    stale,
)
from chengyun.places.events import NAMES, ChangesApplied, ChangesRolledBack
from chengyun.places.models import Change, ChangeSet
from chengyun.places.policy import administers, may_propose, may_review
from chengyun.places.ports import Applier, appliers
from chengyun.places.verbs.cities import locked_city

MOST_CHANGES = 50_000
_SHOWN = 20
_COLUMNS = {
    "set_id": "uuid",
    '"order"': "int",
    "action": "text",
    "target_id": "text",
    "before": "jsonb",
    "after": "jsonb",
    "problems": "jsonb",
}
_CHUNK = 2_000


@verb("places.open_set")
def open_set(
    actor: Actor,
    *,
    now: datetime,
    area_no: int,
    subject: str,
    title: str,
    subject_id: str = "",
    source: str = "",
    changes: Sequence[Mapping[str, Json]] = (),
) -> JsonObject:
    """Begin a change set for an area, with its first changes (see add_changes).

    Returns {"id", "state", "count"}. Raises Invalid (unknown subject), Forbidden, NotFound.
    """
    may_propose(actor, area_no)
    if subject not in appliers:
        said = f"is none of {', '.join(appliers)}"
        raise Invalid([FieldError("subject", said, "unknown_subject")])
    if not title.strip():
        raise Invalid([FieldError("title", "must not be empty", "required")])
    city_no = areas.city_of(area_no)
    row = ChangeSet.objects.create(
        city_no=city_no,
        area_no=area_no,
        subject=subject,
        subject_id=subject_id,
        title=title.strip(),
        source=source,
        base_version=_newest(city_no, subject, subject_id),
        made_by=actor.id,
        made_by_name=actor.name,
        made_at=now,
    )
    return receipt(row, _put(row, changes))


@verb("places.add_changes")
def add_changes(
    actor: Actor, *, now: datetime, set_id: UUID, changes: Sequence[Mapping[str, Json]]
) -> JsonObject:
    """Put changes {"action", "target_id", "after"} into a draft, or replace those of a target.

    `after` holds the fields that shall differ; an added target without an id gets one. What a
    target is like before is read from the register. Returns {"id", "state", "count"}.
    Raises Conflict (no draft any more), Forbidden (another's draft), NotFound, Invalid.
    """
    row = _locked(actor, set_id)
    may_propose(actor, row.area_no)
    if row.made_by != actor.id and not administers(actor, row.area_no):
        raise Forbidden("This draft is another author's.", code="not_your_draft")
    if row.state != "draft":
        raise _wrong(row)
    return receipt(row, _put(row, changes))


@verb("places.propose_set")
def propose_set(actor: Actor, *, now: datetime, set_id: UUID) -> JsonObject:
    """Check a draft and hand it to review. What is wrong stays with each change.

    Raises Conflict "has_problems" where an error stops it, and as add_changes.
    """
    row = _locked(actor, set_id)
    may_propose(actor, row.area_no)
    if row.made_by != actor.id and not administers(actor, row.area_no):
        raise Forbidden("This draft is another author's.", code="not_your_draft")
    changes = _changes(row)
    if not changes:
        raise Conflict("The set holds no change.", code="empty")
    _check(row, changes, now)
    row.proposed_at = now
    return _moved(row, "propose", len(changes))


@verb("places.approve_set")
def approve_set(actor: Actor, *, now: datetime, set_id: UUID) -> JsonObject:
    """Approve what somebody else proposed.

    Raises Forbidden (own set, or no such post), Conflict (not proposed), NotFound.
    """
    row = _locked(actor, set_id)
    may_review(actor, row.area_no)
    if actor.kind != "system" and row.made_by == actor.id:
        raise Forbidden("Somebody else than its author approves a set.", code="second_person")
    row.reviewed_by, row.reviewed_by_name, row.reviewed_at = actor.id, actor.name, now
    return _moved(row, "approve", row.changes.count())


@verb("places.reject_set")
def reject_set(actor: Actor, *, now: datetime, set_id: UUID, reason: str) -> JsonObject:
    """Refuse a set, or give up one's own. Raises Invalid, Forbidden, Conflict, NotFound."""
    row = _locked(actor, set_id)
    row.reason = _words(reason)
    if actor.kind == "system" or row.made_by != actor.id:
        may_review(actor, row.area_no)
        row.reviewed_by, row.reviewed_by_name, row.reviewed_at = actor.id, actor.name, now
    return _moved(row, "reject", row.changes.count())


@verb("places.apply_set")
def apply_set(actor: Actor, *, now: datetime, set_id: UUID) -> JsonObject:
    """Bring an approved set into the register.

    Raises Conflict "changed_since" (a target is no longer what the set was written against; names
    them in `targets`), "has_problems" or "wrong_state"; Forbidden, NotFound.
    """
    row = _locked(actor, set_id)
    may_review(actor, row.area_no, person=False)
    return _apply(actor, row, "apply", now)


@verb("places.roll_back_set")
def roll_back_set(actor: Actor, *, now: datetime, set_id: UUID, reason: str) -> JsonObject:
    """Bring every target of an applied set back to what it was.

    Raises Conflict "changed_since" where a target was changed afterwards; as apply_set.
    """
    row = _locked(actor, set_id)
    may_review(actor, row.area_no)
    row.reason = _words(reason)
    if next_state(row.state, "roll_back") is None:
        raise _wrong(row)
    changes = _changes(row)
    results = dict(row.changes.values_list("target_id", "result"))
    head, applier = _head(row), appliers[row.subject]
    _refuse_stale(row, results, applier)
    applier.undo(head, list(reversed(ordered(changes))), now)
    row.rolled_back_at = now
    row.version = _newest(row.city_no, row.subject, row.subject_id) + 1
    done = _moved(row, "roll_back", len(changes))
    _tell(actor, row, ChangesRolledBack, len(changes), now)
    return done


@verb("places.replay_set")
def replay_set(actor: Actor, *, now: datetime, set_id: UUID) -> JsonObject:
    """Apply a rolled back set again: its targets become what it made them the first time.

    Raises as apply_set.
    """
    row = _locked(actor, set_id)
    may_review(actor, row.area_no)
    return _apply(actor, row, "replay", now)


def as_json(value: Json) -> str:
    """A value as a JSON column takes it."""
    return orjson.dumps(value, default=str).decode()


def receipt(row: ChangeSet, count: int) -> JsonObject:
    """What a verb answers about a set."""
    return {"id": str(row.id), "state": row.state, "count": count, "version": row.version}


def _apply(actor: Actor, row: ChangeSet, move: Move, now: datetime) -> JsonObject:
    if next_state(row.state, move) is None:
        raise _wrong(row)
    changes = _changes(row)
    head, applier = _head(row), appliers[row.subject]
    _refuse_stale(row, {one.target_id: one.before for one in changes}, applier)
    _check(row, changes, now)
    applier.apply(head, ordered(changes), now)
    _keep_results(row, applier.current(head, [one.target_id for one in changes]))
    row.applied_at = now
    row.version = _newest(row.city_no, row.subject, row.subject_id) + 1
    done = _moved(row, move, len(changes))
    _tell(actor, row, ChangesApplied, len(changes), now)
    return done


def _locked(actor: Actor, set_id: UUID) -> ChangeSet:
    """The set, with the city's map held: changes to one city happen one after the other."""
    row = ChangeSet.objects.visible_to(actor).filter(pk=set_id).first()
    if row is None:
        raise NotFound("There is no such change set.")
    locked_city(row.city_no)
    return ChangeSet.objects.select_for_update().get(pk=set_id)


def _put(row: ChangeSet, given: Sequence[Mapping[str, Json]]) -> int:
    """Write changes into the set; returns how many it holds."""
    named = {str(one.get("target_id") or new_id()): one for one in given}
    if len(named) != len(given):
        raise Invalid([FieldError("changes", "name a target twice", "repeated_target")])
    row.changes.filter(target_id__in=list(named)).delete()
    held = row.changes.count()
    if held + len(named) > MOST_CHANGES:
        said = f"a set holds at most {MOST_CHANGES:,} changes"
        raise Invalid([FieldError("changes", said, "too_many")])
    current = appliers[row.subject].current(_head(row), list(named))
    first = (row.changes.aggregate(last=Max("order"))["last"] or 0) + 1
    rows = []
    for at, (target, one) in enumerate(named.items(), start=first):
        action, before = str(one["action"]), current.get(target)
        after = completed(action, before, one.get("after"))
        misfit = shape_problem(Changing(at, action, target, before, after))
        problems = [asdict(misfit)] if misfit else []
        states = [None if state is None else as_json(state) for state in (before, after)]
        rows.append((row.id, at, action, target, *states, as_json(problems)))
    for at in range(0, len(rows), _CHUNK):
        insert_rows("places_change", _COLUMNS, rows[at : at + _CHUNK])
    return held + len(rows)


def _changes(row: ChangeSet) -> list[Changing]:
    fields = ("order", "action", "target_id", "before", "after")
    return [Changing(*one) for one in row.changes.order_by("order").values_list(*fields)]


def _check(row: ChangeSet, changes: Sequence[Changing], now: datetime) -> None:
    """Keep with each change what is wrong with it; Conflict if that stops the set.

    A refusal rolls the transaction back, so its first problems go with it as well.
    """
    found = {
        order: list(problems)
        for order, problems in appliers[row.subject].check(_head(row), changes, now).items()
    }
    for one in changes:
        said = shape_problem(one)
        if said:
            found.setdefault(one.order, []).insert(0, said)
    rows = list(row.changes.only("id", "order", "problems"))
    differing = []
    for change in rows:
        problems = [asdict(problem) for problem in found.get(change.order, [])]
        if problems != change.problems:
            change.problems = problems
            differing.append(change)
    Change.objects.bulk_update(differing, ["problems"], batch_size=_CHUNK)
    stopping = [
        {"order": order, **asdict(problem)}
        for order, problems in sorted(found.items())
        for problem in problems
        if problem.severity == "error"
    ]
    if stopping:
        said_so = f"{len(stopping)} problems must be mended first."
        raise Conflict(said_so, code="has_problems", problems=stopping[:_SHOWN])


def _refuse_stale(
    row: ChangeSet, wanted: Mapping[str, JsonObject | None], applier: Applier
) -> None:
    differing = stale(wanted, applier.current(_head(row), list(wanted)))
    if differing:
        raise Conflict(
            f"{len(differing)} targets are no longer as this set knows them.",
            code="changed_since",
            targets=[{"target_id": t, "diff": d} for t, d in list(differing.items())[:_SHOWN]],
        )


def _keep_results(row: ChangeSet, states: Mapping[str, JsonObject]) -> None:
    changes = list(row.changes.only("id", "target_id", "result"))
    for change in changes:
        change.result = states.get(change.target_id)
    Change.objects.bulk_update(changes, ["result"], batch_size=_CHUNK)


def _head(row: ChangeSet) -> Head:
    named = (row.subject_id, row.title, row.source)
    return Head(str(row.id), row.city_no, row.area_no, *named)


def _newest(city_no: int, subject: str, subject_id: str) -> int:
    same = ChangeSet.objects.filter(city_no=city_no, subject=subject, subject_id=subject_id)
    return int(same.aggregate(last=Max("version"))["last"] or 0)


def _moved(row: ChangeSet, move: Move, count: int) -> JsonObject:
    then = next_state(row.state, move)
    if then is None:
        raise _wrong(row)
    row.state = then
    row.revision += 1
    row.save()
    return receipt(row, count)


def _wrong(row: ChangeSet) -> Conflict:
    return Conflict(f"The set is {row.state}.", code="wrong_state", state=row.state)


def _words(reason: str) -> str:
    words = reason.strip()
    if not words or "\0" in words:
        raise Invalid([FieldError("reason", "must be given", "required")])
    return words


def _tell(
    actor: Actor,
    row: ChangeSet,
    kind: type[ChangesApplied] | type[ChangesRolledBack],
    count: int,
    now: datetime,
) -> None:
    event = kind(row.id, row.subject, row.subject_id, row.version or 0, count)
    data: JsonObject = {"subject": event.subject, "subject_id": event.subject_id}
    data |= {"version": event.version, "count": event.count}
    news = NewEvent(
        name=NAMES[kind],
        subject_id=row.id,
        subject_version=row.revision,
        area_no=row.area_no,
        actor=actor,
        occurred_at=now,
        recorded_at=now,
        data=data,
    )
    publish([news])
