"""Change sets as lists and in full, with the difference each change makes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from chengyun.kernel import areas, paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Forbidden, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.changing import STATES, diff, moves_from
from chengyun.places.models import Change, ChangeSet
from chengyun.places.policy import administers, may_propose, may_review
from chengyun.places.reads.atlas import area, areas_named

_FIELDS = (
    *("id", "city_no", "area_no", "subject", "subject_id", "title", "source", "state"),
    *("base_version", "version", "reason", "made_by", "made_by_name", "made_at", "proposed_at"),
    *("reviewed_by", "reviewed_by_name", "reviewed_at", "applied_at", "rolled_back_at"),
)


def change_sets(
    actor: Actor,
    *,
    city: int | None = None,
    subject: str | None = None,
    subject_id: str | None = None,
    state: str | None = None,
    target: str | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> tuple[list[JsonObject], str | None]:
    """Sets in sight, newest first, and the next cursor; `target`: those that change it.

    Raises:
        Invalid: an unknown state, or a cursor of another list.
    """
    if state is not None and state not in STATES:
        raise Invalid([FieldError("state", f"is none of {', '.join(STATES)}", "unknown_state")])
    found = ChangeSet.objects.visible_to(actor)
    wanted = {"city_no": city, "subject": subject, "subject_id": subject_id, "state": state}
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    if target is not None:
        found = found.filter(id__in=Change.objects.filter(target_id=target).values("set_id"))
    if cursor:
        at, last = paging.decode(cursor, 2, (datetime.fromisoformat, UUID))
        found = found.filter(made_at__lte=at).exclude(made_at=at, id__gte=last)
    size = paging.clamp(limit)
    rows = list(found[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    following = paging.encode([rows[-1].made_at, str(rows[-1].id)]) if more else None
    return _shown(rows), following


def change_set(actor: Actor, set_id: UUID) -> JsonObject:
    """One set and the moves the actor may make. Raises NotFound."""
    row = _find(actor, set_id)
    return {**_shown([row])[0], "moves": _moves(actor, row)}


def changes_of(
    actor: Actor,
    set_id: UUID,
    *,
    problems: bool = False,
    cursor: str | None = None,
    limit: int | None = None,
) -> tuple[list[JsonObject], str | None]:
    """A page of a set's changes in order, and the next cursor. Raises NotFound, Invalid."""
    found = _find(actor, set_id).changes.order_by("order")
    if problems:
        found = found.exclude(problems=[])
    if cursor:
        (last,) = paging.decode(cursor, 1, (int,))
        found = found.filter(order__gt=last)
    size = paging.clamp(limit)
    rows = list(found[: size + 1])
    more = paging.encode([rows[size - 1].order]) if len(rows) > size else None
    fields = ("order", "action", "target_id", "before", "after", "problems")
    return [
        {**{name: getattr(row, name) for name in fields}, "diff": diff(row.before, row.after)}
        for row in rows[:size]
    ], more


def own_area(actor: Actor, number: int | None) -> int:
    """The area asked for, or the widest the actor works in.

    Raises:
        Invalid: no area is given and the actor has none. NotFound: there is no such area.
    """
    if number is not None:
        if not 0 < number < 1 << 58:
            raise NotFound("There is no such area.")
        return area(number).no
    held = [grant.area_no for grant in actor.grants]
    if not held:
        raise Invalid([FieldError("area", "must be given", "required")])
    return min(held, key=areas.depth)


def _find(actor: Actor, set_id: UUID) -> ChangeSet:
    row = ChangeSet.objects.visible_to(actor).filter(pk=set_id).first()
    if row is None:
        raise NotFound("There is no such change set.")
    return row


def _shown(rows: Iterable[ChangeSet]) -> list[JsonObject]:
    held = list(rows)
    counts: dict[UUID, dict[str, int]] = {}
    counted = Change.objects.filter(set__in=[row.id for row in held]).order_by()
    for set_id, action, many in counted.values_list("set_id", "action").annotate(n=Count("id")):
        counts.setdefault(set_id, {})[action] = many
    named = areas_named({row.area_no for row in held})
    shown: list[dict[str, Any]] = []
    for row in held:
        info = named.get(row.area_no)
        shown.append(
            {name: getattr(row, name) for name in _FIELDS}
            | {"counts": counts.get(row.id, {}), "area": info.name["zh"] if info else ""}
        )
    return shown


def _moves(actor: Actor, row: ChangeSet) -> list[str]:
    """What a screen offers; the verbs decide again."""
    own = actor.id is not None and row.made_by == actor.id
    proposes, reviews = _may(may_propose, actor, row), _may(may_review, actor, row)
    allowed = {
        "propose": proposes and (own or administers(actor, row.area_no)),
        "approve": reviews and not own,
        "reject": own or reviews,
        "apply": reviews,
        "roll_back": reviews,
        "replay": reviews,
    }
    return [move for move in moves_from(row.state) if allowed[move]]


def _may(asks: Any, actor: Actor, row: ChangeSet) -> bool:
    try:
        asks(actor, row.area_no)
    except (Forbidden, NotFound):
        return False
    return True
