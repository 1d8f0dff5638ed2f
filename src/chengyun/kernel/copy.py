"""Many rows at once: one INSERT (any role), or COPY (roles above row security)."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import DataError, connection
from psycopg import Cursor
from psycopg import DataError as PostgresDataError
from psycopg.types.json import Jsonb

from chengyun.kernel.prepared import hot_cursor
from chengyun.kernel.problems import Invalid, unstorable

_TEXTS = frozenset({"text", "jsonb", "text[]"})


def _refused(columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Invalid | None:
    """Which column holds what no database text can hold, if that was the fault."""
    for row in rows:
        for (name, kind), value in zip(columns.items(), row, strict=True):
            said = value if isinstance(value, str) else json.dumps(value, default=str)
            if kind == "jsonb":
                said = json.dumps(json.loads(said), ensure_ascii=False)
            if "\0" in said or "\\u0000" in said or not _encodable(said):
                return unstorable(name)
    return None


def _encodable(said: str) -> bool:
    try:
        said.encode()
    except UnicodeEncodeError:
        return False
    return True


def _as_json(kind: str, column: Sequence[Any]) -> Sequence[Any]:
    if kind == "jsonb":
        return [None if value is None else orjson.Fragment(value) for value in column]
    if kind == "bytea":
        return [None if value is None else "\\x" + bytes(value).hex() for value in column]
    return column


@dataclass(frozen=True, slots=True)
class NewRows:
    """Rows for one table: column name → PostgreSQL type, and one value per column."""

    table: str
    columns: Mapping[str, str]
    rows: Sequence[Sequence[Any]]

    def statement(self, suffix: str = "") -> str:
        """The INSERT, its rows to come as one JSON document.

        PostgreSQL and orjson read and write that in C, arrays of every type do not.
        """
        shape = ", ".join(f"c{index} {kind}" for index, kind in enumerate(self.columns.values()))
        read = ", ".join(f"c{index}" for index in range(len(self.columns)))
        # Names and types are ours, never from input.
        return (
            f"INSERT INTO {self.table} ({', '.join(self.columns)}) SELECT {read}"  # noqa: S608
            f" FROM json_to_recordset(%s::json) AS rows({shape}) {suffix}"
        )

    def document(self) -> str:
        """The rows as that document.

        Raises:
            TypeError: a value cannot be written as JSON.
        """
        keys = [f"c{index}" for index in range(len(self.columns))]
        ready = [
            _as_json(kind, column)
            for kind, column in zip(
                self.columns.values(), zip(*self.rows, strict=True), strict=True
            )
        ]
        rows = zip(*ready, strict=True)
        return orjson.dumps([dict(zip(keys, row, strict=True)) for row in rows]).decode()


def insert_together(*parts: NewRows) -> None:
    """Insert rows of several tables in one statement; the order among the tables is open.

    Raises:
        Invalid: a value holds a NUL character or half a surrogate pair; names the column.
    """
    some = [part for part in parts if part.rows]
    if not some:
        return
    first = ", ".join(f"i{at} AS ({part.statement()})" for at, part in enumerate(some[:-1]))
    sql = f"WITH {first} {some[-1].statement()}" if first else some[-1].statement()
    with hot_cursor() as cursor:
        try:
            cursor.execute(sql, [part.document() for part in some])
        except (DataError, TypeError) as error:
            for part in some:
                refusal = _refused(part.columns, part.rows)
                if refusal is not None:
                    raise refusal from error
            raise


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

    Raises:
        Invalid: a value holds a NUL character or half a surrogate pair; names the column.
    """
    if not rows:
        return 0
    part = NewRows(table, columns, rows)
    with hot_cursor() as cursor:
        try:
            cursor.execute(part.statement(suffix), [part.document()])
        except (DataError, TypeError) as error:
            refusal = _refused(columns, rows)
            if refusal is None:
                raise
            raise refusal from error
        return int(cursor.rowcount)


def copy_rows(table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> int:
    """Stream rows in by binary COPY; memory stays flat. Needs a role above row security.

    Args:
        rows: one value per column; arrays are lists, jsonb anything JSON-able.

    Returns:
        The number of rows copied.

    Raises:
        Invalid: a value holds a NUL character or half a surrogate pair; names the column.
        django.db.DataError: a number is out of its column's range.
    """
    count = 0
    row: Sequence[Any] = ()
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    jsonb = [index for index, kind in enumerate(columns.values()) if kind == "jsonb"]
    with connection.cursor() as wrapped, connection.wrap_database_errors:
        cursor: Cursor[Any] = wrapped.cursor
        try:
            with cursor.copy(statement) as copy:
                copy.set_types(list(columns.values()))
                for row in rows:
                    copy.write_row(_with_json(row, jsonb) if jsonb else row)
                    count += 1
        except PostgresDataError as error:
            # The server finds it some rows later, and tells the column.
            found = re.search(r"column (\w+)", error.diag.context or "")
            if found and columns.get(found[1]) in _TEXTS:
                raise unstorable(found[1]) from error
            raise
        except (UnicodeEncodeError, TypeError) as error:
            refusal = _refused(columns, [row])
            if refusal is None:
                raise
            raise refusal from error
        except OverflowError as error:
            raise DataError(str(error)) from error
    return count


def _with_json(row: Sequence[Any], jsonb: Iterable[int]) -> list[Any]:
    values = list(row)
    for index in jsonb:
        if values[index] is not None:
            values[index] = Jsonb(values[index], orjson.dumps)
    return values


def pg_array(values: Iterable[Any]) -> str:
    """The text form of an array of ids, numbers or texts, as `insert_rows` takes it."""
    return f"{{{','.join(_element(value) for value in values)}}}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)
