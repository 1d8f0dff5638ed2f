"""A batch of readings as columns: what protocols hand over and followers read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.int32]

# Bits of a reading's flags.
IMPOSSIBLE = 1  # outside low … high; read by no rule
DOUBTFUL = 2  # a larger step than the stream's jump
LATE = 4  # older than the newest reading of its stream
STUCK = 8  # one value for too long
MAINTENANCE = 16  # its thing is being maintained; read by no rule
CORRECTED = 32  # given again with another value
UNREAD = IMPOSSIBLE | MAINTENANCE


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings in columns of one length.

    Attributes:
        stream: datastream numbers (`Datastream.no`).
        at: phenomenon time, microseconds since 1970 UTC.
        value: the number; a truth is 0 or 1; NaN where the result is a word.
        words: row → word, for categories and texts.
        flags: bits above; the writer sets them.
    """

    stream: Ints
    at: Ints
    value: Floats
    flags: Flags
    words: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.stream)


@dataclass(frozen=True, slots=True)
class Refused:
    """A reading that was not kept, by its place in the batch: field, reason and code."""

    row: int
    field: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a batch; every row is in exactly one of these.

    Attributes:
        stored: new readings. duplicates: known already, same value. corrected: known with another
            value, which is replaced. late: how many of the stored are older than the newest.
    """

    stored: int
    duplicates: int
    corrected: int
    late: int
    refused: Sequence[Refused] = ()


_NAMES = {
    IMPOSSIBLE: "impossible",
    DOUBTFUL: "doubtful",
    LATE: "late",
    STUCK: "stuck",
    MAINTENANCE: "maintenance",
    CORRECTED: "corrected",
}


def named(flags: int) -> list[str]:
    """Flags by name."""
    return [name for bit, name in _NAMES.items() if flags & bit]


def flag(name: str) -> int | None:
    """The bit of a name, None where it is none."""
    return next((bit for bit, known in _NAMES.items() if known == name), None)
