"""Shapes as a tile draws them: in its units, clipped, simplified, valid, wound as the
specification wants (Mapbox vector tiles 2.1, section 4.3), purely.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import shapely

from chengyun.places.decide.protobuf import varint, varints
from chengyun.places.decide.tiling import EXTENT, Floats, Tile, Units, placed, to_units

Geometries = npt.NDArray[np.object_]
Moves = tuple[int, bytes]
"""What a feature is (1 point, 2 line, 3 polygon) and its drawing commands."""

MARGIN = 64
"""Units that lines and areas reach beyond the tile, so that strokes meet at its edge."""
POINT, LINE, POLYGON = 1, 2, 3
_MOVE, _LINE, _CLOSE = 1, 2, 7
_TOLERANCE = 1.0


def point_moves(tile: Tile, points: Floats) -> list[Moves]:
    """Each of (n, 2) lon/lat points as a feature of its own."""
    start = varint(_MOVE | 1 << 3)
    return [
        (POINT, start + varint(x) + varint(y)) for x, y in _zigzag(to_units(tile, points)).tolist()
    ]


def shape_moves(tile: Tile, shapes: Geometries) -> list[Moves | None]:
    """Each shape (lon/lat degrees) as the tile draws it; None where nothing of it is left."""
    kinds = shapely.get_dimensions(shapes)
    return [
        _moves(int(kind), shape) for kind, shape in zip(kinds, fitted(tile, shapes), strict=True)
    ]


def fitted(tile: Tile, shapes: Geometries) -> Geometries:
    """Shapes in whole units of the tile: valid, clipped to it and its margin, maybe empty."""
    # An edge cut here is the same for both tiles; what is left over stays small to work on.
    far = EXTENT + MARGIN
    flat = shapely.transform(shapes, lambda points: placed(tile, points))
    cut = shapely.clip_by_rect(_sound(flat), -MARGIN, -MARGIN, far, far)
    plain = shapely.simplify(_sound(cut), _TOLERANCE, preserve_topology=True)
    return np.asarray(shapely.set_precision(_sound(plain), 1.0), dtype=object)


def _sound(shapes: Geometries) -> Geometries:
    """The same, valid: cutting may leave rings that touch themselves."""
    wrong = ~shapely.is_valid(shapes)
    if wrong.any():
        shapes[wrong] = shapely.make_valid(shapes[wrong])
    return shapes


def _moves(kind: int, shape: shapely.Geometry) -> Moves | None:
    parts = [one for one in _single(shape) if shapely.get_dimensions(one) == kind]
    if not parts:
        return None
    if kind == 0:
        spots = shapely.get_coordinates(np.array(parts)).astype(np.int64)
        inside = spots[np.all((spots >= 0) & (spots < EXTENT), axis=1)]
        if not len(inside):
            return None
        steps = _steps(inside, np.zeros(2, dtype=np.int64))
        return POINT, varint(_MOVE | len(inside) << 3) + varints(steps)
    return (LINE if kind == 1 else POLYGON), _drawn(_strokes(kind, parts), close=kind == 2)


def _single(shape: shapely.Geometry) -> list[shapely.Geometry]:
    found: list[shapely.Geometry] = []
    for one in shapely.get_parts(shape):
        # A collection may hold collections.
        found += _single(one) if shapely.get_num_geometries(one) > 1 else [one]
    return [one for one in found if not shapely.is_empty(one)]


def _strokes(kind: int, parts: list[shapely.Geometry]) -> Iterator[Units]:
    if kind == 1:
        for one in parts:
            yield shapely.get_coordinates(one).astype(np.int64)
        return
    for one in parts:
        # Counter-clockwise as numbers: clockwise on a screen, where y goes down.
        for ring in shapely.get_rings(shapely.orient_polygons(one)):
            yield shapely.get_coordinates(ring)[:-1].astype(np.int64)


def _drawn(strokes: Iterator[Units], *, close: bool) -> bytes:
    found, pen = bytearray(), np.zeros(2, dtype=np.int64)
    for stroke in strokes:
        steps = _steps(stroke, pen)
        found += varint(_MOVE | 1 << 3) + varints(steps[:2])
        found += varint(_LINE | (len(stroke) - 1) << 3) + varints(steps[2:])
        if close:
            found += varint(_CLOSE | 1 << 3)
        pen = stroke[-1]
    return bytes(found)


def _steps(stroke: Units, pen: Units) -> list[int]:
    steps: list[int] = _zigzag(np.diff(stroke, axis=0, prepend=pen[None, :])).ravel().tolist()
    return steps


def _zigzag(numbers: Units) -> Units:
    return (numbers << 1) ^ (numbers >> 63)
