"""The same rows in raw SQL: what the database alone can take, in as many transactions.

The rows are those the product wrote a moment ago, into tables made alike (columns, constraints,
indexes) in a schema of their own, so that nothing of the node is touched.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

import psycopg
from psycopg import sql

from chengyun.app.supervisor.node import Node
from chengyun.kernel.ids import new_id

SCHEMA = "bench_raw"
TABLES = (
    "cases_case",
    "kernel_event",
    "cases_report",
    "kernel_auditentry",
    "kernel_idempotencykey",
)
Rows = dict[str, list[tuple[Any, ...]]]


class Mirror:
    """Tables like the product's, and the statements that fill them. Drops them on exit."""

    def __init__(self, node: Node) -> None:
        self.url = node.database_url("owner")
        self.columns: dict[str, list[tuple[str, str]]] = {}

    def __enter__(self) -> Self:
        with psycopg.connect(self.url) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
            connection.execute(f"CREATE SCHEMA {SCHEMA}")
            for table in TABLES:
                connection.execute(
                    sql.SQL("CREATE TABLE {} (LIKE public.{} INCLUDING ALL)").format(
                        sql.Identifier(SCHEMA, table), sql.Identifier(table)
                    )
                )
                self.columns[table] = connection.execute(
                    "SELECT column_name, CASE WHEN data_type = 'ARRAY' THEN"
                    " ltrim(udt_name, '_') || '[]' ELSE udt_name END"
                    " FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
                    # A sequence gives these, as it does for the product.
                    " AND NOT (table_name = 'kernel_idempotencykey' AND column_name = 'id')"
                    " AND column_name NOT IN ('seq', 'xid') ORDER BY ordinal_position",
                    [SCHEMA, table],
                ).fetchall()
        return self

    def __exit__(self, *_: object) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")

    def kept(self, case_ids: Sequence[UUID], since: Any) -> Rows:
        """The rows the product wrote for these cases, values as text."""
        about = {
            "cases_case": "id = ANY(%(ids)s)",
            "kernel_event": "subject_id = ANY(%(ids)s)",
            "cases_report": "case_id = ANY(%(ids)s)",
            "kernel_auditentry": "verb LIKE 'cases.report%%' AND at >= %(since)s",
            "kernel_idempotencykey": "verb LIKE 'cases.report%%' AND created_at >= %(since)s",
        }
        order = {"kernel_event": "seq", "kernel_auditentry": "at", "kernel_idempotencykey": "id"}
        found: Rows = {}
        with psycopg.connect(self.url) as connection:
            # The tables' owner is under no row security.
            for table in TABLES:
                names = ", ".join(f"{name}::text" for name, _ in self.columns[table])
                found[table] = connection.execute(
                    f"SELECT {names} FROM public.{table} WHERE {about[table]}"  # noqa: S608
                    f" ORDER BY {order.get(table, 'id')}",
                    {"ids": list(case_ids), "since": since},
                ).fetchall()
        return found

    def batches(self, rows: Rows, size: int) -> list[Rows]:
        """The rows of each transaction: `size` cases, their events and reports, one audit entry,
        one key; ids of cases, events and reports new, so that indexes grow as they did."""
        fresh = {row[0]: str(new_id()) for row in rows["cases_case"]}
        by_case: dict[str, dict[str, list[tuple[Any, ...]]]] = {
            old: {table: [] for table in TABLES} for old in fresh
        }
        places = {t: [name for name, _ in self.columns[t]] for t in TABLES}
        for row in rows["cases_case"]:
            by_case[row[0]]["cases_case"].append((fresh[row[0]], *row[1:]))
        for table, link in (("kernel_event", "subject_id"), ("cases_report", "case_id")):
            at = places[table].index(link)
            for row in rows[table]:
                changed = list(row)
                changed[0], changed[at] = str(new_id()), fresh[row[at]]
                by_case[row[at]][table].append(tuple(changed))
        cases = list(by_case.values())
        audits, keys = rows["kernel_auditentry"], rows["kernel_idempotencykey"]
        found = []
        for number, start in enumerate(range(0, len(cases), size)):
            some = cases[start : start + size]
            batch: Rows = {
                table: [row for one in some for row in one[table]] for table in TABLES[:3]
            }
            batch["kernel_auditentry"] = [(str(new_id()), *audits[number % len(audits)][1:])]
            batch["kernel_idempotencykey"] = [keys[number % len(keys)]] if keys else []
            found.append(batch)
        return found

    def inserts(self, batches: Sequence[Rows], lines: int) -> float:
        """Seconds for one multi-row INSERT a table and transaction, over some connections."""
        texts = {
            table: sql.SQL("INSERT INTO {} ({}) SELECT {} FROM unnest({}) AS r({})").format(
                sql.Identifier(SCHEMA, table),
                sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
                sql.SQL(", ").join(
                    sql.SQL("{}::{}").format(sql.Identifier(name), sql.SQL(kind))
                    for name, kind in columns
                ),
                sql.SQL(", ").join([sql.SQL("%b::text[]")] * len(columns)),
                sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
            )
            for table, columns in self.columns.items()
        }

        def one(connection: psycopg.Connection[Any], batch: Rows) -> None:
            with connection.pipeline(), connection.transaction():
                for table, rows in batch.items():
                    if rows:
                        columns = [list(column) for column in zip(*rows, strict=True)]
                        connection.execute(texts[table], columns)

        return self._run(batches, lines, one)

    def statements(self, batches: Sequence[Rows], lines: int) -> float:
        """Seconds for a plain INSERT a row, each waiting for its answer, over some connections."""
        texts = {
            table: sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(SCHEMA, table),
                sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
                sql.SQL(", ").join(sql.SQL("%s::{}").format(sql.SQL(kind)) for _, kind in columns),
            )
            for table, columns in self.columns.items()
        }

        def one(connection: psycopg.Connection[Any], batch: Rows) -> None:
            with connection.transaction():
                for table, rows in batch.items():
                    for row in rows:
                        connection.execute(texts[table], row)

        return self._run(batches, lines, one)

    def copies(self, batches: Sequence[Rows], lines: int) -> float:
        """Seconds for one COPY a table and transaction, over some connections."""
        texts = {
            table: sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(SCHEMA, table),
                sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns),
            )
            for table, columns in self.columns.items()
        }

        def one(connection: psycopg.Connection[Any], batch: Rows) -> None:
            with connection.transaction():
                for table, rows in batch.items():
                    if rows:
                        with connection.cursor().copy(texts[table]) as copy:
                            for row in rows:
                                copy.write_row(row)

        return self._run(batches, lines, one)

    def _run(self, batches: Sequence[Rows], lines: int, one: Any) -> float:
        following = iter(batches)
        lock = threading.Lock()
        faults: list[Exception] = []
        ready = threading.Barrier(lines + 1)
        with psycopg.connect(self.url) as connection:
            tables = ", ".join(f"{SCHEMA}.{table}" for table in TABLES)
            connection.execute(f"TRUNCATE {tables}")  # type: ignore[arg-type]

        def work() -> None:
            with psycopg.connect(self.url, autocommit=True, prepare_threshold=0) as connection:
                ready.wait()
                while not faults:
                    with lock:
                        batch = next(following, None)
                    if batch is None:
                        return
                    try:
                        one(connection, batch)
                    except psycopg.Error as error:
                        faults.append(error)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(lines)]
        for thread in threads:
            thread.start()
        ready.wait()
        began = time.perf_counter()
        for thread in threads:
            thread.join()
        if faults:
            raise faults[0]
        return time.perf_counter() - began
