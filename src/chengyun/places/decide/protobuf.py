"""The few wire forms of Protocol Buffers that vector tiles are written in, purely."""

import struct
from collections.abc import Iterable

_BYTES, _EIGHT = 2, 1


def varint(number: int) -> bytes:
    """A number below 2^64 that is not negative. Raises ValueError for any other."""
    if 0 <= number < len(_SHORT):
        return _SHORT[number]
    return _long(number)


def varints(numbers: Iterable[int]) -> bytes:
    """Numbers one after the other (a packed field)."""
    return b"".join([varint(number) for number in numbers])


def whole(field: int, number: int) -> bytes:
    """A field that holds a number."""
    return varint(field << 3) + varint(number)


def chunk(field: int, body: bytes) -> bytes:
    """A field that holds bytes: a text, a message, packed numbers."""
    return varint(field << 3 | _BYTES) + varint(len(body)) + body


def double(field: int, number: float) -> bytes:
    """A field that holds a number of double precision."""
    return varint(field << 3 | _EIGHT) + struct.pack("<d", number)


def zigzag(number: int) -> int:
    """A signed number so that small ones stay short."""
    return number << 1 if number >= 0 else (-number << 1) - 1


def _long(number: int) -> bytes:
    if not 0 <= number < 1 << 64:
        raise ValueError("a number beyond 64 bits")
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    found.append(number)
    return bytes(found)


# Positions within a tile and most indexes are among these; looking them up is what makes it quick.
_SHORT = tuple(_long(number) for number in range(1 << 14))
