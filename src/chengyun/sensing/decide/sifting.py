"""Which readings of a batch are sound, and why the others are not."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from chengyun.sensing.decide.judging import Asked, Marks
from chengyun.sensing.decide.knowing import Columns, StreamFact
from chengyun.sensing.decide.readings import Floats, Ints, Readings, Refused

OLDEST_US = 946_684_800_000_000  # 2000-01-01
_UNKNOWN = ("stream", "There is no such datastream.", "unknown_stream")
_RETIRED = ("stream", "The thing is retired.", "retired")
_ANCIENT = ("at", "Before the year 2000: the clock is wrong.", "before_2000")
_OLD = ("at", "Older than late readings are taken.", "too_late")
_AHEAD = ("at", "In the future.", "in_the_future")
_NUMBER = ("value", "Not a finite number.", "not_a_number")
_TRUTH = ("value", "A truth is 0 or 1.", "not_a_truth")
_WORD = ("value", "None of the words of this property.", "unknown_word")
_WORDLESS = ("value", "This property is a number, not a word.", "not_a_number")


@dataclass(frozen=True, slots=True)
class Sifted:
    """The sound readings, sorted by stream, and the refused ones by their place in the batch.

    Attributes:
        places: the streams of the batch, as places in the register's columns.
        worded: row → whether its value is a word. words: row → that word.
    """

    asked: Asked
    places: Ints
    worded: Marks
    words: dict[int, str]
    refused: tuple[Refused, ...]


def sift(
    given: Readings,
    columns: Columns,
    facts: Mapping[int, StreamFact],
    *,
    oldest: int,
    newest: int,
) -> Sifted:
    """Sort out a batch. Of several faults of a row the first counts: stream, time, value.

    Args:
        oldest, newest: the instants taken, in microseconds.
    """
    stream, at = np.asarray(given.stream, np.int64), np.asarray(given.at, np.int64)
    value = np.asarray(given.value, np.float64)
    rows, found = columns.rows_of(stream)
    fault = np.zeros(len(stream), np.int8)
    reasons = (None, _UNKNOWN, _RETIRED, _ANCIENT, _OLD, _AHEAD, _WORD, _WORDLESS, _NUMBER, _TRUTH)
    if len(columns.no):
        value = _with_words(given, value, stream, rows, found, columns, facts, fault)
        fault[~np.isfinite(value) & (fault == 0)] = 8
        fault[columns.truth[rows] & (value != 0) & (value != 1) & (fault == 0)] = 9
        fault[at > newest] = 5
        fault[at < oldest] = 4
        fault[at < OLDEST_US] = 3
        fault[~columns.open[rows]] = 2
    fault[~found] = 1
    bad = np.flatnonzero(fault)
    refused = tuple(
        Refused(row, *reason)
        for row, kind in zip(bad.tolist(), fault[bad].tolist(), strict=True)
        if (reason := reasons[kind]) is not None
    )
    kept = np.flatnonzero(fault == 0) if len(bad) else np.arange(len(stream))
    return _sorted(given, value, rows, kept, columns, refused)


def _with_words(
    given: Readings,
    value: Floats,
    stream: Ints,
    rows: Ints,
    found: Marks,
    columns: Columns,
    facts: Mapping[int, StreamFact],
    fault: np.ndarray[tuple[int], np.dtype[np.int8]],
) -> Floats:
    """The values with each word replaced by its place in its property's list; marks faults."""
    wordless = columns.worded[rows] & found
    if not given.words and not wordless.any():
        return value
    value = value.copy()
    for row, word in given.words.items():
        if not 0 <= row < len(stream) or not found[row]:
            continue
        wordless[row] = False
        values = facts[int(stream[row])].values
        if not columns.worded[rows[row]]:
            fault[row] = 7
        elif word in values:
            value[row] = values.index(word)
        else:
            fault[row] = 6
    fault[wordless] = 6
    return value


def _sorted(
    given: Readings,
    value: Floats,
    rows: Ints,
    kept: Ints,
    columns: Columns,
    refused: tuple[Refused, ...],
) -> Sifted:
    places, order = rows[kept], kept
    if (places[1:] < places[:-1]).any():
        way = np.argsort(places, kind="stable")
        places, order = places[way], kept[way]
    first = np.ones(len(places), np.bool_)
    np.not_equal(places[1:], places[:-1], out=first[1:])
    who = np.cumsum(first) - 1
    asked = Asked(who, np.asarray(given.at, np.int64)[order], value[order])
    heads = places[first]
    worded = columns.worded[places]
    words = {}
    if given.words:
        words = {
            new: given.words[old] for new, old in enumerate(order.tolist()) if old in given.words
        }
    return Sifted(asked, heads, worded, words, refused)
