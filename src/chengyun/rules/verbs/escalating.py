"""Signals nobody acknowledged are told one area further up each time."""

from datetime import datetime

from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import working
from chengyun.notices.verbs import tell
from chengyun.people.reads import holders_over_areas
from chengyun.rules.models import Signal
from chengyun.rules.reads.book import Entry, changes, read_book
from chengyun.rules.verbs.acting import Acting, telling
from chengyun.rules.verbs.telling import answered, step_of


def escalate(now: datetime, most: int = 500) -> int:
    """Tell the next area up of open signals past their time; how many. Call it inside a
    transaction."""
    with working(SYSTEM.scope()):
        due = Signal.objects.filter(
            escalate_at__lte=now, closed_at=None, acknowledged_at=None, muted=False
        )
        rows = list(due.order_by("escalate_at").select_for_update(skip_locked=True)[:most])
        book = read_book(changes()) if rows else None
        for signal in rows:
            entry = book.entries.get(signal.rule_id) if book else None
            _escalate(signal, entry, now)
        return len(rows)


def _escalate(signal: Signal, entry: Entry | None, now: datetime) -> None:
    asked = entry.rule.escalate if entry else None
    if entry is None or asked is None:
        signal.escalate_at = None
        signal.save(update_fields=["escalate_at"])
        return
    around = areas.ancestors(signal.area_no)[::-1]
    area = around[min(signal.escalated, len(around) - 1)]
    acting = Acting(signal, entry, signal.words, step_of(signal, "escalated", now))
    top = area
    for post in asked.posts:
        held = holders_over_areas([area], post, now).get(area)
        if held is not None:
            top = min(top, held[0])
            key = f"signal:{signal.id}:up{signal.escalated}:{post}"
            tell([telling(acting, key, asked.template, held[0], held[1])], now=now)
    signal.escalated += 1
    further = signal.escalated < len(around) and areas.depth(top) > 1
    signal.escalate_at = now + asked.after if further else None
    answered(signal, "escalated", now, note=str(signal.escalated))
