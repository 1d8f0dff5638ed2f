"""A duty list as it comes in a file: CSV or XLSX (a table), YAML or JSON (a content)."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import orjson
import yaml
from openpyxl import load_workbook

from chengyun.dispatch.decide.fields import ITEMS_MAX
from chengyun.dispatch.decide.parsing import ENTRIES_MAX
from chengyun.kernel.text import Json

SIZE_MAX = 16 * 1024 * 1024
# A small XLSX may unpack to anything; this is what a full list needs, with room.
UNPACKED_MAX = 128 * 1024 * 1024
COLUMNS_MAX = 50
TABLES = (".csv", ".xlsx")
CONTENTS = (".yaml", ".yml", ".json")


class Unreadable(ValueError):
    """The file cannot be read; the message says why and what to do."""


class _NoAlias(yaml.SafeLoader):
    """YAML without anchors: a few lines of them can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise Unreadable("The YAML uses aliases (*name); write the values out instead.")
        return super().compose_node(parent, index)


def kind_of(name: str, data: bytes) -> str:
    """The file's suffix, in lower case.

    Raises:
        Unreadable: too large, or no suffix we read.
    """
    suffix = PurePath(name).suffix.lower()
    if len(data) > SIZE_MAX:
        raise Unreadable(f"The file is larger than {SIZE_MAX // 2**20} MiB.")
    if suffix not in TABLES + CONTENTS:
        raise Unreadable(f"Use one of {', '.join(TABLES + CONTENTS)}; {suffix or 'none'} was sent.")
    return suffix


def _text(data: bytes) -> str:
    # Spreadsheets in China save CSV as GB 18030 unless told otherwise.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The file is neither UTF-8 nor GB 18030 text.")


def read_content(name: str, data: bytes) -> Json:
    """What a YAML or JSON file says.

    Raises:
        Unreadable: it is broken, nested too deeply, or uses aliases.
    """
    suffix = kind_of(name, data)
    try:
        if suffix == ".json":
            return orjson.loads(data)
        return yaml.load(_text(data), _NoAlias)  # noqa: S506 - a SafeLoader
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"The JSON is broken: {error}.") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 1}" if where else ""
        raise Unreadable(f"The YAML is broken{line}.") from error
    except (RecursionError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("The file holds a value that cannot be read.") from error


def read_table(name: str, data: bytes) -> list[Mapping[str, object]]:
    """The rows of a CSV or XLSX file by their headings.

    Raises:
        Unreadable: it is broken, has no headings, or is larger than a list may be.
    """
    suffix = kind_of(name, data)
    lines = _csv(_text(data)) if suffix == ".csv" else _xlsx(data)
    heading: list[str] | None = None
    rows: list[Mapping[str, object]] = []
    for line in lines:
        if heading is None:
            heading = ["" if cell is None else str(cell).strip() for cell in line[:COLUMNS_MAX]]
            continue
        if len(rows) > ENTRIES_MAX + ITEMS_MAX:
            raise Unreadable(f"The table has more than {ENTRIES_MAX} rows.")
        rows.append(dict(zip(heading, line, strict=False)))
    if not heading or not any(heading):
        raise Unreadable("The table has no heading row.")
    return rows


def _csv(text: str) -> Iterator[list[object]]:
    try:
        yield from csv.reader(io.StringIO(text, newline=""), strict=True)
    except csv.Error as error:
        raise Unreadable(f"The CSV is broken: {error}.") from error


def _xlsx(data: bytes) -> Iterator[list[object]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(item.file_size for item in packed.infolist()) > UNPACKED_MAX:
                raise Unreadable("The XLSX file unpacks to more than a list can need.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for line in sheet.iter_rows(max_col=COLUMNS_MAX, values_only=True):
            yield list(line)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("The XLSX file is broken or is not a workbook.") from error
