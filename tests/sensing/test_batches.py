"""Batches in commit order, for followers."""

from datetime import timedelta

import numpy as np
from django.db import transaction

from chengyun.sensing import reads, verbs
from tests.sensing.senses import NOW, no, readings

_BEFORE = NOW - timedelta(minutes=10)


def take(*rows):
    return verbs.take(readings(rows), now=NOW, door="test")


def test_a_batch_is_read_as_it_was_written(committed_things):
    a, b = (no(code) for code in committed_things[:2])
    take((b, _BEFORE, 1.0), (a, NOW, 2.0), (a, _BEFORE, 1.0))
    [batch] = reads.batches.after(0, 0, 10)
    assert batch.recorded_at == NOW
    assert batch.readings.stream.tolist() == [a, a, b]
    assert sorted(batch.readings.value.tolist()) == [1.0, 1.0, 2.0]
    assert reads.batches.newest() == (batch.xid, batch.seq)
    assert reads.batches.after(batch.xid, batch.seq, 10) == []


def test_a_batch_holds_what_is_new_or_corrected(committed_things):
    level = no(committed_things[0])
    take((level, _BEFORE, 1.0), (level, NOW, 1.5))
    take((level, _BEFORE, 1.0), (level, NOW, 2.0))
    take((level, _BEFORE, 1.0))
    [first, second] = reads.batches.after(0, 0, 10)
    assert second.readings.value.tolist() == [2.0]
    assert (first.xid, first.seq) < (second.xid, second.seq)
    assert [one.xid for one in reads.batches.after(0, 0, 1)] == [first.xid]


def test_words_travel_with_the_batch(committed_things):
    mode, level = no(committed_things[0], "mode"), no(committed_things[0])
    take((mode, _BEFORE, "auto"), (level, NOW, 1.0), (mode, NOW, "off"))
    [batch] = reads.batches.after(0, 0, 10)
    said = {batch.readings.stream[row]: word for row, word in batch.readings.words.items()}
    assert set(said) == {mode}
    assert sorted(batch.readings.words.values()) == ["auto", "off"]
    assert np.isnan(batch.readings.value[batch.readings.stream == mode]).all()


def test_what_is_not_committed_is_not_given_out(committed_things):
    with transaction.atomic():
        take((no(committed_things[0]), NOW, 1.0))
        assert reads.batches.after(0, 0, 10) == []
        transaction.set_rollback(True)
    assert reads.batches.newest() == (0, 0)
