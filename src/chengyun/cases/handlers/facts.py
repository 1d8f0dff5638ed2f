"""What notices say of a case, for a batch of events: read together, told apart."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from chengyun.cases.events import CaseEvent, from_data
from chengyun.cases.models import Case
from chengyun.cases.reads.kinds import kinds
from chengyun.cases.reads.names import unit_views
from chengyun.cases.reads.rulebook import rulebook
from chengyun.kernel.events import PastEvent
from chengyun.kernel.text import Text, text

# What happened longer ago is history, however it came in.
NEWS = timedelta(days=1)
_UNKNOWN = text("待定", "not decided yet")


def fresh(events: Sequence[PastEvent], now: datetime) -> list[CaseEvent]:
    """The events that are news: what an import or a replay of old days brings is not."""
    return [from_data(one.name, one.data) for one in events if now - one.occurred_at <= NEWS]


def cases_of(ids: Collection[UUID]) -> dict[UUID, Case]:
    """The cases by id; imported history is left out, nobody is told of it."""
    rows = Case.objects.filter(pk__in=list(ids), imported=False).defer("attributes", "text")
    return {row.id: row for row in rows}


def said_of(case: Case, event_unit: UUID | None = None) -> dict[str, Text]:
    """Number, kind, unit and deadline in words; no place, no name, no words of a reporter."""
    unit = event_unit or case.lead_unit
    named = unit_views([unit]).get(unit) if unit else None
    brief = kinds().brief(case.kind_id)
    return {
        "no": text(case.no, case.no),
        "kind": brief["name"] if brief else text("未分类", "no kind yet"),
        "unit": named["name"] if named else _UNKNOWN,
        "due": in_words(case.due_at, case.city_no) if case.open else text("—", "—"),
    }


def in_words(at: datetime | None, city_no: int) -> Text:
    """An instant on the city's wall clock."""
    if at is None:
        return text("未定", "not set")
    zone = ZoneInfo(rulebook().of(city_no).calendar.tz)
    here = at.astimezone(zone)
    zh = f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
    return text(zh, f"{here:%Y-%m-%d %H:%M}")
