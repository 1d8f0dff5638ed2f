"""Days and hours of readings: made, worked out, and dropped when their time is over."""

from datetime import timedelta

import pytest
from django.db import connection

from chengyun.kernel.actor import SYSTEM
from chengyun.sensing import reads, verbs
from chengyun.sensing.models import Datastream
from tests.sensing.senses import NOW, no, readings

HOUR = NOW.replace(minute=0) - timedelta(hours=3)


def take(*rows, now=NOW, door="test"):
    return verbs.take(readings(rows), now=now, door=door)


def asked(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def hours(stream):
    return asked(
        "SELECT hour, n, total, low, high FROM sensing_hour WHERE stream = %s ORDER BY hour", stream
    )


def parts():
    return [row[0] for row in asked("SELECT relname FROM sensing_part_list ORDER BY starts")]


@pytest.fixture
def emptied(committed_things):
    yield committed_things
    for name in parts():
        asked("SELECT sensing_drop(%s)", name)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE sensing_hour, sensing_due")
        cursor.execute("UPDATE sensing_workedout SET xid = 0, seq = 0, until = '1970-01-01T00:00Z'")


def test_hours_follow_what_comes_late_or_is_corrected(emptied):
    level = no(emptied[0])
    take(*((level, HOUR + timedelta(minutes=n), float(n)) for n in range(3)), (level, NOW, 7.0))
    assert verbs.work_out(NOW) == 1
    assert hours(level) == [(HOUR, 3, 3.0, 0.0, 2.0)]
    take((level, HOUR + timedelta(minutes=2), 5.0), (level, HOUR + timedelta(minutes=30), 4.0))
    assert verbs.work_out(NOW) == 1
    assert hours(level) == [(HOUR, 4, 10.0, 0.0, 5.0)]
    assert verbs.work_out(NOW) == 0
    # Rebuilt from history, the figures are the same.
    before = hours(level)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE sensing_hour")
        cursor.execute("UPDATE sensing_workedout SET xid = 0, seq = 0")
    verbs.work_out(NOW)
    assert hours(level) == before


def test_what_no_rule_reads_is_in_no_figure(emptied):
    level = no(emptied[0])
    take((level, HOUR, 99.0), (level, HOUR + timedelta(minutes=1), 1.0))
    verbs.work_out(NOW)
    assert hours(level) == [(HOUR, 1, 1.0, 1.0, 1.0)]
    take((level, HOUR + timedelta(minutes=1), 98.0))
    verbs.work_out(NOW)
    assert hours(level) == []


def test_figures_of_long_ago_come_from_hours_and_join_what_is_fresh(emptied):
    level = no(emptied[0])
    start = HOUR - timedelta(days=5)
    rows = [(level, start + timedelta(minutes=30 * n), float(n % 4)) for n in range(240)]
    take(*rows)
    verbs.work_out(NOW)
    late = (level, start + timedelta(minutes=7), 6.0)
    take(late)  # Not followed yet: its hour is the old one, until the next minute.
    verbs.work_out(NOW)
    span = {"start": start, "end": NOW, "window": timedelta(hours=6), "now": NOW}
    found = reads.aggregates(SYSTEM, level, **span)
    assert found["source"] == "hours"
    plain = asked(
        "SELECT date_bin('6 hours', at, %s), count(*), min(value), max(value), sum(value)"
        " FROM sensing_observation WHERE at >= %s AND at < %s GROUP BY 1 ORDER BY 1",
        start,
        start,
        NOW,
    )
    assert [
        (one["begins"], one["n"], one["min"], one["max"], one["sum"]) for one in found["items"]
    ] == plain
    assert sum(one["n"] for one in found["items"]) == 241


def test_windows_that_single_readings_no_longer_answer_are_refused(emptied):
    level = no(emptied[0])
    long_ago = NOW - timedelta(days=200)
    span = {"start": long_ago, "end": long_ago + timedelta(days=1), "now": NOW}
    with pytest.raises(Exception, match="kept 90 days"):
        reads.aggregates(SYSTEM, level, window=timedelta(minutes=5), **span)
    found = reads.aggregates(SYSTEM, level, window=timedelta(hours=1), **span)
    assert found["items"] == []


def test_days_are_made_ahead(emptied):
    verbs.make_days(NOW)
    assert parts() == [f"sensing_observation_2026030{day}" for day in (2, 3, 4)]
    verbs.make_days(NOW)
    assert len(parts()) == 3


def test_a_day_that_is_over_gets_a_tree_and_still_takes_late_readings(emptied):
    level, yesterday = no(emptied[0]), NOW - timedelta(days=1)
    take((level, yesterday, 1.0), (level, NOW, 1.0))
    assert verbs.plant_trees(NOW) == 0, "late ones still come"
    assert verbs.plant_trees(NOW + timedelta(hours=6)) == 1
    assert verbs.plant_trees(NOW + timedelta(hours=6)) == 0
    done = take((level, yesterday, 1.0), (level, yesterday - timedelta(minutes=1), 2.0))
    assert (done.duplicates, done.late) == (1, 1)


def test_each_kind_keeps_readings_as_long_as_it_says(emptied):
    level, rain = no(emptied[0]), no(emptied[0], "rain")
    Datastream.objects.filter(no=rain).update(keep_days=10)
    Datastream.objects.exclude(no=rain).update(keep_days=40)
    take((level, NOW, 1.0), (rain, NOW, 1.0))
    later = NOW + timedelta(days=12)
    assert verbs.sweep(later) == {"dropped": 0, "deleted": 0}, "its hours are due still"
    verbs.work_out(later)
    assert verbs.sweep(later) == {"dropped": 0, "deleted": 1}
    assert verbs.sweep(later) == {"dropped": 0, "deleted": 0}
    assert [row[0] for row in asked("SELECT stream FROM sensing_observation")] == [level]
    verbs.work_out(NOW + timedelta(days=42))
    assert verbs.sweep(NOW + timedelta(days=42)) == {"dropped": 1, "deleted": 0}
    assert parts() == []
    assert len(hours(level)) == 1
    take((level, NOW + timedelta(days=43), 1.0), now=NOW + timedelta(days=43))
    assert verbs.forget_hours(NOW + timedelta(days=2_000), 10) == 2


def test_batches_are_kept_two_days(emptied):
    level = no(emptied[0])
    take((level, NOW, 1.0))
    assert verbs.forget_batches(NOW + timedelta(days=1), 10) == 0
    assert verbs.forget_batches(NOW + timedelta(days=3), 10) == 1
    assert reads.batches.newest() == (0, 0)
