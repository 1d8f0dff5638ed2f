"""Signals of different rules that are one matter: only the first of them acts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from chengyun.kernel import areas
from chengyun.rules.models import Signal
from chengyun.rules.reads.book import Book
from chengyun.rules.verbs.acting import Acting
from chengyun.rules.verbs.telling import step_of


def join(acting: Sequence[Acting], book: Book, now: datetime) -> list[Acting]:
    """Those that act themselves; the others are joined to the signal they belong to."""
    asked = [one for one in acting if one.entry.rule.correlate and one.fresh]
    if not asked:
        return list(acting)
    kin: dict[str, list[str]] = {}
    for entry in book.entries.values():
        if entry.rule.correlate:
            kin.setdefault(entry.rule.correlate, []).append(entry.rule.id)
    names = {one.entry.rule.correlate for one in asked}
    rules = {rule for name in names for rule in kin.get(name or "", [])}
    rows = Signal.objects.filter(rule_id__in=rules, closed_at=None, joined_to=None, muted=False)
    leaders = list(rows.order_by("recorded_at", "id"))
    joined = set()
    for one in asked:
        signal, rule = one.signal, one.entry.rule
        since = signal.opened_at - timedelta(seconds=rule.correlate_s)
        mine = kin[rule.correlate or ""]
        leader = next(
            (
                other
                for other in leaders
                if other.id != signal.id
                and other.id not in joined
                and (other.recorded_at, other.id) < (signal.recorded_at, signal.id)
                and other.rule_id in mine
                and other.rule_id != signal.rule_id
                and other.opened_at >= since
                and _near(other.area_no, signal.area_no)
            ),
            None,
        )
        if leader is not None:
            joined.add(signal.id)
            signal.joined_to, signal.case_id, signal.case_no = (
                leader.id,
                leader.case_id,
                leader.case_no,
            )
            signal.save(update_fields=["joined_to", "case_id", "case_no"])
            step_of(signal, "joined", now, note=str(leader.id)).save()
    return [one for one in acting if one.signal.id not in joined and not one.signal.joined_to]


def _near(one: int, other: int) -> bool:
    return areas.contains(one, other) or areas.contains(other, one)
