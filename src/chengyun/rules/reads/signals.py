"""Signals as people ask for them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from chengyun.kernel import areas, paging
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.people.reads import user_names
from chengyun.rules.decide.declared import RULE
from chengyun.rules.models import RuleVersion, Signal, Silence
from chengyun.rules.models.signals import SignalQuerySet
from chengyun.rules.policy import may_answer
from chengyun.rules.reads.explaining import explained
from chengyun.rules.reads.rows import row_of

STATES = ("open", "closed", "all")


def signals(
    actor: Actor,
    *,
    state: str = "open",
    severity: int | None = None,
    rule: str | None = None,
    pack: str | None = None,
    thing: UUID | None = None,
    case: UUID | None = None,
    area_no: int | None = None,
    acknowledged: bool | None = None,
    judged: str | None = None,
    since: datetime | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> tuple[list[JsonObject], str | None]:
    """Signals in sight, the newest first. Raises Invalid."""
    if state not in STATES:
        raise Invalid([FieldError("state", f"is one of {', '.join(STATES)}", "unknown_state")])
    found = Signal.objects.visible_to(actor)
    if state != "all":
        found = found.filter(closed_at__isnull=state == "open")
    asked: dict[str, Any] = {
        "severity": severity,
        "rule_id": rule,
        "pack": pack,
        "thing_id": thing,
        "case_id": case,
        "judged": judged,
        "opened_at__gte": since,
        "acknowledged_at__isnull": None if acknowledged is None else not acknowledged,
        "area_no__range": areas.span(area_no) if area_no else None,
    }
    found = found.filter(**{name: value for name, value in asked.items() if value is not None})
    return _page(found, cursor, limit)


def _page(
    found: SignalQuerySet, cursor: str | None, limit: int | None
) -> tuple[list[JsonObject], str | None]:
    if cursor:
        at, last = paging.decode(cursor, 2, (datetime.fromisoformat, UUID))
        found = found.filter(Q(opened_at__lt=at) | Q(opened_at=at, id__lt=last))
    size = paging.clamp(limit)
    rows = list(found.order_by("-opened_at", "-id")[: size + 1])
    following = None
    if len(rows) > size:
        rows = rows[:size]
        following = paging.encode([rows[-1].opened_at.isoformat(), str(rows[-1].id)])
    return [row_of(row) for row in rows], following


def find_signal(actor: Actor, signal_id: UUID) -> Signal:
    """A signal in sight. Raises NotFound."""
    found = Signal.objects.visible_to(actor).filter(pk=signal_id).first()
    if found is None:
        raise NotFound
    return found


def signal(actor: Actor, signal_id: UUID) -> JsonObject:
    """One signal with its steps, each explained by the condition, the figures and the readings.

    Raises NotFound.
    """
    found = find_signal(actor, signal_id)
    version = RuleVersion.objects.get(rule_id=found.rule_id, version=found.rule_version)
    rule = RULE.validate_python(version.content)
    steps = list(found.steps.order_by("recorded_at", "at", "id"))
    people = {one.by_id for one in steps if one.by_id} | {found.acknowledged_by, found.judged_by}
    names = user_names([one for one in people if one])
    joined = Signal.objects.visible_to(actor).filter(joined_to=found.id)
    return {
        **row_of(found),
        "rule_name": rule.name,
        "rule_note": rule.note,
        "things": found.members,
        "acknowledged_name": names.get(found.acknowledged_by) if found.acknowledged_by else None,
        "judged_name": names.get(found.judged_by) if found.judged_by else None,
        "steps": [
            {
                "what": one.what,
                "at": one.at,
                "recorded_at": one.recorded_at,
                "severity": one.severity,
                "thing_code": one.thing_code,
                "note": one.note,
                "by": names.get(one.by_id) if one.by_id else None,
                "why": explained(rule, found, one),
            }
            for one in steps
        ],
        "joined": [row_of(one) for one in joined.order_by("opened_at")],
        "may_answer": may_answer(actor, found.area_no, found.unit_ids),
    }


def counts(actor: Actor) -> JsonObject:
    """Open signals in sight by severity, and how many nobody acknowledged."""
    rows = Signal.objects.visible_to(actor).filter(closed_at=None)
    found = list(rows.values_list("severity", "acknowledged_at"))
    return {
        "open": {str(n): sum(1 for one, _ in found if one == n) for n in (1, 2, 3, 4)},
        "waiting": sum(1 for _, at in found if at is None),
    }


def silences(actor: Actor, now: datetime) -> list[JsonObject]:
    """Silences in sight that hold now or later."""
    scope = actor.scope()
    rows = Silence.objects.filter(ends_at__gt=now).order_by("ends_at")
    return [
        {
            "id": one.id,
            "rule": one.rule_id,
            "thing_id": one.thing_id,
            "area_no": one.area_no,
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "reason": one.reason,
        }
        for one in rows
        if scope.sees(one.area_no, tuple(one.unit_ids))
    ]
