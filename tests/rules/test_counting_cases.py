"""Rules count the cases of an area: which count, when a signal opens, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest

from chengyun.cases.models import Case
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.areas import pack
from chengyun.kernel.problems import Invalid
from chengyun.rules import verbs
from chengyun.rules.decide.counting import counter
from chengyun.rules.models import Signal
from chengyun.rules.reads import trying
from chengyun.rules.verbs import forget_engine
from chengyun.sensing.models import Thing
from tests.app.world import NOW, World
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import as_owner
from tests.rules.declared import flood, load
from tests.rules.streets import rule, things
from tests.rules.test_acting import PONDING, gauges

__all__ = ["city", "clock", "desk", "gauges", "world"]
COUNTED = {"reports": {"cases": [PONDING], "take": "count", "over": 3600, "at": "street"}}


def many(**more: Any) -> dict[str, Any]:
    """A rule that opens at three cases in a street within an hour."""
    return flood(
        inputs=COUNTED, figures={}, levels=[{"severity": 3, "when": "reports >= 3"}], **more
    )


def test_two_cases_at_one_instant_are_two():
    one = rule(inputs={"n": {**COUNTED["reports"]}}, levels=[{"severity": 3, "when": "n > 1"}])
    found = counter([one], things())
    area = things()["gauge"][0].area_no
    stream, at, value = found.readings([(PONDING, area, 5), (PONDING, area, 5), ("other", area, 5)])
    assert (stream.tolist(), at.tolist(), value.tolist()) == ([-1, -1], [5, 6], [1.0, 1.0])
    assert not len(found.readings([(PONDING, pack(1, 2), 5)])[0])


def report(world: World, minute: float, **more: Any) -> None:
    """A case as its row alone: the rules read nothing else of it."""
    thing = Thing.objects.get(code="g0")
    at = NOW + timedelta(minutes=minute)
    said = {
        "city_no": world.city_no, "area_no": thing.area_no, "kind_id": PONDING, "state": "filed",
        "version": 1, "open": True, "source": "public", "location": "none", "reported_at": at,
        "sort_at": at, "updated_at": at, "no": f"N{Case.objects.count()}", **more,
    }  # fmt: skip
    Case.objects.create(**said)


def step(minute: float) -> list[str]:
    """A step of the rules; the signals that are open then."""
    verbs.step(NOW + timedelta(minutes=minute))
    return [one.thing_code for one in Signal.objects.filter(closed_at=None)]


@pytest.mark.django_db
def test_many_reports_open_a_signal_until_the_hour_is_over(gauges, world: World):
    with as_owner():
        load(many(once="street"))
        for minute in (1, 20):
            report(world, minute)
            assert step(minute + 0.1) == []
        # What a rule reported itself, or is of another kind, does not count.
        report(world, 21, external_source="signal", external_id="1")
        report(world, 21, kind_id="GBT30428.2/event/0111")
        assert step(22) == []
        report(world, 40)
        assert step(40.1) == ["g0"]
        forget_engine()
        assert step(50) == ["g0"]
        assert step(61.5) == []


@pytest.mark.django_db
def test_a_trial_counts_the_cases_of_then(gauges, world: World):
    with as_owner():
        load(many())
        for minute in (-30, 5, 10):
            report(world, minute)
        found = trying.backtest(
            SYSTEM, trying.of_rule("flood-level"), start=NOW, end=NOW + timedelta(hours=3)
        )
    spells = [(one["thing"], one["from"], one["to"]) for one in found["spells"]]
    ends = NOW + timedelta(minutes=30)
    assert spells[0] == ("g0", NOW + timedelta(minutes=10), ends)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"take": "mean"}, "inputs.reports.take"),
        ({"over": 0}, "inputs.reports.over"),
        ({"at": "near", "near_m": 50}, "inputs.reports.at"),
        ({"of": "level"}, "inputs.reports.of"),
        ({"kind": "gauge"}, "inputs.reports.kind"),
        ({"only": "value > 1"}, "inputs.reports.only"),
        ({"cases": []}, "inputs.reports.of"),
    ],
)
def test_what_counting_does_not_offer_is_refused(gauges, wrong, field):
    with as_owner(), pytest.raises(Invalid) as refused:
        load(many() | {"inputs": {"reports": {**COUNTED["reports"], **wrong}}})
    assert field in [one.field for one in refused.value.errors]
