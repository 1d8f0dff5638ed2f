"""Neighbouring unit grid cells joined into larger grids, as police and comprehensive grids are."""

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Polygon

from chengyun.places.decide.metric import Geometries

Area = Polygon | MultiPolygon


def cluster(
    centres: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], groups: int
) -> list[int]:
    """The group of each point (n, 2), in `groups` compact groups of similar weight.

    The points are halved again and again across their longer extent, like unit grids are cut, so
    groups are compact and every point is in exactly one. Groups never outnumber points.
    """
    chosen = np.zeros(len(centres), dtype=np.int64)
    todo = [(np.arange(len(centres)), min(groups, len(centres)))]
    number = 0
    while todo:
        members, share = todo.pop()
        if share == 1:
            chosen[members] = number
            number += 1
            continue
        first = share // 2
        spread = np.ptp(centres[members], axis=0)
        order = members[np.argsort(centres[members, int(spread[1] > spread[0])], kind="stable")]
        filled = np.cumsum(weights[order])
        at = int(np.searchsorted(filled, filled[-1] * first / share)) + 1
        at = min(max(at, first), len(order) - (share - first))
        todo += [(order[at:], share - first), (order[:at], first)]
    return chosen.tolist()


def dissolve(outlines: Geometries) -> Area:
    """One outline around cells; hairline gaps left by floating point are closed."""
    merged = shapely.union_all(outlines)
    parts = [part for part in shapely.get_parts(merged) if isinstance(part, Polygon)]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)
