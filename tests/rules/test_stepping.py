"""Readings become signals: opened, worse, eased, closed; restarts and derived readings."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from chengyun.kernel.actor import SYSTEM
from chengyun.rules import reads, verbs
from chengyun.rules.models import Place, Signal, SignalStep, StandingRow
from chengyun.sensing.reads import newest
from chengyun.sensing.verbs import take
from tests.rules.declared import flood, load
from tests.sensing.conftest import committed_things
from tests.sensing.senses import AREA, NOW, no, readings

__all__ = ["committed_things"]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def gauges(committed_things: list[str]) -> list[str]:
    place = Place.objects.get_or_create(no=1)[0]
    place.xid = place.seq = 0
    place.ticked_at = None
    place.save()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE rules_signal, rules_signalstep, rules_standingrow CASCADE")
    return committed_things


def said(*rows: tuple[str, float, float], stream: str = "level", door: str = "test") -> None:
    """Readings of (thing, minute, value), taken at once."""
    last = NOW + max(minute for _, minute, _ in rows) * MINUTE
    given = [(no(code, stream), NOW + minute * MINUTE, value) for code, minute, value in rows]
    take(readings(given), now=last, door=door)


def stepped(minute: float) -> int:
    return verbs.step(NOW + minute * MINUTE)


def steps() -> list[tuple[str, str, int]]:
    rows = SignalStep.objects.order_by("recorded_at", "at", "id")
    return [(one.signal.thing_code, one.what, one.severity) for one in rows]


def test_a_signal_opens_grows_worse_eases_and_closes(gauges):
    load(flood())
    said(("g0", 0, 0.2), ("g1", 0, 0.6))
    assert stepped(0) == 2
    assert steps() == [("g1", "opened", 3)]
    said(("g1", 1, 1.8))
    stepped(1)
    said(("g1", 2, 0.4))
    stepped(2)
    said(("g1", 3, 0.1))
    stepped(3)
    # At 0.4 the worse level is over and the milder one not yet.
    assert steps() == [
        ("g1", "opened", 3),
        ("g1", "worsened", 1),
        ("g1", "eased", 3),
        ("g1", "closed", 3),
    ]
    signal = Signal.objects.get()
    assert signal.closed_at is not None
    assert signal.worst == 1
    assert StandingRow.objects.count() == 0


def test_a_signal_says_why(gauges):
    load(flood())
    said(("g1", 0, 0.6))
    stepped(0)
    found = reads.signals.signal(SYSTEM, Signal.objects.get().id)
    why = found["steps"][0]["why"]
    assert why["condition"] == "level > most"
    assert why["inputs"][0]["value"] == 0.6
    assert why["inputs"][0]["readings"] == [[NOW.isoformat(), 0.6]]
    assert why["figures"][0]["value"] == 0.5


def test_a_new_process_goes_on_where_the_last_was(gauges):
    load(flood(hold=120))
    said(("g0", 0, 0.6))
    stepped(0)
    verbs.forget_engine()
    assert not Signal.objects.exists()
    said(("g0", 2.5, 0.7))
    stepped(2.5)
    assert steps() == [("g0", "opened", 3)]


def test_what_was_written_before_a_restart_is_not_looked_at_twice(gauges):
    load(flood(inputs={"level": {"of": "level", "take": "max", "over": 600}}))
    said(("g0", 0, 0.2))
    stepped(0)
    # A peak that a process did not follow before it died is no part of its windows yet.
    said(("g0", 1, 0.9))
    said(("g0", 20, 0.1))
    verbs.forget_engine()
    stepped(20)
    assert steps() == [("g0", "opened", 3), ("g0", "closed", 3)]


def test_history_raises_nothing(gauges):
    load(flood())
    said(("g0", -60 * 24 * 40, 5.0), door="import")
    stepped(0)
    assert not Signal.objects.exists()


def test_impossible_readings_are_not_read(gauges):
    load(flood())
    said(("g0", 0, 11.0))
    stepped(0)
    assert not Signal.objects.exists()


def test_silence_of_a_thing_is_a_signal(gauges):
    load(flood(silent_after=300))
    said(("g0", 0, 0.1))
    stepped(0)
    stepped(6)
    assert steps() == [("g0", "opened", 4)]
    assert Signal.objects.get().silent
    said(("g0", 7, 0.1))
    stepped(7)
    assert [one[1] for one in steps()] == ["opened", "closed"]


def test_one_signal_for_an_area(gauges):
    load(flood(once="street"))
    said(("g0", 0, 0.6), ("g1", 0, 0.7))
    stepped(0)
    signal = Signal.objects.get()
    assert set(signal.members) == {"g0", "g1"}
    said(("g0", 1, 0.1))
    stepped(1)
    signal.refresh_from_db()
    assert signal.closed_at is None
    said(("g1", 2, 0.1))
    stepped(2)
    signal.refresh_from_db()
    assert signal.closed_at is not None


def test_figures_are_written_as_readings(gauges):
    load(flood(then={"derive": [{"property": "rain", "value": "level * 10"}]}))
    said(("g0", 0, 0.2))
    stepped(0)
    assert newest([no("g0", "rain")])[no("g0", "rain")].value == 2.0


def test_a_failed_step_changes_nothing_and_is_told(gauges, monkeypatch):
    load(flood())
    said(("g0", 0, 0.6))

    def broken(*_: Any) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr("chengyun.rules.verbs.stepping.move", broken)
        assert stepped(0) == 0
    place = Place.objects.get(no=1)
    assert (place.seq, place.failure) == (0, "RuntimeError: no")
    # It waits a little before it tries again.
    assert stepped(0) == 0
    assert stepped(0.1) == 1
    assert Signal.objects.count() == 1
    assert Place.objects.get(no=1).failure == ""


def test_a_rule_switched_off_withdraws_its_signals(gauges):
    load(flood())
    said(("g0", 0, 0.6))
    stepped(0)
    verbs.switch(SYSTEM, now=NOW, rule_id="flood-level", enabled=False)
    stepped(1)
    assert [one[1] for one in steps()] == ["opened", "withdrawn"]
    assert Signal.objects.get().closed_at is not None


def test_a_figure_of_an_area_counts(gauges):
    load(flood())
    verbs.set_figure(
        SYSTEM, now=NOW, rule_id="flood-level", word="most", area_no=AREA, value=2.0, source="city"
    )
    said(("g0", 0, 1.0))
    stepped(0)
    assert not Signal.objects.exists()
    verbs.set_figure(
        SYSTEM, now=NOW, rule_id="flood-level", word="most", area_no=AREA, value=None, source=""
    )
    said(("g0", 1, 1.1))
    stepped(1)
    assert Signal.objects.count() == 1
