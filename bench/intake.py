"""Batches of reports over HTTP until they are dispatched and durable, in reports a second.

Limit: the same rows of the same five tables (case, events, report, audit entry, idempotency key)
as raw SQL in as many transactions over as many connections: the faster of one multi-row INSERT
and one COPY a table. Reference: the INSERTs. p50 and p99 are of one batch.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import orjson

from _loading import as_bodies, conditions, cpu_seconds, load, reports, token
from _raw import Mirror
from chengyun.app.supervisor.node import Node
from chengyun.cases.models import Case
from chengyun.kernel.clock import system_clock

NAME = "intake"
UNIT = "reports/s"
SIZE = 200
WARM = 5
BATCHES = 40
LINES = 4
ROUNDS = 3


def run(node: Node) -> dict[str, object]:
    """Three rounds, the best of each way; every acknowledged report must be there."""
    key = token(node)
    drawn = reports(SIZE * (WARM + BATCHES * ROUNDS))
    bodies = as_bodies([{"items": drawn[at : at + SIZE]} for at in range(0, len(drawn), SIZE)])
    path = "/api/v1/cases/batch"
    load(node, key, path, bodies[:WARM], lines=LINES)
    rounds: list[dict[str, Any]] = []
    with Mirror(node) as mirror:
        for number in range(ROUNDS):
            start = WARM + number * BATCHES
            rounds.append(_round(node, key, path, bodies[start : start + BATCHES], mirror))
    best = max(rounds, key=lambda one: one["product"])
    inserts = max(one["inserts"] for one in rounds)
    copies = max(one["copies"] for one in rounds)
    return {
        "product": round(best["product"], 1),
        "reference": round(inserts, 1),
        "reference_name": "the same rows, one INSERT a table and transaction, psycopg pipeline",
        "limit": round(max(inserts, copies), 1),
        "limit_name": "the same rows as raw SQL, the faster of INSERT and COPY a table",
        "p50_ms": best["p50_ms"],
        "p99_ms": best["p99_ms"],
        "node_cpu_ms_per_report": round(min(one["cpu_ms"] for one in rounds), 3),
        "batch": SIZE,
        "connections": LINES,
        "dispatched": best["dispatched"],
        "rounds": [round(one["product"], 1) for one in rounds],
        **conditions(),
    }


def _round(
    node: Node, key: str, path: str, bodies: list[bytes], mirror: Mirror
) -> dict[str, float]:
    since: datetime = system_clock.now()
    spent = cpu_seconds(node)
    done = load(node, key, path, bodies, lines=LINES)
    spent = cpu_seconds(node) - spent
    results = [one for answer in done.answers for one in orjson.loads(answer)["results"]]
    assert all(one["ok"] for one in results), next(one for one in results if not one["ok"])
    ids = [UUID(one["id"]) for one in results]
    assert Case.objects.filter(pk__in=ids).count() == len(set(ids)) == SIZE * len(done.answers)
    batches = mirror.batches(mirror.kept(ids, since), SIZE)
    p50, p99 = np.percentile(done.took, [50, 99]) * 1000
    return {
        "product": len(ids) / done.seconds,
        "inserts": len(ids) / mirror.inserts(batches, LINES),
        "copies": len(ids) / mirror.copies(batches, LINES),
        "cpu_ms": spent / len(ids) * 1000,
        "p50_ms": round(float(p50), 1),
        "p99_ms": round(float(p99), 1),
        "dispatched": sum(one["state"] == "pending_handle" for one in results) / len(results),
    }
