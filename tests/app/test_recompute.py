"""A deadline beyond the year a calendar knows is computed again when the next year is loaded."""

from dataclasses import replace
from datetime import UTC, date, datetime

from chengyun.cases import reads, verbs
from chengyun.cases.models import Case
from chengyun.kernel.actor import SYSTEM
from tests.app.world import LITTER, SPOT, World

# The afternoon before New Year's Eve 2027, beyond what the calendar knows.
LATE = datetime(2027, 12, 31, 9, 0, tzinfo=UTC)


def test_a_renewed_calendar_moves_provisional_deadlines(world: World) -> None:
    entry = reads.kinds().get(LITTER)
    assert entry is not None
    verbs.report(
        world.actor("acceptor"),
        now=LATE,
        item=verbs.Intake(
            text="垃圾",
            source="hotline",
            kind_id=LITTER,
            condition_id=entry.kind.conditions[0].id,
            lon=SPOT[0],
            lat=SPOT[1],
        ),
    )
    before = Case.objects.get()
    calendar = reads.rulebook().of(world.city_no).calendar
    day = before.due_at.astimezone(calendar.zone).date() if before.due_at else date.min
    renewed = replace(
        calendar,
        known_until=date(2028, 12, 31),
        holidays={**calendar.holidays, day: {"zh": "节日", "en": "Holiday"}},
    )
    verbs.load_rules(SYSTEM, now=LATE, pack="t", pack_version="2", calendars={calendar.id: renewed})
    assert verbs.recompute_clocks(LATE) == 1
    after = Case.objects.get()
    assert after.due_at is not None
    assert before.due_at is not None
    assert after.due_at > before.due_at
    assert not reads.load_states([after.id])[after.id].clock.provisional  # type: ignore[union-attr]
