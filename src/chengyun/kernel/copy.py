"""Many rows at once: one INSERT from arrays (any role), or COPY (roles above row security)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import Cursor
from psycopg.types.json import Jsonb


def insert_rows(
    table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], suffix: str = ""
) -> int:
    """Insert rows in one statement.

    Args:
        table: table name (ours, never from input).
        columns: column name → PostgreSQL type; array types are passed as their text form.
        rows: one value per column.
        suffix: e.g. "ON CONFLICT DO NOTHING".

    Returns:
        The number of rows inserted.
    """
    if not rows:
        return 0
    names = ", ".join(columns)
    passed, read = [], []
    for index, kind in enumerate(columns.values()):
        as_text = kind.endswith("[]") or kind == "jsonb"
        passed.append(f"%s::{'text' if as_text else kind}[]")
        read.append(f"c{index}::{kind}" if as_text else f"c{index}")
    aliases = ", ".join(f"c{index}" for index in range(len(columns)))
    sql = (
        f"INSERT INTO {table} ({names}) SELECT {', '.join(read)}"
        f" FROM unnest({', '.join(passed)}) AS rows({aliases}) {suffix}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        return int(cursor.rowcount)


def copy_rows(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> int:
    """Stream rows in by binary COPY; memory stays flat. Needs a role above row security.

    Returns:
        The number of rows copied.
    """
    count = 0
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    jsonb = [index for index, kind in enumerate(columns.values()) if kind == "jsonb"]
    with connection.cursor() as wrapped:
        cursor: Cursor[Any] = wrapped.cursor
        with cursor.copy(statement) as copy:
            copy.set_types(list(columns.values()))
            for row in rows:
                if jsonb:
                    row = list(row)
                    for index in jsonb:
                        row[index] = Jsonb(row[index])
                copy.write_row(row)
                count += 1
    return count


def pg_array(values: Iterable[Any]) -> str:
    """The text form of an array of ids or numbers, as `insert_rows` takes it."""
    return "{%s}" % ",".join(str(value) for value in values)
