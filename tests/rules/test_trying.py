"""A rule tried on stored history says what the rule really would have done."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.problems import Invalid
from chengyun.rules.decide.trying import Label, Spell, scored
from chengyun.rules.reads import trying
from chengyun.sensing import verbs
from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs.storing import forget_days
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import Desk, as_owner
from tests.rules.declared import flood, load
from tests.sensing.senses import NOW, declare, gauges, no, readings, us

__all__ = ["city", "clock", "desk", "world"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TRIAL = "/rules/flood-level/trial"


@pytest.fixture
def gauge() -> Iterator[str]:
    forget_streams()
    forget_days()
    declare()
    yield gauges(1)[0]
    forget_streams()
    forget_days()


def store(*rows: tuple[float, float], stream: str = "level") -> None:
    """Readings of g0: minutes after NOW and values."""
    given = [(no("g0", stream), NOW + timedelta(minutes=at), value) for at, value in rows]
    verbs.take(readings(given), now=NOW + DAY, door="import")


def tried(start: float, end: float, **more: Any) -> Any:
    """A backtest between minutes after NOW."""
    rule = trying.of_rule("flood-level")
    minutes = (NOW + timedelta(minutes=start), NOW + timedelta(minutes=end))
    return trying.backtest(SYSTEM, rule, start=minutes[0], end=minutes[1], **more)


def minutes(found: Any) -> list[tuple[float, float | None]]:
    """From when to when, in minutes after NOW."""
    return [
        (
            (s["from"] - NOW) / timedelta(minutes=1),
            s["to"] and (s["to"] - NOW) / timedelta(minutes=1),
        )
        for s in found["spells"]
    ]


def test_the_span_begins_with_its_first_instant_and_ends_before_its_last(gauge):
    load(flood())
    store((0, 0.8), (10, 0.1), (20, 0.8))
    found = tried(0, 20)
    assert (found["readings"], minutes(found)) == (2, [(0, 10)])


def test_without_history_nothing_fires(gauge):
    load(flood())
    found = tried(0, 90 * 1440)
    assert (found["readings"], found["fired"], found["spells"]) == (0, 0, [])
    assert (found["precision"], found["recall"]) == (None, None)


def test_what_was_said_before_the_span_is_known_in_it(gauge):
    both = {"level": {"of": "level"}, "rain": {"of": "rain"}}
    load(flood(inputs=both, levels=[{"severity": 3, "when": "level > most && rain > 1"}]))
    store((-6 * 1440, 0.8))
    store((5, 2.0), (9, 0.0), stream="rain")
    assert minutes(tried(0, 60)) == [(5, 9)]


def test_a_window_empties_on_a_day_without_readings(gauge):
    hour = {"level": {"of": "level", "take": "count", "over": 3600}}
    load(flood(inputs=hour, levels=[{"severity": 3, "when": "level >= 1"}]))
    store((0, 0.8))
    (begins, ends), *more = minutes(tried(0, 4 * 1440))
    assert not more
    assert begins == 0
    assert ends == 60


def test_a_span_that_holds_too_much_is_refused(gauge):
    load(flood())
    store((0, 0.8), (1, 0.9), (2, 0.1))
    with pytest.raises(Invalid, match="until: the span holds more than 2 readings"):
        tried(0, 20, most=2)
    with pytest.raises(Invalid, match="until: is not after the beginning"):
        tried(20, 20)
    with pytest.raises(Invalid, match="things: the rule looks at no thing g9"):
        tried(0, 20, things=["g9"])


def test_people_judge_some_and_a_file_of_labels_judges_all():
    spells = [Spell("g0", 0, 3, {}, end=5), Spell("g0", 20, 3, {}, end=25)]
    real = [Label("g0", 0, 3)]
    some = scored(spells, real, 30, whole=False)
    assert (some.true, some.false, some.precision, spells[1].judged) == (1, 0, 1.0, None)
    every = scored(spells, real, 30)
    assert (every.true, every.false, every.precision) == (1, 1, 0.5)


def test_labels_of_other_times_and_things_count_for_nothing(gauge):
    load(flood())
    store((0, 0.8), (10, 0.1))
    labels = [
        Label("g0", us(NOW), us(NOW + timedelta(minutes=5))),
        Label("g0", us(NOW - 2 * DAY), us(NOW - DAY)),
        Label("g7", us(NOW), us(NOW + timedelta(minutes=5))),
    ]
    found = tried(0, 60, labels=labels)
    assert (found["labels"], found["left_out"], found["missed"]) == (1, 2, 0)
    assert (found["precision"], found["recall"]) == (1.0, 1.0)


def test_a_page_tries_a_span_it_can_wait_for(world, desk: Desk):
    with as_owner():
        declare()
        load(flood())
    span = {"since": (NOW - 200 * DAY).isoformat(), "until": NOW.isoformat()}
    assert desk.ask(None, "POST", TRIAL, span).status == 401
    assert desk.ask("leader", "POST", "/rules/flood-levl/trial", span).status == 404
    refused = desk.ask("leader", "POST", TRIAL, span)
    assert (refused.status, refused.fields) == (422, ["until"])
