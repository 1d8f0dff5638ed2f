"""Observations in batches, from columns to committed rows: quality, dedup, newest values, log.

Product: `sensing.verbs.take`, two writers on streams of their own, each batch one transaction; one
row in a thousand is late and one in a thousand was given before. A thousand rules are active, ten
for each kind of things: `watched` is the rate until the last reading was looked at by its rules too
(by the node's own process, on the same cores). `single_writer` is one writer alone.
Limit: binary COPY of the same rows, ready-made, into a table made alike with its index, in as many
transactions by as many writers. Reference: a plain executemany INSERT of them.
"""

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import psycopg
from django.db import connection

from _rules import PROPERTY, caught_up, kind_of, load_rules, load_senses
from chengyun.app.supervisor.node import Node
from chengyun.kernel.actor import SYSTEM
from chengyun.places.models import City
from chengyun.sensing import reads, verbs
from chengyun.sensing.decide.packing import as_copy
from chengyun.sensing.decide.readings import Readings
from chengyun.sensing.verbs import NewThing

NAME = "ingest"
UNIT = "observations/s"
WRITERS = 2
THINGS = int(os.environ.get("CHENGYUN_BENCH_THINGS", "10000"))
BATCH = 20_000
RULES = 1_000
BATCHES = int(os.environ.get("CHENGYUN_BENCH_BATCHES", "60"))
ODD = 1_000
"""One row of so many is late, and another given before."""
PLAIN = 20_000
_TABLE = "bench_ingest"


def run(node: Node) -> dict[str, object]:
    """Measure; every row must be there once at the end."""
    now = datetime.now(UTC)
    streams = _register(now)
    parts = np.array_split(streams, WRITERS)
    load_rules(now, RULES)
    before = _count()
    work = [_batches(part, BATCHES // WRITERS, now - timedelta(hours=3)) for part in parts]
    given = sum(len(batch) for batches in work for batch in batches)
    took: list[float] = []
    started = time.perf_counter()
    seconds = _together([_taking(batches, now, took) for batches in work])
    product = given / seconds
    caught_up()
    watched = given / (time.perf_counter() - started)
    again = sum(len(batches) * _again(BATCH) for batches in work)
    assert _count() - before == given - again, (_count() - before, given, again)
    alone = _batches(streams, BATCHES // 4, now - timedelta(hours=1))
    started = time.perf_counter()
    _taking(alone, now, [])()
    single = sum(map(len, alone)) / (time.perf_counter() - started)
    p50, p99 = np.percentile(took, [50, 99]) * 1000
    url = node.database_url("owner")
    return {
        "product": round(product),
        "watched": round(watched),
        "rules": RULES,
        "single_writer": round(single),
        "limit": round(_copied(url, work)),
        "limit_name": "binary COPY of the same rows into a table with the same BRIN index",
        "reference": round(_plain(url, work[0][0])),
        "reference_name": "executemany INSERT, 1,000 rows a transaction",
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
        "rows": given,
        "streams": len(streams),
        "batch": BATCH,
        "load": os.getloadavg()[0],
    }


def _register(now: datetime) -> np.ndarray:
    load_senses(now)
    codes = [f"bench-{n}" for n in range(THINGS)]
    city_no = City.objects.order_by("area_no").values_list("area_no", flat=True)[0]
    items = tuple(
        NewThing(code=code, kind=kind_of(n), area_no=city_no) for n, code in enumerate(codes)
    )
    done = verbs.register_things(SYSTEM, now=now, items=items)
    assert not done["rejects"], done["rejects"][:3]
    numbers = reads.streams.numbers([(code, PROPERTY) for code in codes])
    return np.array(sorted(numbers.values()), np.int64)


def _again(size: int) -> int:
    return size // ODD


def _batches(streams: np.ndarray, count: int, start: datetime) -> list[Readings]:
    """Readings a second apart in turn of all streams, as a door hands them over."""
    rng = np.random.default_rng(7)
    first = int(start.timestamp()) * 1_000_000
    out = []
    for number in range(count):
        n = np.arange(number * BATCH, (number + 1) * BATCH)
        stream = streams[n % len(streams)]
        at = first + (n // len(streams)) * 1_000_000
        value = np.round(10 + np.sin(n / 1e5) + rng.normal(0, 0.1, BATCH), 3)
        odd = np.arange(0, BATCH - ODD, ODD)
        # Late by a minute and half a second: a new instant. Given again: the row before it.
        at[odd] -= 60_500_000
        for column in (stream, at, value):
            column[odd + 2] = column[odd + 1]
        extra = BATCH - ODD
        for column in (stream, at, value):
            column[extra + 2] = column[extra + 1]
        out.append(Readings(stream, at, value, np.zeros(BATCH, np.int32)))
    return out


def _taking(batches: list[Readings], now: datetime, took: list[float]) -> Callable[[], None]:
    def work() -> None:
        for batch in batches:
            started = time.perf_counter()
            done = verbs.take(batch, now=now, door="bench")
            took.append(time.perf_counter() - started)
            assert not done.refused, done.refused[:3]
        connection.close()

    return work


def _together(jobs: list[Callable[[], None]]) -> float:
    threads = [threading.Thread(target=job) for job in jobs]
    started = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return time.perf_counter() - started


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sensing_observation o JOIN sensing_datastream d"
            " ON d.no = o.stream WHERE d.property_id = 'bench_level'"
        )
        return int(cursor.fetchone()[0])


def _copied(url: str, work: list[list[Readings]]) -> float:
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"DROP TABLE IF EXISTS {_TABLE}")
        owner.execute(f"CREATE TABLE {_TABLE} (LIKE sensing_observation)")
        owner.execute(
            f"CREATE INDEX ON {_TABLE} USING brin (at, stream)"
            " WITH (pages_per_range = 16, autosummarize = on)"
        )
    ready = [[as_copy(b.stream, b.at, b.value, b.flags) for b in batches] for batches in work]

    def copying(documents: list[bytes]) -> Callable[[], None]:
        def write() -> None:
            with psycopg.connect(url) as line:
                for document in documents:
                    into = f"COPY {_TABLE} (stream, at, value, flags) FROM STDIN (FORMAT BINARY)"
                    with line.cursor().copy(into) as copy:
                        copy.write(document)
                    line.commit()

        return write

    rows = sum(len(batch) for batches in work for batch in batches)
    return rows / _together([copying(documents) for documents in ready])


def _plain(url: str, batch: Readings) -> float:
    rows = [
        (stream, datetime.fromtimestamp(at / 1e6, UTC), value, 0)
        for stream, at, value in zip(
            batch.stream[:PLAIN].tolist(),
            batch.at[:PLAIN].tolist(),
            batch.value[:PLAIN].tolist(),
            strict=True,
        )
    ]
    with psycopg.connect(url) as line:
        started = time.perf_counter()
        for first in range(0, len(rows), 1_000):
            line.cursor().executemany(
                f"INSERT INTO {_TABLE} (stream, at, value, flags)"  # noqa: S608
                " VALUES (%s, %s, %s, %s)",
                rows[first : first + 1_000],
            )
            line.commit()
        seconds = time.perf_counter() - started
        line.execute(f"DROP TABLE {_TABLE}")
    return len(rows) / seconds
