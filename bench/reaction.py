"""From a reading to a dispatched case, while ten thousand readings a second come in.

Product: readings are taken in batches of 100 ms, a thousand rules are active, and every second some
readings are over a figure; timed from the call that takes the reading to the moment another
connection sees the case on its desk. Everything between is the node's own processes.
Reference: a program that asks the table of readings every second what is over the figure, and adds
a row: what a script beside a database does, run beside it.
Limit: one transaction that reads and writes one row.
"""

import os
import threading
import time
from datetime import UTC, datetime

import numpy as np
import psycopg

from _rules import KINDS, PROPERTY, caught_up, kind_of, load_rules, load_senses
from chengyun.app.supervisor.node import Node
from chengyun.kernel.actor import SYSTEM
from chengyun.places.models import City
from chengyun.sensing import reads, verbs
from chengyun.sensing.decide.readings import Readings
from chengyun.sensing.verbs import NewThing

NAME = "reaction"
UNIT = "ms"
SECONDS = int(os.environ.get("CHENGYUN_BENCH_SECONDS", "30"))
RATE = 10_000
THINGS = 10_000
RULES = 1_000
ALARMS = 3
"""Readings over the figure each second."""
APART = 2e-3
"""Degrees between neighbours: nearer cases would wait for somebody to tell them apart."""
_STEP_S = 0.1
_CASE = {
    "kind": "GBT30428.2/event/0110",
    "condition": None,
    "text": {"zh": "{thing}水位{level}米", "en": "{thing}: level {level} m"},
}
_SEEN = (
    "SELECT s.thing_code FROM cases_case c JOIN rules_signal s ON s.case_id = c.id"
    " WHERE c.external_source = 'signal' AND c.state NOT IN ('pending_accept', 'pending_file')"
)


