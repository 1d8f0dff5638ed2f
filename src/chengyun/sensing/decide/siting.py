"""Where a city is blind: how much of an area is within reach of things of a kind."""

import numpy as np

from chengyun.sensing.decide.readings import Floats, Ints

METRES = 111_195.0


def covered(cells: Floats, things: Floats, reach_m: float) -> tuple[Ints, Floats]:
    """Things within reach of each cell's middle, and the metres to the nearest (inf: none).

    Args:
        cells, things: lon, lat in degrees, (n, 2).
    """
    count = np.zeros(len(cells), np.int64)
    nearest = np.full(len(cells), np.inf)
    if not len(things) or not len(cells):
        return count, nearest
    shrink = np.cos(np.radians(cells[:, 1].mean()))
    scale = np.array([METRES * shrink, METRES])
    there = things * scale
    for first in range(0, len(cells), 2_000):
        here = cells[first : first + 2_000] * scale
        away = np.hypot(*(here[:, None, :] - there[None, :, :]).transpose(2, 0, 1))
        count[first : first + 2_000] = (away <= reach_m).sum(axis=1)
        nearest[first : first + 2_000] = away.min(axis=1)
    return count, nearest
