"""Geocoding a file: a column of texts in, the same rows with what was found behind them out."""

import csv
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from chengyun.app.exchange.files import open_table
from chengyun.app.exchange.safety import escape
from chengyun.app.exchange.tables import BrokenRow, Table
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.geocoding.answers import Answer, words
from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.building import build
from chengyun.places.decide.geocoding.finding import find
from chengyun.places.decide.geocoding.standard import Standard
from chengyun.places.decide.geocoding.tables import Fault, recognised, standards

ADDED = (
    *("address_id", "address_code", "address", "lon", "lat", "level", "score", "verdict"),
    *("reason", "reason_en"),
)
_TELL_EVERY_S = 2.0
_FAULTS_SHOWN = 20


class NoSuchColumn(Exception):
    """The file has no column of that name; the message lists those it has."""


@dataclass
class Done:
    """What came of a file: counts, and the rows that could not be used with the reason."""

    read: int = 0
    unique: int = 0
    candidates: int = 0
    none: int = 0
    seconds: float = 0.0
    bad: list[JsonObject] = field(default_factory=list)

    def told(self) -> JsonObject:
        """For --json and for people."""
        rate = round(self.read / self.seconds) if self.seconds else 0
        return {
            "read": self.read,
            "unique": self.unique,
            "candidates": self.candidates,
            "none": self.none,
            "bad": len(self.bad),
            "bad_rows": self.bad[:_FAULTS_SHOWN],
            "seconds": round(self.seconds, 3),
            "rows_per_second": rate,
        }


def geocode_file(book: Book, path: Path, *, column: str, out: Path) -> Done:
    """Write `out` with every row of `path` and ADDED behind it.

    A broken or empty row stays, with its reason, so that rows keep their order and count. Progress
    goes to standard error.

    Raises:
        Unreadable: the file is none, or absurd. NoSuchColumn: the column is not there.
    """
    table = open_table(path)
    names = [name.strip() for name in table.header]
    if column not in names:
        raise NoSuchColumn(f"{path} has no column {column!r}, only {', '.join(names)}")
    at, done, started = names.index(column), Done(), time.perf_counter()
    with out.open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow([*table.header, *(_free(name, names) for name in ADDED)])
        for row in _with_progress(table, done):
            rows.writerow(_answered(book, row, at, len(table.header), done))
    done.seconds = time.perf_counter() - started
    return done


def _free(name: str, taken: list[str]) -> str:
    """The column's name, marked where the file has one so called."""
    return f"found_{name}" if name in taken else name


def _answered(
    book: Book, row: tuple[str, ...] | BrokenRow, at: int, width: int, done: Done
) -> list[object]:
    done.read += 1
    if isinstance(row, BrokenRow):
        return [row.text, *[""] * (width - 1), *_bad(done, row.reason)]
    cells = [*row[:width], *[""] * (width - len(row))]
    said = cells[at]
    if not said.strip():
        return [*map(escape, cells), *_bad(done, "the text is empty")]
    answer = find(book, said)
    setattr(done, answer.verdict, getattr(done, answer.verdict) + 1)
    return [*map(escape, cells), *_columns(answer)]


def _bad(done: Done, reason: str) -> list[object]:
    done.bad.append({"row": done.read, "reason": reason})
    return ["", "", "", "", "", "", "", "none", reason, reason]


def _columns(answer: Answer) -> list[object]:
    if not answer.candidates:
        return ["", "", "", "", "", "", "", answer.verdict, "", ""]
    best = answer.candidates[0]
    why = words(best.reasons)
    point = (
        ("", "") if best.lon is None or best.lat is None else (f"{best.lon:.6f}", f"{best.lat:.6f}")
    )
    known = (best.id, best.code, best.text, *point, best.level, best.score, answer.verdict)
    return [*known, why["zh"], why["en"]]


def _with_progress(table: Table, done: Done) -> Iterator[tuple[str, ...] | BrokenRow]:
    told = time.monotonic()
    for row in table.rows:
        yield row
        if time.monotonic() - told >= _TELL_EVERY_S:
            told = time.monotonic()
            sys.stderr.write(f"geocode {table.done():4.0%}  {done.read:,} rows\n")


def book_of_file(path: Path, city: str = "") -> tuple[Book, list[Fault]]:
    """A book of a table of addresses, and its rows that are none.

    Raises:
        Unreadable: the file is none, or absurd. NoSuchColumn: it has no address column.
    """
    table = open_table(path)
    if not {"text", "road", "compound"} & set(recognised(table.header)):
        raise NoSuchColumn(f"{path} has no column address, only {', '.join(table.header)}")
    faults: list[Fault] = []

    def good() -> Iterator[Standard]:
        whole = (row for row in table.rows if not isinstance(row, BrokenRow))
        for one in standards(table.header, whole, city):
            if isinstance(one, Fault):
                faults.append(one)
            else:
                yield one

    return build(good()), faults
