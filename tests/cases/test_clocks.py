"""Clocks by the sweep: yellow at 80 %, red at 100 % of worked time, then up the ladder."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chengyun.app.sweep import sweep
from chengyun.cases.models import Case
from chengyun.cases.verbs import batch, ticks
from chengyun.kernel.models import AuditEntry, Event
from tests.app.world import SPOT
from tests.cases.desk import Desk, OneCase, as_owner

SECOND = timedelta(seconds=1)


def happened(case: OneCase) -> list[str]:
    """Names of the events of a case, in order."""
    with as_owner():
        names = Event.objects.filter(subject_id=case.id).order_by("subject_version")
        return [name.removeprefix("cases.") for name in names.values_list("name", flat=True)]


def colour(desk: Desk, case: OneCase) -> str:
    """The light of a case in the list."""
    rows = desk.get("acceptor", "/cases")["items"]
    found: str = next(row["clock"] for row in rows if row["id"] == case.id)
    return found


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of March 2026 in Shanghai."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def test_yellow_and_red_come_to_the_second(desk: Desk) -> None:
    """Four working hours from Monday 10:00: 80 % is 192 minutes, without the break."""
    case = desk.new()
    detail = case.detail()
    due, warn = (datetime.fromisoformat(detail[name]) for name in ("due_at", "warn_at"))
    with as_owner():
        row = Case.objects.get()
        assert (row.due_at, row.warn_at, row.next_tick_at) == (due, warn, warn)
    for at, light, ticked, last in (
        (warn - SECOND, "ok", 0, "CaseDispatched"),
        (warn, "yellow", 1, "ClockWarned"),
        (due - SECOND, "yellow", 0, "ClockWarned"),
        (due, "red", 1, "ClockOverdue"),
    ):
        desk.clock.at = at
        assert colour(desk, case) == light
        assert sweep(at) == ticked
        assert last in happened(case)[-2:]
        assert colour(desk, case) == light
    overdue = desk.get("acceptor", "/cases?overdue=1")["items"]
    assert [row["id"] for row in overdue] == [case.id]
    counted = desk.get("acceptor", "/cases/counts")["queue"]
    assert counted["overdue"] == 1


def test_the_deadline_counts_working_hours_only(desk: Desk) -> None:
    desk.clock.at = local(6, 16)  # Friday afternoon
    friday = desk.new()
    due = datetime.fromisoformat(friday.detail()["due_at"])
    assert local(9, 9) <= due <= local(9, 18), "the weekend does not count"


def test_the_ladder_street_district_city(desk: Desk) -> None:
    case = desk.new()
    for day in range(1, 6):
        sweep(desk.clock.pass_(days=day))
    with as_owner():
        events = Event.objects.filter(subject_id=case.id, name="cases.CaseEscalated")
        levels = [row.data["level"] for row in events.order_by("subject_version")]
        actors = {row.actor_kind for row in events}
    assert levels == ["street", "district", "city"]
    assert actors == {"system"}
    assert sweep(desk.clock.pass_(days=30)) == 0, "above the city there is nobody"


def test_what_was_missed_is_recorded_at_its_own_time(desk: Desk) -> None:
    case = desk.new()
    due = datetime.fromisoformat(case.detail()["due_at"])
    sweep(desk.clock.pass_(days=20))
    with as_owner():
        red = Event.objects.get(subject_id=case.id, name="cases.ClockOverdue")
        assert red.occurred_at == due
        assert red.recorded_at == desk.clock.at


def test_a_move_after_the_deadline_finds_it_red_without_any_sweep(desk: Desk) -> None:
    case = desk.new()
    desk.clock.pass_(days=3)
    case.does("department", "start")
    assert case.detail()["clock"] == "red"
    assert "ClockOverdue" in happened(case)


def test_a_paused_clock_is_not_ticked(desk: Desk) -> None:
    case = desk.new()
    until = desk.clock.at + timedelta(days=30)
    case.does("department", "request_suspension", until=until.isoformat(), reason="ice")
    case.does("dispatcher", "approve_suspension")
    assert sweep(desk.clock.pass_(days=20)) == 0
    assert colour(desk, case) == "paused"


def test_the_sweep_is_audited_and_idle_when_nothing_is_due(desk: Desk) -> None:
    assert sweep(desk.clock.at) == 0
    desk.new()
    desk.new(lon=SPOT[0] + 0.01)
    assert sweep(desk.clock.pass_(days=1)) == 2
    with as_owner():
        entry = AuditEntry.objects.get(verb="cases.tick")
        assert (entry.count, entry.actor_kind) == (2, "system")


def test_one_case_that_cannot_be_ticked_does_not_stop_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, sound = desk.new(), desk.new(lon=SPOT[0] + 0.01)
    decide = ticks.decide

    def failing(state: Any, *rest: Any) -> Any:
        if str(state.id) == poison.id:
            raise RuntimeError("a fault of ours")
        return decide(state, *rest)

    for room in (batch, ticks):
        monkeypatch.setattr(room, "decide", failing)
    now = desk.clock.pass_(days=1)
    sweep(now)
    assert "ClockOverdue" in happened(sound)
    assert sweep(now) == 0, "it is put off"
    monkeypatch.undo()
    with as_owner():
        assert Case.objects.get(pk=poison.id).next_tick_at == now + ticks.PUT_OFF
    assert sweep(now + ticks.PUT_OFF) == 1
    assert "ClockOverdue" in happened(poison)
