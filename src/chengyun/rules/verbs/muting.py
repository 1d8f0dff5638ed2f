"""Silences: for a time a rule, a thing or an area shows its signals and does nothing about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.scope import working
from chengyun.kernel.text import JsonObject
from chengyun.kernel.verbs import verb
from chengyun.rules.models import Rule, Signal, SignalStep, Silence
from chengyun.rules.policy import check_may_answer
from chengyun.rules.reads.book import changes, read_book
from chengyun.rules.verbs.acting import Acting, act
from chengyun.rules.verbs.telling import answered, step_of
from chengyun.sensing.reads import find_thing

LONGEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Silences:
    """The silences of an instant."""

    rows: tuple[Silence, ...]

    def cover(self, rule_id: str, thing_id: UUID | None, area_no: int) -> bool:
        """Whether any of them asks for silence there."""
        return any(
            one.rule_id in ("", rule_id)
            and one.thing_id in (None, thing_id)
            and areas.contains(one.area_no, area_no)
            for one in self.rows
        )


def silences_at(now: datetime) -> Silences:
    """The silences that hold now."""
    return Silences(tuple(Silence.objects.filter(starts_at__lte=now, ends_at__gt=now)))


@verb("rules.silence")
def silence(
    actor: Actor,
    *,
    now: datetime,
    ends_at: datetime,
    reason: str,
    area_no: int | None = None,
    rule_id: str = "",
    thing_id: UUID | None = None,
) -> JsonObject:
    """Ask for silence about a rule or a thing, or about either within an area.

    Signals open meanwhile are muted too; those still open when it ends act then. At most 90 days.

    Returns {"id", "muted"}. Raises NotFound, Forbidden, Invalid.
    """
    units: list[UUID] = []
    if thing_id is not None:
        thing = find_thing(actor, thing_id)
        area_no, units = thing.area_no, list(thing.unit_ids)
    if area_no is None or not (rule_id or thing_id):
        raise Invalid([FieldError("area_no", "name a thing, or a rule and an area", "missing")])
    if rule_id and not Rule.objects.filter(pk=rule_id).exists():
        raise Invalid([FieldError("rule", f"there is no rule {rule_id}", "unknown_rule")])
    check_may_answer(actor, area_no, units)
    if not now < ends_at <= now + LONGEST:
        raise Invalid([FieldError("ends_at", "lies ahead, at most 90 days", "bad_span")])
    row = Silence.objects.create(
        rule_id=rule_id,
        thing_id=thing_id,
        area_no=area_no,
        unit_ids=units,
        starts_at=now,
        ends_at=ends_at,
        reason=reason.strip(),
        by_id=actor.id,
        created_at=now,
    )
    low, high = areas.span(area_no)
    found = Signal.objects.filter(closed_at=None, muted=False, area_no__range=(low, high))
    if rule_id:
        found = found.filter(rule_id=rule_id)
    if thing_id:
        found = found.filter(thing_id=thing_id)
    muted = list(found.select_for_update())
    for signal in muted:
        signal.muted, signal.escalate_at = True, None
        answered(signal, "muted", now, actor, row.reason)
    return {"id": str(row.id), "muted": len(muted)}


@verb("rules.end_silence")
def end_silence(actor: Actor, *, now: datetime, silence_id: UUID) -> JsonObject:
    """End a silence now; signals still open act within a minute.

    Returns {"id"}. Raises NotFound, Forbidden.
    """
    row = Silence.objects.filter(pk=silence_id, ends_at__gt=now).first()
    if row is None or not actor.scope().sees(row.area_no, tuple(row.unit_ids)):
        raise NotFound
    check_may_answer(actor, row.area_no, row.unit_ids)
    row.ends_at = max(now, row.starts_at + timedelta(microseconds=1))
    row.save(update_fields=["ends_at"])
    return {"id": str(row.id)}


def unmute(now: datetime) -> int:
    """Let signals act whose silence is over and that are still open; how many. Call it inside a
    transaction."""
    with working(SYSTEM.scope()):
        silences, book = silences_at(now), read_book(changes())
        rows = Signal.objects.filter(closed_at=None, muted=True).select_for_update()
        loud = [
            row
            for row in rows
            if not silences.cover(row.rule_id, row.thing_id, row.area_no)
            and row.rule_id in book.entries
        ]
        acting = []
        for signal in loud:
            entry = book.of(signal.rule_id, signal.area_no)
            escalate = entry.rule.escalate
            signal.muted = False
            signal.escalate_at = now + escalate.after if escalate and not signal.silent else None
            answered(signal, "unmuted", now)
            step: SignalStep = step_of(signal, "opened", now)
            acting.append(Acting(signal, entry, signal.words, step))
        act(acting, now)
        return len(loud)
