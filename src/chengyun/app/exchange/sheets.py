"""Excel workbooks: the first sheet, streamed, every size bounded before anything is expanded."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from chengyun.app.exchange.tables import COLUMNS_MAX, BrokenRow, Table, Unreadable

PARTS_MAX = 2_000
PART_MAX = 2 << 30
# Shared texts are held in memory by every reader of the format.
SHARED_MAX = 128 << 20
RATIO_MAX = 200
ROWS_MAX = 1_048_576
# ECMA-376 ST_Xstring: how a workbook says characters that XML cannot hold.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def check_archive(path: Path) -> None:
    """Refuse a bomb by its directory, before anything of it is expanded.

    Raises:
        Unreadable: no workbook, or absurd in size.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable(f"is no Excel workbook (.xlsx): {error}", "bad_xlsx") from error
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names:
        raise Unreadable("is no Excel workbook (.xlsx)", "bad_xlsx")
    if len(parts) > PARTS_MAX:
        raise Unreadable(f"has {len(parts):,} parts; at most {PARTS_MAX:,}", "zip_bomb")
    for part in parts:
        most = SHARED_MAX if part.filename.endswith("sharedStrings.xml") else PART_MAX
        if part.file_size > most:
            raise Unreadable(
                f"holds {part.filename}, which expands to {part.file_size >> 20:,} MiB", "zip_bomb"
            )
        if part.file_size > (1 << 20) and part.file_size > RATIO_MAX * max(part.compress_size, 1):
            raise Unreadable(
                f"holds {part.filename}, which expands {RATIO_MAX} times and more", "zip_bomb"
            )


def open_xlsx(path: Path) -> Table:
    """The first sheet of a workbook, every cell as text.

    Raises:
        Unreadable: no workbook, a bomb, empty, or its header has too many columns.
    """
    check_archive(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0] if book.worksheets else None
    except Exception as error:
        raise Unreadable(f"is no whole Excel workbook: {error}", "bad_xlsx") from error
    if not isinstance(sheet, ReadOnlyWorksheet):
        raise Unreadable("has no sheet", "empty_file")
    # What a file says about its own size may be wrong or hostile.
    sheet.reset_dimensions()
    total = [0]
    rows = _rows(sheet, total)
    header = next(rows, None)
    if header is None:
        raise Unreadable("is empty", "empty_file")
    if isinstance(header, BrokenRow):
        raise Unreadable(f"has no readable header: {header.reason}", "bad_xlsx")
    if len(header) > COLUMNS_MAX:
        raise Unreadable(f"has {len(header):,} columns; at most {COLUMNS_MAX}", "too_many_columns")
    return Table(header, rows, lambda: 0.0, "xlsx")


def _rows(sheet: ReadOnlyWorksheet, total: list[int]) -> Iterator[tuple[str, ...] | BrokenRow]:
    cells: Iterator[Sequence[Any]] = iter(sheet.iter_rows(values_only=True))  # type: ignore[misc]
    while True:
        try:
            values = next(cells)
        except StopIteration:
            return
        except DefusedXmlException as error:
            raise Unreadable(f"holds forbidden XML: {error}", "bad_xlsx") from error
        except Exception as error:
            raise Unreadable(f"breaks off: {error}", "bad_xlsx") from error
        total[0] += 1
        if total[0] > ROWS_MAX:
            raise Unreadable(f"has more than {ROWS_MAX:,} rows", "too_many_rows")
        texts = [cell_text(value) for value in values]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield tuple(texts)


def cell_text(value: Any) -> str:
    """A cell as the same table in CSV would say it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.replace(microsecond=0).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
