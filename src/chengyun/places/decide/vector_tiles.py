"""Map layers as Mapbox vector tiles (specification 2.1), purely: points, lines and areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import orjson
import shapely

from chengyun.places.decide.protobuf import chunk, double, varints, whole, zigzag
from chengyun.places.decide.tile_shapes import Geometries, Moves, point_moves, shape_moves
from chengyun.places.decide.tiling import EXTENT, Floats, Tile, to_units, within

Value = object
"""Texts, numbers and truth keep their type; None is left out; anything else is written as JSON."""
TRUNCATED = "truncated"
"""The layer that says which others lack features: one point each, in the middle of the tile."""
_VERSION = 2
_BIGGEST = 1 << 63


@dataclass(frozen=True, slots=True)
class Sheet:
    """Features of one layer of a tile, in lon/lat degrees, the most important first.

    Either `points`, (n, 2), which are drawn in their own tile alone, or `shapes`. Ids are not
    negative. `more` says that a cap was reached before.
    """

    name: str
    ids: Sequence[int]
    says: Sequence[Mapping[str, Value]]
    points: Floats | None = None
    shapes: Geometries | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A tile's bytes, the features in it, and whether a cap left something out."""

    body: bytes
    count: int
    truncated: bool


def write(tile: Tile, sheets: Sequence[Sheet], most: int) -> Written:
    """The tile with at most `most` features a layer; a layer without features is left out."""
    parts, count, cut = list[bytes](), 0, list[str]()
    for sheet in sheets:
        drawn = _drawn(tile, sheet)
        if sheet.more or len(drawn) > most:
            cut.append(sheet.name)
        if drawn:
            parts.append(_layer(sheet.name, drawn[:most]))
            count += len(drawn[:most])
    if cut:
        half = zigzag(EXTENT // 2)
        middle = (1, varints([9, half, half]))
        parts.append(_layer(TRUNCATED, [(n, middle, {"layer": c}) for n, c in enumerate(cut)]))
    return Written(b"".join(parts), count, bool(cut))


_Drawn = tuple[int, Moves, Mapping[str, Value]]


def _drawn(tile: Tile, sheet: Sheet) -> list[_Drawn]:
    if sheet.points is not None and len(sheet.points):
        own = np.flatnonzero(within(to_units(tile, sheet.points))).tolist()
        moves = point_moves(tile, sheet.points[own])
        return [(sheet.ids[n], move, sheet.says[n]) for n, move in zip(own, moves, strict=True)]
    if sheet.shapes is not None and len(sheet.shapes):
        known = np.flatnonzero(~shapely.is_missing(sheet.shapes)).tolist()
        found = shape_moves(tile, sheet.shapes[known])
        return [
            (sheet.ids[n], move, sheet.says[n])
            for n, move in zip(known, found, strict=True)
            if move is not None
        ]
    return []


def _layer(name: str, drawn: Sequence[_Drawn]) -> bytes:
    keys: dict[str, int] = {}
    values: dict[tuple[type, object], int] = {}
    parts = [chunk(1, name.encode())]
    for ident, (kind, moves), says in drawn:
        tags = list[int]()
        for key, value in says.items():
            if value is not None:
                plain = _plain(value)
                tags.append(keys.setdefault(key, len(keys)))
                tags.append(values.setdefault((type(plain), plain), len(values)))
        body = whole(1, ident) + chunk(2, varints(tags)) + whole(3, kind) + chunk(4, moves)
        parts.append(chunk(2, body))
    parts += [chunk(3, key.encode()) for key in keys]
    parts += [chunk(4, _value(value)) for _, value in values]
    parts += [whole(5, EXTENT), whole(15, _VERSION)]
    return chunk(3, b"".join(parts))


def _plain(value: Value) -> str | int | float | bool:
    if isinstance(value, bool | str | float):
        return value
    if isinstance(value, int):
        return value if -_BIGGEST <= value < _BIGGEST else str(value)
    return orjson.dumps(value, default=str).decode().strip('"')


def _value(value: object) -> bytes:
    if isinstance(value, bool):
        return whole(7, int(value))
    if isinstance(value, int):
        return whole(6, zigzag(value))
    if isinstance(value, float):
        return double(3, value)
    return chunk(1, str(value).encode())