def run(node: Node) -> dict[str, object]:
    """Measure; every reading over the figure must be a case on a desk at the end."""
    now = datetime.now(UTC)
    load_senses(now)
    city = City.objects.order_by("area_no")[0]
    items = tuple(
        NewThing(
            code=f"bench-{n}",
            kind=kind_of(n),
            lon=city.center_lon + (n % 100 - 50) * APART,
            lat=city.center_lat + (n // 100 - 50) * APART,
        )
        for n in range(THINGS)
    )
    done = verbs.register_things(SYSTEM, now=now, items=items)
    assert not done["rejects"], done["rejects"][:3]
    load_rules(now, RULES, _CASE)
    codes = [one.code for one in items]
    numbers = reads.streams.numbers([(code, PROPERTY) for code in codes])
    streams = np.array([numbers[(code, PROPERTY)] for code in codes], np.int64)
    # A process that has just started reads a thousand rules first.
    verbs.take(_readings(streams[:KINDS], 10.0, now), now=datetime.now(UTC), door="bench")
    time.sleep(8)
    caught_up()
    url = node.database_url("owner")
    script = _Script(url)
    script.start()
    told, seen, late = _played(url, streams, codes)
    script.stop.set()
    script.join()
    missing = sorted(set(told) - set(seen))
    assert not missing, (len(missing), len(told), missing[:5])
    waits = np.array([seen[code] - told[code] for code in told]) * 1000
    p50, p99 = np.percentile(waits, [50, 99])
    return {
        "product": round(float(p99), 1),
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
        "max_ms": round(float(waits.max()), 1),
        "reference": round(_p99(told, {codes[n]: at for n, at in script.seen(streams).items()}), 1),
        "reference_name": "p99 of a script that asks for new readings over the figure every second",
        "limit": round(_one_row(url), 2),
        "limit_name": "p99 of one transaction that reads and writes one row",
        "readings_per_second": RATE,
        "behind_s": round(late, 2),
        "rules": RULES,
        "cases": len(told),
        "lower_is_better": True,
        "load": os.getloadavg()[0],
    }


def _readings(streams: np.ndarray, value: float | np.ndarray, at: datetime) -> Readings:
    size = len(streams)
    us = int(at.timestamp() * 1_000_000)
    values = np.broadcast_to(np.asarray(value, np.float64), (size,)).copy()
    when = us - np.arange(size, dtype=np.int64)[::-1]
    return Readings(streams, when, values, np.zeros(size, np.int32))


def _played(
    url: str, streams: np.ndarray, codes: list[str]
) -> tuple[dict[str, float], dict[str, float], float]:
    """When each alarm was told, when its case was seen, and how far behind the feeding was."""
    rng = np.random.default_rng(3)
    size = int(RATE * _STEP_S)
    steps = int(SECONDS / _STEP_S)
    alarms = rng.permutation(len(codes))[: SECONDS * ALARMS]
    per_step = {int(s): [] for s in range(steps)}
    for n, thing in enumerate(alarms.tolist()):
        per_step[n * steps // len(alarms)].append(thing)
    told: dict[str, float] = {}
    seen: dict[str, float] = {}
    late = 0.0
    with psycopg.connect(url, autocommit=True) as line:
        begun = time.perf_counter()
        for step in range(steps):
            own = np.array(per_step[step], np.int64)
            rest = (np.arange(size) + step * size) % len(streams)
            rest = rest[~np.isin(rest, alarms)]
            value = np.concatenate([np.full(len(own), 13.0), 10 + rng.normal(0, 0.1, len(rest))])
            rows = np.concatenate([streams[own], streams[rest]])
            started = time.perf_counter()
            told |= {codes[thing]: started for thing in own.tolist()}
            now = datetime.now(UTC)
            verbs.take(_readings(rows, value, now), now=now, door="bench")
            while (left := begun + (step + 1) * _STEP_S - time.perf_counter()) > 0:
                _look(line, seen)
                time.sleep(min(max(left, 0), 0.01))
            late = max(late, -left)
        until = time.perf_counter() + 60
        while set(told) - set(seen) and time.perf_counter() < until:
            _look(line, seen)
            time.sleep(0.01)
    return told, seen, late


def _look(line: "psycopg.Connection[tuple[str]]", seen: dict[str, float]) -> None:
    rows = line.execute(_SEEN).fetchall()
    at = time.perf_counter()
    for (code,) in rows:
        seen.setdefault(code, at)


def _p99(told: dict[str, float], seen: dict[str, float]) -> float:
    return float(np.percentile([seen[code] - told[code] for code in told], 99)) * 1000


class _Script(threading.Thread):
    """Asks once a second which readings are over the figure, and notes each."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url, self.stop = url, threading.Event()
        self._noted: dict[int, float] = {}

    def run(self) -> None:
        """Ask until told to stop, and once more then."""
        with psycopg.connect(self._url, autocommit=True) as line:
            line.execute("CREATE TABLE bench_noted (stream bigint PRIMARY KEY)")
            while True:
                last = self.stop.wait(1.0)
                rows = line.execute(
                    "INSERT INTO bench_noted SELECT DISTINCT stream FROM sensing_observation"
                    " WHERE at > now() - interval '3 seconds' AND value > 12"
                    " ON CONFLICT DO NOTHING RETURNING stream"
                ).fetchall()
                at = time.perf_counter()
                self._noted |= {row[0]: at for row in rows}
                if last:
                    break
            line.execute("DROP TABLE bench_noted")

    def seen(self, streams: np.ndarray) -> dict[int, float]:
        """When each stream's reading was noted, by its place in `streams`."""
        place = {int(no): n for n, no in enumerate(streams)}
        return {place[no]: at for no, at in self._noted.items() if no in place}


def _one_row(url: str) -> float:
    took = []
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("CREATE TABLE bench_reaction (n int, at timestamptz)")
        for n in range(500):
            started = time.perf_counter()
            with line.transaction():
                line.execute("SELECT state FROM cases_case LIMIT 1")
                line.execute("INSERT INTO bench_reaction VALUES (%s, now())", [n])
            took.append(time.perf_counter() - started)
        line.execute("DROP TABLE bench_reaction")
    return float(np.percentile(took, 99)) * 1000
