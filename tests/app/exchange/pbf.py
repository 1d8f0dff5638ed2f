"""A small OpenStreetMap PBF file, written by hand: nodes and ways of one block.

By the format's own description: sized blobs of protocol buffers, degrees as sint64 of 1e-7.
"""

import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

Tags = Mapping[str, str]


def varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def zigzag(value: int) -> int:
    """A signed number as protocol buffers keep it."""
    return value * 2 if value >= 0 else -value * 2 - 1


def number(field: int, value: int) -> bytes:
    """A field that is a number."""
    return varint(field << 3) + varint(value)


def block(field: int, content: bytes) -> bytes:
    """A field that is text, a packed list or another message."""
    return varint(field << 3 | 2) + varint(len(content)) + content


def write(
    path: Path,
    nodes: Mapping[int, tuple[float, float]],
    ways: Mapping[int, tuple[Sequence[int], Tags]],
) -> Path:
    """Nodes by id as (longitude, latitude), ways by id as (nodes, tags)."""
    words = [""]
    group = b""
    for ident, (lon, lat) in nodes.items():
        at = number(8, zigzag(round(lat * 1e7))) + number(9, zigzag(round(lon * 1e7)))
        group += block(1, number(1, zigzag(ident)) + at)
    for ident, (along, tags) in ways.items():
        keys = vals = refs = b""
        for key, value in tags.items():
            words += [key, value]
            keys += varint(len(words) - 2)
            vals += varint(len(words) - 1)
        for before, node in zip([0, *along], along, strict=False):
            refs += varint(zigzag(node - before))
        group += block(3, number(1, ident) + block(2, keys) + block(3, vals) + block(8, refs))
    table = b"".join(block(1, word.encode()) for word in words)
    features = block(4, b"OsmSchema-V0.6")
    path.write_bytes(
        _blob("OSMHeader", features) + _blob("OSMData", block(1, table) + block(2, group))
    )
    return path


def _blob(kind: str, content: bytes) -> bytes:
    blob = number(2, len(content)) + block(3, zlib.compress(content))
    head = block(1, kind.encode()) + number(3, len(blob))
    return struct.pack(">I", len(head)) + head + blob
