"""Ending what belongs to rules and things that are no more, and what had its time."""

from datetime import datetime, timedelta

from chengyun.rules.decide.engine import Engine
from chengyun.rules.models import Signal, StandingRow
from chengyun.rules.reads.book import Book
from chengyun.rules.verbs.telling import tell_change

KEEP = timedelta(days=3 * 365)
"""How long closed signals are kept."""


def withdraw(engine: Engine, book: Book, now: datetime) -> None:
    """Close signals and forget standings of rules not in force and of things not looked at."""
    for row in StandingRow.objects.all():
        if not engine.knows(row.rule_id, row.thing_id):
            row.delete()
    gone = []
    for signal in Signal.objects.filter(closed_at=None).select_for_update():
        entry = book.entries.get(signal.rule_id)
        left = {
            code: rank
            for code, rank in signal.members.items()
            if entry and engine.knows_code(signal.rule_id, code)
        }
        if not left:
            gone.append(signal)
        elif left != signal.members:
            signal.members = left
            signal.save(update_fields=["members"])
    for signal in gone:
        signal.closed_at = signal.changed_at = now
        signal.escalate_at = None
        signal.version += 1
    Signal.objects.bulk_update(gone, ["closed_at", "changed_at", "escalate_at", "version"])
    tell_change(gone, "withdrawn", now)


def forget_signals(now: datetime, limit: int) -> int:
    """Remove closed signals past their time, with their steps; how many."""
    old = Signal.objects.filter(closed_at__lt=now - KEEP).values_list("id", flat=True)[:limit]
    gone = list(old)
    Signal.objects.filter(pk__in=gone).delete()
    return len(gone)
