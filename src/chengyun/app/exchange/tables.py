"""A table from outside: a header, rows, and what broke. Pure shapes and bounds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

COLUMNS_MAX = 1_000
# What an archive may expand to, in all and as a multiple of itself.
EXPANDED_MAX = 8 << 30
RATIO_MAX = 200


class Unreadable(Exception):
    """The file cannot be read as a whole; `code` is stable."""

    def __init__(self, reason: str, code: str) -> None:
        self.reason, self.code = reason, code
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that could not be taken apart; its text as far as it goes."""

    text: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it, read once; empty lines are left out.

    `done` tells the share of the file that was read, 0..1.
    """

    header: tuple[str, ...]
    rows: Iterator[tuple[str, ...] | BrokenRow]
    done: Callable[[], float]
    encoding: str = ""
