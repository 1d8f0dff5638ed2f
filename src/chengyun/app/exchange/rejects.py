"""Rows that could not be taken: their own columns and why, ready to be mended and read again."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from chengyun.app.exchange.safety import escape, unescape

WHY = ("reject_row", "reject_field", "reject_code", "reject_reason", "reject_rest")


class Rejects:
    """Writes `…rejects.csv`; the file exists only if a row was rejected."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self.header = tuple(header)
        self.count = 0
        self._file: TextIO | None = None

    def add(self, values: Sequence[str], *, row: int, field: str, code: str, reason: str) -> None:
        """One row; what is more than the header has columns goes into `reject_rest`."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow([*self.header, *WHY])
        width = len(self.header)
        own = [*values[:width], *[""] * (width - len(values))]
        rest = " | ".join(values[width:])[:10_000]
        line = [*own, str(row), field, code, reason, rest]
        csv.writer(self._file).writerow([escape(value.replace("\0", "")) for value in line])
        self.count += 1

    def flush(self) -> None:
        """Have everything on disk: what is counted as rejected must be readable."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self.flush()
            self._file.close()
        elif self.path.exists() and kind is None:
            # An older run's rejects are not this one's.
            self.path.unlink()


class Mended:
    """Reads rows of a file that may be a rejects file: the added columns fall away."""

    def __init__(self, header: Sequence[str]) -> None:
        own = list(header)
        self.again = tuple(own[-len(WHY) :]) == WHY
        self.header = tuple(own[: -len(WHY)] if self.again else own)

    def values(self, given: Sequence[str]) -> tuple[str, ...]:
        """The row's own values; a rest that was not removed still makes it too long."""
        if not self.again:
            return tuple(given)
        width = len(self.header)
        rest = given[width + len(WHY) - 1] if len(given) >= width + len(WHY) else ""
        own = tuple(unescape(value) for value in given[:width])
        return (*own, *rest.split(" | ")) if rest else own
