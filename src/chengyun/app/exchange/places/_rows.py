"""Tables read in chunks, so that memory stays flat; what is refused goes into one file."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from types import TracebackType
from typing import Self, TextIO

from chengyun.app.exchange.files import open_table
from chengyun.app.exchange.places._asked import Asked, Unusable
from chengyun.app.exchange.rejects import Mended
from chengyun.app.exchange.safety import unescape
from chengyun.app.exchange.tables import BrokenRow
from chengyun.kernel.text import JsonObject

CHUNK = 2_000
Cells = dict[str, str]
_COLUMNS = ("number", "field", "code", "reason", "row")


class Refused(Exception):
    """A row that cannot be used: the field at fault and why."""

    def __init__(self, field: str, reason: str, code: str = "bad_row") -> None:
        self.field, self.reason, self.code = field, reason, code
        super().__init__(reason)


class Telling:
    """Counts, and the file of refused rows with line number, field and reason; made on demand."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._file: TextIO | None = None
        self.told: JsonObject = dict.fromkeys(
            ("read", "created", "changed", "unchanged", "rejected"), 0
        )

    def refuse(self, number: int, field: str, code: str, reason: str, row: str = "") -> None:
        """Count and tell one row that was refused."""
        if self._file is None:
            self._file = self._asked.rejects_path.open("w", newline="", encoding="utf-8-sig")
            csv.writer(self._file).writerow(_COLUMNS)
        csv.writer(self._file).writerow((number, field, code, reason, row[:1_000]))
        self.told["rejected"] += 1

    def take(self, done: Mapping[str, int], rejects: Sequence[Mapping[str, str]]) -> None:
        """Count what became of a chunk."""
        for name in ("created", "changed", "unchanged"):
            self.told[name] += done[name]
        for one in rejects:
            self.refuse(int(one["number"]), one["field"], one.get("code", ""), one["reason"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.told["rejects_file"] = str(self._asked.rejects_path) if self._file else ""
        if self._file is not None:
            self._file.close()


def chunks(
    asked: Asked, telling: Telling, columns: Mapping[str, Sequence[str]], needed: Sequence[str]
) -> Iterator[list[tuple[int, Cells]]]:
    """Rows as (line number, meaning → cell), CHUNK at a time; broken ones are told.

    Args:
        columns: meaning → what the heading may call it; the first that is there counts.
        needed: of these meanings at least one must have a column.

    Raises:
        Unusable: it has none of them.
    """
    table = open_table(asked.path)
    mended = Mended(table.header)
    heading = {name.strip().lower(): at for at, name in reversed([*enumerate(mended.header)])}
    where = {
        meaning: next(heading[name] for name in names if name in heading)
        for meaning, names in columns.items()
        if any(name in heading for name in names)
    }
    if not set(needed) & set(where):
        wanted = ", ".join(columns[meaning][0] for meaning in needed)
        raise Unusable(f"{asked.path} has no column of {wanted}, only {', '.join(heading)}")
    rows = enumerate(table.rows, start=1)
    while block := list(islice(rows, CHUNK)):
        good: list[tuple[int, Cells]] = []
        for number, given in block:
            telling.told["read"] += 1
            if isinstance(given, BrokenRow):
                telling.refuse(number, "row", given.code, given.reason, given.text)
                continue
            values = mended.values(given)
            cells = {
                meaning: unescape(values[at]).strip()
                for meaning, at in where.items()
                if at < len(values)
            }
            good.append((number, cells))
        yield good
        asked.say(f"{table.done():4.0%}  {telling.told['read']:,} rows")


def number_in(cells: Cells, name: str) -> float | None:
    """A cell as a number, None where it is empty. Raises Refused."""
    said = cells.get(name, "")
    if not said:
        return None
    try:
        value = float(said)
    except ValueError:
        raise Refused(name, "must be a number", "bad_number") from None
    if not -1e12 < value < 1e12:
        raise Refused(name, "must be a finite number", "bad_number")
    return value


def read_each(
    rows: Sequence[tuple[int, Cells]],
    telling: Telling,
    read: Callable[[int, Cells], tuple[int, str, JsonObject]],
) -> list[tuple[int, str, JsonObject]]:
    """Each row read; what cannot be is told."""
    good = []
    for number, cells in rows:
        try:
            good.append(read(number, cells))
        except Refused as bad:
            telling.refuse(number, bad.field, bad.code, bad.reason, " | ".join(cells.values()))
    return good
