"""Rows into CSV, XLSX or GeoJSON, one at a time; spreadsheets get no formulas."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import orjson
from openpyxl import Workbook

from chengyun.app.exchange.own_columns import COLUMNS, NUMBERS
from chengyun.app.exchange.safety import escape

FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
XLSX_ROWS = 1_048_575
XLSX_CELL = 32_767
# What XML cannot hold is written as _xHHHH_ (ECMA-376 ST_Xstring), and so is what looks like that.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")

Row = Mapping[str, str | int | float | None]


class TooMuch(Exception):
    """The format cannot hold this; says which can."""


def write(rows: Iterable[Row], form: str, out: BinaryIO) -> int:
    """Write every row; returns how many.

    Raises:
        TooMuch: a workbook cannot hold so many rows or so long a text.
    """
    return {"csv": _csv, "xlsx": _xlsx, "geojson": _geojson}[form](rows, out)


def _cells(row: Row) -> list[str | int | float | None]:
    """Texts that no spreadsheet runs; numbers stay numbers."""
    found = []
    for name in COLUMNS:
        value = row.get(name)
        found.append(escape(value) if isinstance(value, str) and name not in NUMBERS else value)
    return found


def _csv(rows: Iterable[Row], out: BinaryIO) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow(_cells(row))
        count += 1
    text.flush()
    text.detach()
    return count


def _xlsx(rows: Iterable[Row], out: BinaryIO) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("cases")
    sheet.append(list(COLUMNS))
    count = 0
    for row in rows:
        count += 1
        if count > XLSX_ROWS:
            raise TooMuch(f"A workbook holds {XLSX_ROWS:,} rows; export as csv.")
        sheet.append([_cell(value, row) for value in _cells(row)])
    book.save(out)
    return count


def _cell(value: str | float | None, row: Row) -> str | int | float | None:
    if not isinstance(value, str):
        return value
    written = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    if len(written) > XLSX_CELL:
        raise TooMuch(
            f"Case {row['no']} has a text of {len(written):,} characters, a workbook's cell holds"
            f" {XLSX_CELL:,}; export as csv."
        )
    return written


def _geojson(rows: Iterable[Row], out: BinaryIO) -> int:
    out.write(b'{"type":"FeatureCollection","features":[')
    count = 0
    for row in rows:
        lon, lat = row.get("lon"), row.get("lat")
        located = lon is not None and lat is not None
        properties: dict[str, Any] = {name: row.get(name) for name in COLUMNS}
        feature = {
            "type": "Feature",
            "id": row["id"],
            "geometry": {"type": "Point", "coordinates": [lon, lat]} if located else None,
            "properties": properties,
        }
        out.write((b",\n" if count else b"\n") + orjson.dumps(feature))
        count += 1
    out.write(b"\n]}\n")
    return count
