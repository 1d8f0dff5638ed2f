"""Parquet files as tables of text, read by DuckDB a chunk at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from chengyun.app.exchange.tables import COLUMNS_MAX, BrokenRow, Table, Unreadable

MAGIC = b"PAR1"
_CHUNK = 10_000
_MEMORY = "512MB"


def is_parquet(path: Path) -> bool:
    """Whether a file begins as Parquet does."""
    try:
        with path.open("rb") as file:
            return file.read(4) == MAGIC
    except OSError:
        return False


def open_parquet(path: Path) -> Table:
    """A Parquet file; every value as text, instants in UTC with their offset.

    Raises:
        Unreadable: it is broken or has too many columns.
    """
    alone = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    line = duckdb.connect(config={**alone, "memory_limit": _MEMORY, "threads": "1"})
    try:
        line.execute("SET TimeZone = 'UTC'")
        asked = line.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
        total = line.execute("SELECT num_rows FROM parquet_file_metadata(?)", [str(path)])
        rows = int((total.fetchone() or (0,))[0])
        asked = line.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [str(path)])
    except duckdb.Error as error:
        raise Unreadable(f"is no readable Parquet file: {error}", "bad_parquet") from error
    header = tuple(str(column[0]) for column in asked.description or ())
    if len(header) > COLUMNS_MAX:
        raise Unreadable(f"has {len(header):,} columns; at most {COLUMNS_MAX}", "too_many_columns")
    read = [0]
    return Table(header, _rows(asked, read), lambda: read[0] / rows if rows else 1.0, "parquet")


def _rows(asked: Any, read: list[int]) -> Iterator[tuple[str, ...] | BrokenRow]:
    while True:
        try:
            chunk = asked.fetchmany(_CHUNK)
        except duckdb.Error as error:
            raise Unreadable(f"breaks off: {error}", "bad_parquet") from error
        if not chunk:
            return
        read[0] += len(chunk)
        for row in chunk:
            yield tuple("" if value is None else value for value in row)
