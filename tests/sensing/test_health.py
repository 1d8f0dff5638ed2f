"""Dead, stuck and drifting streams are found, with since and why."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection

from chengyun.kernel.actor import SYSTEM
from chengyun.sensing import verbs
from chengyun.sensing.decide.health import drift, vital
from chengyun.sensing.decide.packing import NEVER
from chengyun.sensing.models import Calibration, Maintenance, StreamHealth, Thing
from tests.sensing.senses import NOW, no, readings


def state(stream):
    return StreamHealth.objects.get(pk=stream)


def test_a_stream_that_stays_away_is_dead_and_comes_back(things):
    level = no(things[0])
    verbs.take(readings([(level, NOW, 1.0)]), now=NOW, door="test")
    verbs.check_streams(NOW)
    assert state(level).state == "fine"
    assert state(no(things[1])).state == "silent"
    later = NOW + timedelta(minutes=5)
    assert verbs.check_streams(later) == 1
    found = state(level)
    assert (found.state, found.since) == ("dead", NOW + timedelta(minutes=3))
    assert found.why == {"silent_s": 300, "every_s": 60, "missed": 3}
    verbs.take(readings([(level, later, 1.1)]), now=later, door="test")
    verbs.check_streams(later)
    assert state(level).state == "fine"


def test_a_thing_that_is_worked_on_is_left_alone(things):
    level = no(things[0])
    verbs.take(readings([(level, NOW, 1.0)]), now=NOW, door="test")
    verbs.check_streams(NOW)
    Maintenance.objects.create(
        thing_id=Thing.objects.get(code=things[0]).id,
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=1),
        reason="x",
        created_at=NOW,
    )
    verbs.check_streams(NOW + timedelta(minutes=30))
    assert state(level).state == "fine"
    verbs.check_streams(NOW + timedelta(minutes=61))
    assert state(level).state == "dead"


def test_a_stream_that_repeats_itself_is_stuck(things):
    level = no(things[0])
    rows = [(level, NOW - timedelta(minutes=n), 1.0) for n in range(15, -1, -1)]
    verbs.take(readings(rows), now=NOW, door="test")
    verbs.check_streams(NOW)
    found = state(level)
    assert (found.state, found.since) == ("stuck", NOW - timedelta(minutes=5))
    assert found.why == {"same_s": 900, "stuck_after_s": 600}


@pytest.mark.parametrize(
    ("at", "since", "expected"),
    [(NEVER, NEVER, "silent"), (0, 0, "dead"), (900, 0, "stuck"), (900, 500, "fine")],
)
def test_vital_signs(at, since, expected):
    scale = 1_000_000 if at != NEVER else 1
    assert vital(at * scale, since * scale, 60, 600, 1_000_000_000).state == expected


def days(slope, seed=1, n=14):
    rng = np.random.default_rng(seed)
    return 5 + np.sin(np.arange(n)) + slope * np.arange(n) + rng.normal(0, 0.02, n)


def test_drift_is_leaving_the_neighbours_steadily():
    neighbours = np.array([days(0, seed) for seed in range(2, 8)])
    assert drift(days(0), neighbours) is None
    found = drift(days(0.1), neighbours)
    assert found is not None
    assert found["moved"] == pytest.approx(1.2, abs=0.2)
    assert drift(days(0.1), neighbours + 0.1 * np.arange(14)) is None, "all of them move"
    assert drift(days(0.1), neighbours[:2]) is None, "two are no neighbourhood"
    assert drift(days(0.1, n=5), neighbours[:, :5]) is None, "too short"


def test_gaps_and_silent_neighbours_are_no_drift():
    neighbours = np.array([days(0, seed) for seed in range(2, 8)])
    own = days(0)
    own[3:6] = np.nan
    neighbours[:, 7] = np.nan
    neighbours[0] = np.nan
    assert drift(own, neighbours) is None


def test_drift_is_kept_with_its_figures_and_survives_the_minute(things):
    level = no(things[0])
    Calibration.objects.create(
        thing_id=Thing.objects.get(code=things[0]).id,
        stream=level,
        at=NOW,
        reference=1.0,
        shown=4.0,
        created_at=NOW,
    )
    verbs.take(readings([(level, NOW, 1.0)]), now=NOW, door="test")
    verbs.check_streams(NOW)
    assert verbs.check_drift(NOW) == 1
    found = state(level)
    assert (found.state, found.why["by"], found.why["offset"]) == ("drifting", "calibration", 3.0)
    verbs.check_streams(NOW)
    assert state(level).state == "drifting"
    Calibration.objects.all().delete()
    verbs.check_drift(NOW)
    assert state(level).state == "fine"


def test_neighbours_of_one_kind_are_compared_by_their_days(things):
    Thing.objects.update(lon=121.0, lat=31.0)
    from_ = NOW.replace(hour=0) - timedelta(days=14)
    thing = Thing.objects.get(code=things[0])
    verbs.register_things(
        SYSTEM,
        now=NOW,
        items=(verbs.NewThing(code="g3", kind="gauge", area_no=thing.area_no),),
    )
    Thing.objects.update(lon=121.0, lat=31.0)
    streams = [no(code) for code in (*things, "g3")]
    with connection.cursor() as cursor:
        for seed, stream in enumerate(streams):
            for day, value in enumerate(days(0.2 if seed == 0 else 0, seed)):
                cursor.execute(
                    "INSERT INTO sensing_hour VALUES (%s, %s, 1, %s, %s, %s)",
                    [stream, from_ + timedelta(days=day, hours=5), value, value, value],
                )
    verbs.take(readings((stream, NOW, 1.0) for stream in streams), now=NOW, door="test")
    verbs.check_streams(NOW)
    assert verbs.check_drift(NOW) == 1
    assert state(streams[0]).why["by"] == "neighbours"
