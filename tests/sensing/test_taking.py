"""Readings in: each row in exactly one class, flags, days, batches."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from chengyun.sensing import reads, verbs
from chengyun.sensing.decide.readings import (
    CORRECTED,
    DOUBTFUL,
    IMPOSSIBLE,
    LATE,
    MAINTENANCE,
    STUCK,
)
from chengyun.sensing.models import Maintenance, Thing
from tests.sensing.senses import NOW, no, readings


def minute(n: float) -> datetime:
    return NOW - timedelta(hours=1) + timedelta(minutes=n)


def take(*rows: Any, door: str = "test", now: datetime = NOW) -> Any:
    return verbs.take(readings(rows), now=now, door=door)


def stored(stream: int) -> list[tuple[datetime, float | None, int, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, value, flags, word FROM sensing_observation WHERE stream = %s ORDER BY at",
            [stream],
        )
        return cursor.fetchall()


def test_readings_are_kept_once(things):
    level = no(things[0])
    rows = [(level, minute(n), float(n)) for n in range(3)]
    assert take(*rows).stored == 3
    again = take(*rows, (level, minute(3), 3.0))
    assert (again.stored, again.duplicates, again.corrected, again.late) == (1, 3, 0, 0)
    assert [row[:2] for row in stored(level)] == [(minute(n), float(n)) for n in range(4)]


def test_another_value_for_an_instant_replaces_it(things):
    level = no(things[0])
    take((level, minute(0), 1.0), (level, minute(1), 1.5))
    done = take((level, minute(0), 2.0), (level, minute(1), 2.5))
    assert (done.stored, done.corrected) == (0, 2)
    assert stored(level) == [
        (minute(0), 2.0, CORRECTED, None),
        (minute(1), 2.5, CORRECTED, None),
    ]


def test_a_correction_inside_one_batch_is_stored_once(things):
    level = no(things[0])
    done = take((level, minute(0), 1.0), (level, minute(0), 2.0), (level, minute(0), 2.0))
    assert (done.stored, done.corrected, done.duplicates) == (1, 1, 1)
    assert stored(level) == [(minute(0), 2.0, CORRECTED, None)]


def test_late_readings_are_marked_and_after_thirty_days_refused(things):
    level = no(things[0])
    take((level, minute(0), 1.0))
    done = take(
        (level, minute(-1), 1.0),
        (level, NOW - timedelta(days=29), 1.0),
        (level, NOW - timedelta(days=31), 1.0),
    )
    assert (done.stored, done.late) == (2, 2)
    assert [(one.row, one.code) for one in done.refused] == [(2, "too_late")]
    assert [row[2] for row in stored(level)] == [LATE, LATE, 0]


def test_history_is_taken_as_old_as_it_is(things):
    level = no(things[0])
    old = datetime(2012, 5, 1, tzinfo=UTC)
    assert take((level, old, 1.0), (level, minute(0), 1.0), door="import").stored == 2
    done = take((level, old, 1.0), (level, old + timedelta(hours=1), 1.0), door="import")
    assert (done.stored, done.duplicates) == (1, 1)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ((999_999, minute(0), 1.0), "unknown_stream"),
        (("level", NOW + timedelta(minutes=6), 1.0), "in_the_future"),
        (("level", datetime(1999, 12, 31, tzinfo=UTC), 1.0), "before_2000"),
        (("level", minute(0), float("nan")), "not_a_number"),
        (("level", minute(0), float("inf")), "not_a_number"),
        (("level", minute(0), "auto"), "not_a_number"),
        (("open", minute(0), 2.0), "not_a_truth"),
        (("mode", minute(0), "sideways"), "unknown_word"),
        (("mode", minute(0), 1.0), "unknown_word"),
    ],
)
def test_a_bad_row_is_refused_and_the_others_kept(things, row, code):
    stream, *rest = row
    bad = (no(things[0], stream) if isinstance(stream, str) else stream, *rest)
    good = (no(things[1]), minute(0), 1.0)
    done = take(good, bad, (no(things[2]), minute(0), 1.0))
    assert done.stored == 2
    assert [(one.row, one.code) for one in done.refused] == [(1, code)]


def test_things_that_are_retired_are_heard_no_more(things):
    take((no(things[0]), minute(0), 1.0))
    thing = Thing.objects.get(code=things[0])
    thing.state = "retired"
    thing.save()
    done = take((no(things[0]), minute(1), 1.0))
    assert [one.code for one in done.refused] == ["retired"]


def test_words_are_kept_as_words(things):
    mode = no(things[0], "mode")
    assert take((mode, minute(0), "auto"), (mode, minute(1), "off")).stored == 2
    done = take((mode, minute(0), "auto"), (mode, minute(1), "manual"))
    assert (done.duplicates, done.corrected) == (1, 1)
    assert [row[3] for row in stored(mode)] == ["auto", "manual"]


def test_flags_say_what_is_wrong_with_a_value(things):
    level, meter = no(things[0]), no(things[0], "meter")
    take(
        (level, minute(0), 1.0),
        (level, minute(1), 11.0),
        (level, minute(2), 1.0),
        (level, minute(3), 3.5),
        (meter, minute(0), 5.0),
        (meter, minute(1), 4.0),
    )
    assert [row[2] for row in stored(level)] == [0, IMPOSSIBLE, 0, DOUBTFUL]
    assert [row[2] for row in stored(meter)] == [0, DOUBTFUL]


def test_one_value_for_too_long_is_stuck_over_batches(things):
    level = no(things[0])
    take(*((level, minute(n), 1.0) for n in range(6)))
    take(*((level, minute(n), 1.0) for n in range(6, 12)))
    take((level, minute(12), 1.1))
    assert [row[2] for row in stored(level)] == [0] * 10 + [STUCK] * 2 + [0]


def test_readings_during_maintenance_say_so(things):
    thing = Thing.objects.get(code=things[0])
    Maintenance.objects.create(
        thing_id=thing.id,
        starts_at=minute(1),
        ends_at=minute(2),
        reason="cleaning",
        created_at=NOW,
    )
    take((no(things[0]), minute(0), 1.0), (no(things[0]), minute(1), 1.0))
    take((no(things[0]), minute(2), 1.0), (no(things[1]), minute(1), 1.0))
    assert [row[2] for row in stored(no(things[0]))] == [0, MAINTENANCE, 0]
    assert [row[2] for row in stored(no(things[1]))] == [0]


def test_an_empty_batch_is_nothing(things):
    assert take().stored == 0


def test_facts_follow_the_register(things):
    level = no(things[0])
    assert reads.streams.facts([level])[level].thing_code == things[0]
    Thing.objects.filter(code=things[0]).update(lon=121.0, lat=31.0)
    found = reads.streams.facts([level])[level]
    assert (found.lon, found.lat, found.unit, found.kind) == (121.0, 31.0, "m", "gauge")
