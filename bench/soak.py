"""Readings for as long as asked at a bounded rate, with rules and retention going on: does memory
stay, and does the store give back what it may no longer keep?

Two writers hand over CHENGYUN_BENCH_RATE readings a second (2,000) for CHENGYUN_BENCH_MINUTES (5);
one in ten belongs to the days before, back to a week, of streams that keep two days. Each minute
hours are worked out and readings past their time given up, as the node's own jobs do by the hour;
`past_their_time` are those that wait for their day's next turn. Memory is each process's own
(anonymous pages), read at five moments. Product: readings stored a second. `mib_per_hour` is the
slope of all processes together over the second half, when caches are warm.
"""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from django.db import connection, transaction

from _rules import PROPERTY, caught_up, kind_of, load_rules, load_senses
from chengyun.app.supervisor.linux import children_of
from chengyun.app.supervisor.node import Node
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.places.models import City
from chengyun.sensing import reads, verbs
from chengyun.sensing.decide.readings import Readings
from chengyun.sensing.models import Datastream
from chengyun.sensing.verbs import NewThing

NAME = "soak"
UNIT = "readings/s"
MINUTES = float(os.environ.get("CHENGYUN_BENCH_MINUTES", "5"))
RATE = int(os.environ.get("CHENGYUN_BENCH_RATE", "2000"))
THINGS, RULES, WRITERS = 2_000, 200, 2
OLD_IN, OLD_DAYS, KEEP_DAYS = 10, 7, 2
LOOKS = 5


def run(node: Node) -> dict[str, object]:
    """Measure; at the end nothing is left of what may not be kept."""
    now = datetime.now(UTC)
    streams = _register(now)
    load_rules(now, RULES)
    ending = time.perf_counter() + MINUTES * 60
    stored: list[int] = []
    writers = [
        threading.Thread(target=_write, args=(part, ending, stored, n))
        for n, part in enumerate(np.array_split(streams, WRITERS))
    ]
    started = time.perf_counter()
    looks = [(0.0, memory(node))]
    for one in writers:
        one.start()
    dropped = 0
    for look in range(1, LOOKS):
        while time.perf_counter() < started + MINUTES * 60 * look / (LOOKS - 1):
            time.sleep(min(60.0, MINUTES * 15))
            dropped += _keep_house()
        looks.append((time.perf_counter() - started, memory(node)))
    for one in writers:
        one.join()
    seconds = time.perf_counter() - started
    caught_up()
    dropped += _keep_house()
    left = _older_than(datetime.now(UTC) - timedelta(days=KEEP_DAYS + 1))
    half = looks[len(looks) // 2 :]
    totals = [sum(one.values()) for _, one in half]
    slope = np.polyfit([at / 3600 for at, _ in half], totals, 1)[0]
    return {
        "product": round(sum(stored) / seconds),
        "minutes": MINUTES,
        "readings": sum(stored),
        "given_up": dropped,
        "past_their_time": left,
        "mib": {name: [round(one.get(name, 0.0), 1) for _, one in looks] for name in looks[0][1]},
        "mib_in_all": [round(sum(one.values()), 1) for _, one in looks],
        "mib_per_hour": round(float(slope), 1),
        "load": os.getloadavg()[0],
    }


def memory(node: Node) -> dict[str, float]:
    """Anonymous MiB by service with its children; shared buffers of the database are not in it."""
    return {
        name: sum(_anonymous(pid) for pid in _family(service.pid)) / 1024
        for name, service in node.state.processes.items()
        if service.pid
    }


def _family(pid: int) -> list[int]:
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        left += children_of(found[-1])
    return found


def _anonymous(pid: int) -> int:
    try:
        said = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(x.split()[1]) for x in said.splitlines() if x.startswith("RssAnon")), 0)


def _register(now: datetime) -> np.ndarray:
    load_senses(now)
    codes = [f"soak-{n}" for n in range(THINGS)]
    city_no = City.objects.order_by("area_no").values_list("area_no", flat=True)[0]
    items = tuple(
        NewThing(code=one, kind=kind_of(n), area_no=city_no) for n, one in enumerate(codes)
    )
    assert not verbs.register_things(SYSTEM, now=now, items=items)["rejects"]
    with transaction.atomic():
        bind(SYSTEM.scope())
        Datastream.objects.update(keep_days=KEEP_DAYS)
    return np.array(sorted(reads.streams.numbers([(c, PROPERTY) for c in codes]).values()))


def _write(streams: np.ndarray, ending: float, stored: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = max(1, RATE // WRITERS)
    due = time.perf_counter()
    while time.perf_counter() < ending:
        now = datetime.now(UTC)
        micros = int(now.timestamp()) * 1_000_000
        at = micros - rng.integers(0, 1_000_000, size)
        old = rng.random(size) < 1 / OLD_IN
        at[old] -= rng.integers(0, OLD_DAYS * 86_400_000_000, int(old.sum()))
        value = np.round(10 + rng.normal(0, 0.1, size), 3)
        batch = Readings(rng.choice(streams, size), at, value, np.zeros(size, np.int32))
        stored.append(size - len(verbs.take(batch, now=now, door="bench").refused))
        due += 1.0
        time.sleep(max(0.0, due - time.perf_counter()))
    connection.close()


def _keep_house() -> int:
    now = datetime.now(UTC)
    verbs.make_days(now)
    verbs.work_out(now)
    verbs.plant_trees(now)
    done = verbs.sweep(now)
    return done["deleted"] + done["dropped"]


def _older_than(at: datetime) -> int:
    return _number("SELECT count(*) FROM sensing_observation WHERE at < %s", at)


def _number(asked: str, *values: object) -> int:
    with transaction.atomic():
        bind(SYSTEM.scope())
        with connection.cursor() as cursor:
            cursor.execute(asked, list(values))
            return int(cursor.fetchone()[0])
