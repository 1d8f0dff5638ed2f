"""Readings and newest values as bytes: for COPY, for the log of batches, for blocks of streams."""

import numpy as np
import numpy.typing as npt

from chengyun.sensing.decide.readings import Flags, Floats, Ints, Readings

# PostgreSQL counts microseconds from 2000.
EPOCH_US = 946_684_800_000_000
BLOCK_BITS = 5
BLOCK = 1 << BLOCK_BITS
NEVER = np.iinfo(np.int64).min
_COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END = b"\xff\xff"

State = npt.NDArray[np.void]
"""Newest values: fields `at` and `since` (how long the value has been the same) in microseconds,
`received` likewise, `value` (a category's place in its list) and `flags`."""

STATE = np.dtype(
    [("at", "<i8"), ("since", "<i8"), ("received", "<i8"), ("value", "<f8"), ("flags", "<i4")]
)
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("l1", ">i4"),
        ("stream", ">i8"),
        ("l2", ">i4"),
        ("at", ">i8"),
        ("l3", ">i4"),
        ("value", ">f8"),
        ("l4", ">i4"),
        ("flags", ">i4"),
    ]
)


def as_copy(stream: Ints, at: Ints, value: Floats, flags: Flags) -> bytes:
    """Rows (stream, at, value, flags) as PostgreSQL's binary COPY reads them."""
    rows = np.empty(len(stream), _ROW)
    rows["fields"] = 4
    rows["l1"] = rows["l2"] = rows["l3"] = 8
    rows["l4"] = 4
    rows["stream"], rows["at"] = stream, at - EPOCH_US
    rows["value"], rows["flags"] = value, flags
    return _COPY_HEAD + rows.tobytes() + _COPY_END


def empty_block() -> State:
    """A block of streams that never said anything."""
    block = np.zeros(BLOCK, STATE)
    block["at"] = block["since"] = block["received"] = NEVER
    block["value"] = np.nan
    return block


def read_block(stored: bytes) -> State:
    """A block as it is stored; an empty one is new. The result may be written to."""
    return np.frombuffer(stored, STATE).copy() if stored else empty_block()


def pack(readings: Readings) -> bytes:
    """The columns of a batch, one after the other, little-endian."""
    columns = (
        readings.stream.astype("<i8", copy=False),
        readings.at.astype("<i8", copy=False),
        readings.value.astype("<f8", copy=False),
        readings.flags.astype("<i4", copy=False),
    )
    return b"".join(column.tobytes() for column in columns)


def unpack(stored: bytes, words: dict[int, str]) -> Readings:
    """The batch that `pack` wrote."""
    n = len(stored) // 28
    return Readings(
        stream=np.frombuffer(stored, "<i8", n, 0),
        at=np.frombuffer(stored, "<i8", n, 8 * n),
        value=np.frombuffer(stored, "<f8", n, 16 * n),
        flags=np.frombuffer(stored, "<i4", n, 24 * n),
        words=words,
    )
