"""Delimited text, read row by row with every size bounded; a row that breaks is named, not lost."""

import csv
import gzip
import io
import zlib
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from chengyun.app.exchange.encodings import detect
from chengyun.app.exchange.tables import (
    COLUMNS_MAX,
    EXPANDED_MAX,
    RATIO_MAX,
    BrokenRow,
    Table,
    Unreadable,
)

FIELD_MAX = 256 * 1024
LINE_MAX = 1 << 20
# A quote that nobody closes swallows lines; no honest cell has this many.
LINES_MAX = 300
_BLOCK = 1 << 20
csv.field_size_limit(FIELD_MAX)


class _Bounded:
    """A byte stream that refuses to grow without end, and tells how far it has come."""

    def __init__(self, path: Path) -> None:
        self.raw = path.open("rb")
        zipped = self.raw.read(2) == b"\x1f\x8b"
        self.raw.seek(0)
        self.size = path.stat().st_size
        self.stream = cast("BinaryIO", gzip.GzipFile(fileobj=self.raw) if zipped else self.raw)
        self._most = min(EXPANDED_MAX, max(self.size, 1 << 20) * RATIO_MAX)

    def blocks(self) -> Iterator[bytes]:
        """The whole content once.

        Raises:
            Unreadable: the archive is broken, or expands absurdly.
        """
        total = 0
        try:
            while block := self.stream.read(_BLOCK):
                total += len(block)
                if total > self._most:
                    raise Unreadable(f"expands to more than {self._most >> 20:,} MiB", "zip_bomb")
                yield block
        except (OSError, EOFError, zlib.error) as error:
            raise Unreadable(f"is no whole gzip file: {error}", "bad_gzip") from error

    def rewind(self) -> None:
        """Start again."""
        self.stream.seek(0)

    def done(self) -> float:
        """The share read so far, 0..1."""
        if self.raw.closed or not self.size:
            return 1.0
        return min(1.0, self.raw.tell() / self.size)


class _Lines:
    """Lines of bounded length; those of the row being read are kept until it is whole."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.row: list[str] = []
        self.too_long = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(LINE_MAX)
        if not line:
            raise StopIteration
        if len(line) >= LINE_MAX and not line.endswith("\n"):
            while (rest := self._text.readline(LINE_MAX)) and not rest.endswith("\n"):
                pass
            self.too_long = True
            self.row.append(line)
            raise csv.Error(f"a line has more than {LINE_MAX:,} characters")
        self.row.append(line)
        if len(self.row) > LINES_MAX:
            raise csv.Error(f"a quoted cell runs over more than {LINES_MAX} lines")
        return line

    def give_back(self) -> str:
        """Read on after the first line of the broken row; returns that line."""
        first, *rest = self.row or [""]
        if not self.too_long:
            self._again.extendleft(reversed(rest))
        self.too_long = False
        self.row = []
        return first


def read_text(path: Path, most: int = 1 << 28) -> str:
    """A whole text file, plain or gzipped, in the encoding that is recognised.

    Raises:
        OSError: it cannot be read, or is larger than `most` bytes.
    """
    source = _Bounded(path)
    try:
        content = b"".join(_up_to(source.blocks(), most))
    except Unreadable as error:
        raise OSError(f"{path} {error}") from error
    return content.decode(detect([content]), errors="replace")


def _up_to(blocks: Iterator[bytes], most: int) -> Iterator[bytes]:
    for block in blocks:
        most -= len(block)
        if most < 0:
            raise OSError("the file is too large to be read at once")
        yield block


def open_csv(path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ",") -> Table:
    """A CSV file, plain or gzipped; the encoding is recognised, `encoding` is a first guess.

    Raises:
        Unreadable: it is empty, no text, a bomb, or its header has too many columns.
    """
    source = _Bounded(path)
    found = detect(source.blocks(), encoding)
    source.rewind()
    # newline="": the csv module sees line ends as they are.
    text = io.TextIOWrapper(source.stream, encoding=found, errors="replace", newline="")
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        header = next(reader)
    except StopIteration:
        raise Unreadable("is empty", "empty_file") from None
    except csv.Error as error:
        raise Unreadable(f"has no readable header: {error}", "bad_header") from error
    if len(header) > COLUMNS_MAX:
        raise Unreadable(f"has {len(header):,} columns; at most {COLUMNS_MAX}", "too_many_columns")
    lines.row = []
    return Table(tuple(header), _rows(reader, lines), source.done, found)


def _rows(reader: Iterator[list[str]], lines: _Lines) -> Iterator[tuple[str, ...] | BrokenRow]:
    while True:
        lines.row = []
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BrokenRow(lines.give_back()[:LINE_MAX], str(error), "bad_csv")
            continue
        if values:
            yield tuple(values)
