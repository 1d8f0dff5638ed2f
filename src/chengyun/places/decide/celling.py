"""A number for where a shape lies, so that an ordinary B-tree finds what is in a box.

A loose quadtree over the degrees of the whole earth: a shape gets the smallest cell, of four
sizes, that is no smaller than its box, at its box's middle. What touches a box then has its middle
within half a cell of it. Cells are numbered along a Z-curve with the size in front, so a box is a
handful of number ranges; comparing whole numbers is allowed under row-level security, comparing
boxes (GiST) is not. What is found is a little too much: compare boxes afterwards.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int64]
Box = tuple[float, float, float, float]

LEVELS = (16, 12, 8, 0)
"""Halvings of 360°: cells of about 550 m, 9 km, 140 km and the earth (north to south)."""
MOST_RANGES = 48
_SHIFT = 40


def cells(boxes: Floats) -> Cells:
    """The cell number of each (n, 4) box west, south, east, north in degrees."""
    width = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    middle_x, middle_y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    out = np.zeros(len(boxes), dtype=np.int64)
    for level in reversed(LEVELS):
        fits = width <= 360.0 / (1 << level)
        x, y = _at(middle_x[fits], level), _at(middle_y[fits] - 90.0, level)
        out[fits] = (level << _SHIFT) | _woven(x, y)
    return out


def ranges(box: Box) -> list[tuple[int, int]]:
    """Inclusive ranges of cell numbers that hold whatever touches a box; at most about 200."""
    found: list[tuple[int, int]] = []
    for level in LEVELS:
        half = 180.0 / (1 << level)
        west, south, east, north = box[0] - half, box[1] - half, box[2] + half, box[3] + half
        low = (_one(west, level), _one(south - 90.0, level))
        high = (_one(east, level), _one(north - 90.0, level))
        found += [
            ((level << _SHIFT) | a, (level << _SHIFT) | b) for a, b in _runs(low, high, level)
        ]
    return found


def _runs(low: tuple[int, int], high: tuple[int, int], level: int) -> list[tuple[int, int]]:
    """Runs of the Z-curve that cover a rectangle of cells, coarse where there would be many."""
    tiles = [(0, 0, level)]
    whole: list[tuple[int, int, int]] = []
    while tiles and len(tiles) + len(whole) < MOST_RANGES:
        split: list[tuple[int, int, int]] = []
        for x, y, left in tiles:
            size = 1 << left
            x0, y0 = x * size, y * size
            if x0 > high[0] or y0 > high[1] or x0 + size <= low[0] or y0 + size <= low[1]:
                continue
            inside = x0 >= low[0] and y0 >= low[1]
            inside = inside and x0 + size - 1 <= high[0] and y0 + size - 1 <= high[1]
            if inside or left == 0:
                whole.append((x, y, left))
            else:
                split += [(2 * x + dx, 2 * y + dy, left - 1) for dy in (0, 1) for dx in (0, 1)]
        tiles = split
    runs: list[tuple[int, int]] = []
    for x, y, left in whole + tiles:
        first = int(_woven(np.array([x]), np.array([y]))[0]) << (2 * left)
        runs.append((first, first + (1 << (2 * left)) - 1))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _at(degrees: Floats, level: int) -> Cells:
    whole = np.floor((degrees + 180.0) / 360.0 * (1 << level)).astype(np.int64)
    return np.clip(whole, 0, (1 << level) - 1)


def _one(degrees: float, level: int) -> int:
    return int(_at(np.array([degrees]), level)[0])


def _woven(x: Cells, y: Cells) -> Cells:
    """The bits of x and y in turn, x lowest."""
    return _spread(x.astype(np.int64)) | (_spread(y.astype(np.int64)) << 1)


def _spread(value: Cells) -> Cells:
    value = (value | (value << 8)) & 0x00FF00FF
    value = (value | (value << 4)) & 0x0F0F0F0F
    value = (value | (value << 2)) & 0x33333333
    return (value | (value << 1)) & 0x55555555
