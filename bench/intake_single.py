"""Reports over HTTP one by one until they are dispatched and durable.

Product: at saturation. Reference: the same rows (case, events, report, audit entry, idempotency
key) as raw SQL, a transaction a report, an INSERT a row as a program would write it. Limit: the
same, prepared and pipelined, one statement a table. p50 and p99: at 100 reports a second sent at
fixed instants, whether or not earlier ones were answered.
"""

from typing import Any
from uuid import UUID

import numpy as np
import orjson

from _loading import as_bodies, conditions, cpu_seconds, load, reports, token
from _raw import Mirror
from chengyun.app.supervisor.node import Node
from chengyun.cases.models import Case
from chengyun.kernel.clock import system_clock

NAME = "intake-single"
UNIT = "reports/s"
PATH = "/api/v1/cases"
WARM = 200
COUNT = 1_000
LINES = 8
ROUNDS = 2
RATE = 100
PACED = 800


def run(node: Node) -> dict[str, object]:
    """Three rounds of each, the best of each; every acknowledged report must be there."""
    key = token(node)
    bodies = as_bodies(reports(WARM + (COUNT + PACED) * ROUNDS))
    load(node, key, PATH, bodies[:WARM], lines=LINES)
    rounds: list[dict[str, float]] = []
    with Mirror(node) as mirror:
        for number in range(ROUNDS):
            start = WARM + number * (COUNT + PACED)
            some = bodies[start : start + COUNT + PACED]
            rounds.append(_saturated(node, key, some[:COUNT], mirror) | _paced(node, key, some))
    best = max(rounds, key=lambda one: one["product"])
    paced = min(rounds, key=lambda one: one["p99_ms"])
    return {
        "product": round(best["product"], 1),
        "reference": round(max(one["plain"] for one in rounds), 1),
        "reference_name": "the same rows as raw SQL, an INSERT a row, a transaction a report",
        "limit": round(max(one["pipelined"] for one in rounds), 1),
        "limit_name": "the same rows as raw SQL, prepared and pipelined, a transaction a report",
        "p50_ms": round(paced["p50_ms"], 1),
        "p99_ms": round(paced["p99_ms"], 1),
        "node_cpu_ms_per_report": round(min(one["cpu_ms"] for one in rounds), 3),
        "latency_at": f"{RATE}/s, open loop",
        "connections": LINES,
        "dispatched": round(best["dispatched"], 3),
        "rounds": [round(one["product"], 1) for one in rounds],
        "rounds_p99_ms": [round(one["p99_ms"], 1) for one in rounds],
        **conditions(),
    }


def _saturated(node: Node, key: str, bodies: list[bytes], mirror: Mirror) -> dict[str, float]:
    since = system_clock.now()
    spent = cpu_seconds(node)
    done = load(node, key, PATH, bodies, lines=LINES)
    spent = cpu_seconds(node) - spent
    kept: list[dict[str, Any]] = [orjson.loads(answer) for answer in done.answers]
    ids = [UUID(one["id"]) for one in kept]
    assert Case.objects.filter(pk__in=ids).count() == len(set(ids)) == len(done.answers)
    batches = mirror.batches(mirror.kept(ids, since), 1)
    return {
        "product": len(ids) / done.seconds,
        "cpu_ms": spent / len(ids) * 1000,
        "plain": len(ids) / mirror.statements(batches, LINES),
        "pipelined": len(ids) / mirror.inserts(batches, LINES),
        "dispatched": sum(one["state"] == "pending_handle" for one in kept) / len(kept),
    }


def _paced(node: Node, key: str, bodies: list[bytes]) -> dict[str, float]:
    done = load(node, key, PATH, bodies[COUNT:], lines=LINES * 2, rate=RATE)
    p50, p99 = np.percentile(done.took, [50, 99]) * 1000
    return {"p50_ms": float(p50), "p99_ms": float(p99)}
