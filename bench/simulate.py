"""A small week of the simulated city: cases/s through the real moves, beside plain INSERTs.

Product: `simulate` over seven days, from the first report to the last step, photos drawn and kept.
Reference: the rows it wrote into its four main tables, inserted again one statement a row, in
transactions of a hundred cases, into tables made alike; it draws nothing and decides nothing.
Limit: the same rows, one statement for each table and transaction.
"""

import json
import os
import subprocess
import time
from typing import Any

import psycopg
from psycopg import sql

from chengyun.app.supervisor.node import Node, manage_command

NAME = "simulate"
UNIT = "cases/s"
SCALE = 0.005
START = "2026-03-02"
_SCHEMA = "bench_simulated"
_CASES = "SELECT id FROM public.cases_case WHERE simulated"
# Only constants go into these.
_TABLES = {
    "cases_case": "SELECT * FROM public.cases_case WHERE simulated ORDER BY id",
    "kernel_event": f"SELECT * FROM public.kernel_event WHERE subject_id IN ({_CASES})",  # noqa: S608
    "cases_report": f"SELECT * FROM public.cases_report WHERE case_id IN ({_CASES})",  # noqa: S608
    "cases_casephoto": f"SELECT * FROM public.cases_casephoto WHERE case_id IN ({_CASES})",  # noqa: S608
}
_AT_ONCE = 100


def run(node: Node | None) -> dict[str, object]:
    """Measure on a node of its own."""
    assert node is not None
    words = ["--days", "7", "--seed", "bench", "--scale", str(SCALE), "--start", START, "--json"]
    command = manage_command("simulate", *words)
    done = subprocess.run(
        command, env=node.environment("bulk"), stdout=subprocess.PIPE, text=True, check=True
    )
    account = json.loads(done.stdout)
    assert account["whole"], account
    singly, together = _inserts(node, int(account["cases"]))
    return {
        "product": account["cases_per_s"],
        "reference": round(singly, 1),
        "reference_name": "the same rows, one INSERT a row",
        "limit": round(together, 1),
        "limit_name": "the same rows, one INSERT a table and hundred cases",
        "cases": account["cases"],
        "events_per_s": account["events_per_s"],
        "moves_refused": sum(account["moves_refused"].values()),
        "peak_mb": account["memory_mb"],
        "load": os.getloadavg()[0],
    }


def _inserts(node: Node, cases: int) -> tuple[float, float]:
    """Cases/s of inserting the rows again, one by one and many at once."""
    with psycopg.connect(node.database_url("owner"), autocommit=True) as owner:
        owner.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
        owner.execute(f"CREATE SCHEMA {_SCHEMA}")
        try:
            return cases / _fill(owner, cases, singly=True), cases / _fill(owner, cases)
        finally:
            owner.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")


def _fill(owner: psycopg.Connection[Any], cases: int, *, singly: bool = False) -> float:
    """Seconds to insert every row into fresh tables; pieces are as many as the cases ask for."""
    pieces = max(1, cases // _AT_ONCE)
    seconds = 0.0
    for table, chosen in _TABLES.items():
        owner.execute(f"DROP TABLE IF EXISTS {_SCHEMA}.{table}")
        owner.execute(f"CREATE TABLE {_SCHEMA}.{table} (LIKE public.{table} INCLUDING ALL)")
        names = [
            name
            for (name,) in owner.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = %s"
                " AND table_name = %s AND is_identity = 'NO' ORDER BY ordinal_position",
                [_SCHEMA, table],
            )
        ]
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        # Constants above, and names out of the catalogue.
        rows = owner.execute(
            sql.SQL("SELECT {} FROM ({}) AS kept").format(
                sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(n)) for n in names),
                sql.SQL(chosen),  # type: ignore[arg-type]
            )
        ).fetchall()
        kinds = dict(
            owner.execute(
                "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0",
                [f"{_SCHEMA}.{table}"],
            ).fetchall()
        )
        line = sql.SQL("({})").format(
            sql.SQL(", ").join(sql.SQL("%s::{}").format(sql.SQL(kinds[n])) for n in names)
        )
        into = sql.SQL("INSERT INTO {} ({}) VALUES ").format(
            sql.Identifier(_SCHEMA, table), columns
        )
        size = -(-len(rows) // pieces) or 1
        started = time.perf_counter()
        for first in range(0, len(rows), size):
            some = rows[first : first + size]
            with owner.transaction():
                if singly:
                    for row in some:
                        owner.execute(into + line, row)
                    continue
                # The protocol takes 65,535 parameters at most.
                most = 60_000 // len(names)
                for at in range(0, len(some), most):
                    part = some[at : at + most]
                    text = into + sql.SQL(", ").join([line] * len(part))
                    owner.execute(text, [value for row in part for value in row])
        seconds += time.perf_counter() - started
    return seconds
