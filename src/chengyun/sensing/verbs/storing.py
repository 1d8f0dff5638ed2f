"""Writing readings into the partitions of their days, and finding those that are there."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection, transaction
from psycopg import sql

from chengyun.sensing.decide.judging import Asked
from chengyun.sensing.decide.knowing import StreamFact
from chengyun.sensing.decide.packing import as_copy
from chengyun.sensing.decide.readings import LATE, MAINTENANCE, Ints, Readings

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
# Days that are certainly there: asked for by this process, in a transaction that was committed.
_days: dict[int, str] = {}


def instant(microseconds: int) -> datetime:
    """Microseconds since 1970 as an instant."""
    return _1970 + timedelta(microseconds=microseconds)


def microseconds(at: datetime) -> int:
    """An instant as microseconds since 1970."""
    return (at - _1970) // timedelta(microseconds=1)


def forget_days() -> None:
    """Ask for every partition anew (for tests, and after days were dropped)."""
    _days.clear()


def part(day: int, *, history: bool) -> str:
    """The table that holds a day (days since 1970), made if need be.

    Old days of history share a table by month: years of hourly readings are few rows a day.
    """
    if day in _days:
        return _days[day]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sensing_part(%s, %s)", [instant(day * DAY_US), history])
        name: str = cursor.fetchone()[0]

    def remember() -> None:
        _days[day] = name

    if not history:
        transaction.on_commit(remember)
    return name


def store(new: Readings, *, history: bool) -> None:
    """Write readings that are certainly new, by binary COPY into the tables of their days."""
    for name, rows in _by_part(new.at, history):
        worded = [row for row in rows.tolist() if row in new.words] if new.words else []
        plain = np.setdiff1d(rows, worded) if worded else rows
        with connection.cursor() as wrapped, connection.wrap_database_errors:
            cursor: Any = wrapped.cursor
            if len(plain):
                into = sql.SQL("COPY {} (stream, at, value, flags) FROM STDIN (FORMAT BINARY)")
                with cursor.copy(into.format(sql.Identifier(name))) as copy:
                    copy.write(
                        as_copy(
                            new.stream[plain], new.at[plain], new.value[plain], new.flags[plain]
                        )
                    )
            if worded:
                _store_words(cursor, name, new, worded)


def _store_words(cursor: Any, name: str, new: Readings, rows: list[int]) -> None:
    into = sql.SQL("COPY {} (stream, at, flags, word) FROM STDIN").format(sql.Identifier(name))
    with cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(
                (
                    int(new.stream[row]),
                    instant(int(new.at[row])),
                    int(new.flags[row]),
                    new.words[row],
                )
            )


def _by_part(at: Ints, history: bool) -> Iterator[tuple[str, Ints]]:
    days = at // DAY_US
    by_name: dict[str, list[int]] = {}
    if not len(days):
        return
    if days[0] == days[-1] and not (days != days[0]).any():
        yield part(int(days[0]), history=history), np.arange(len(at))
        return
    for day in np.unique(days).tolist():
        by_name.setdefault(part(day, history=history), []).append(day)
    for name, held in by_name.items():
        yield name, np.flatnonzero(np.isin(days, held))


_FIND = """
SELECT o.stream, (extract(epoch FROM o.at) * 1000000)::bigint, o.value, o.word
FROM unnest(%s::bigint[], %s::timestamptz[]) AS w(stream, at)
JOIN sensing_observation o ON o.stream = w.stream AND o.at = w.at
WHERE o.at BETWEEN %s AND %s AND o.stream BETWEEN %s AND %s
"""
_CHANGE = f"""
UPDATE sensing_observation o
SET value = w.value, word = w.word, flags = w.flags | (o.flags & {LATE | MAINTENANCE})
FROM unnest(%s::bigint[], %s::timestamptz[], %s::float8[], %s::text[], %s::int[])
    AS w(stream, at, value, word, flags)
WHERE o.stream = w.stream AND o.at = w.at
    AND o.at BETWEEN %s AND %s AND o.stream BETWEEN %s AND %s
"""  # noqa: S608


def _hours(at: Ints, rows: Ints) -> Iterator[Ints]:
    """Rows by the hour: a live day is searched by its BRIN index, and narrow windows are cheap."""
    hours = at[rows] // HOUR_US
    order = np.argsort(hours, kind="stable")
    cuts = np.flatnonzero(np.diff(hours[order])) + 1
    yield from (rows[piece] for piece in np.split(order, cuts))


def _frame(stream: Ints, at: Ints) -> list[Any]:
    return [
        instant(int(at.min())),
        instant(int(at.max())),
        int(stream.min()),
        int(stream.max()),
    ]


def find(
    streams: Ints, asked: Asked, rows: Ints, words: Mapping[int, StreamFact]
) -> dict[tuple[int, int], float]:
    """(who, at) → value of those of the rows that are in the store; a word by its place.

    Args:
        streams: who → stream number.
        words: facts of the streams, for the lists of their words.
    """
    places = {int(no): who for who, no in enumerate(streams.tolist())}
    found: dict[tuple[int, int], float] = {}
    with connection.cursor() as cursor:
        for piece in _hours(asked.at, rows):
            stream, at = streams[asked.who[piece]], asked.at[piece]
            instants = [instant(one) for one in at.tolist()]
            cursor.execute(_FIND, [stream.tolist(), instants, *_frame(stream, at)])
            for no, when, value, word in cursor.fetchall():
                known = value if word is None else _place(word, words[no].values)
                found[places[no], int(when)] = known
    return found


def _place(word: str, values: tuple[str, ...]) -> float:
    """A word's place in its property's list; -1 once the list has it no more."""
    return float(values.index(word)) if word in values else -1.0


def change(again: Readings) -> None:
    """Replace the values of readings that are in the store, keeping when they came."""
    with connection.cursor() as cursor:
        for piece in _hours(again.at, np.arange(len(again))):
            stream, at = again.stream[piece], again.at[piece]
            worded = [again.words.get(row) for row in piece.tolist()]
            values = [
                None if word is not None else value
                for word, value in zip(worded, again.value[piece].tolist(), strict=True)
            ]
            cursor.execute(
                _CHANGE,
                [
                    stream.tolist(),
                    [instant(one) for one in at.tolist()],
                    values,
                    worded,
                    again.flags[piece].tolist(),
                    *_frame(stream, at),
                ],
            )
