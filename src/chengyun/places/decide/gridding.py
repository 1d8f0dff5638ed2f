"""Unit grids (单元网格): cut any polygon into cells of nearly equal area that cover it exactly.

Cells are made by halving: the polygon is cut across its longer side so that each half can hold its
share of the cells, and so on. So there are no slivers at the outline, unlike with a raster.
A unit grid code has 15 digits: 12 of the community and a sequence 001–999 (domain.md §2.4).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Polygon

from chengyun.places.decide.metric import area_m2, metres_per_degree

Area = Polygon | MultiPolygon

UNIT_M2 = 10_000.0
MOST_CELLS = 999
_CUT_ROUNDS = 12
_CUT_TOLERANCE = 0.01
_CRUMB = 0.3


class GridError(ValueError):
    """The grid cannot be made as asked."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit grid cell, its code and outline in lon/lat degrees."""

    code: str
    sequence: int
    outline: Area


def unit_grid(
    area: Area, area_code: str, *, count: int | None = None, cell_m2: float = UNIT_M2
) -> list[Cell]:
    """Cut `area` into `count` cells, or into cells of about `cell_m2`, numbered north to south.

    Raises GridError when the area is empty or needs more than 999 cells.
    """
    if area.is_empty or area.area <= 0.0:
        raise GridError("The area has no surface.")
    wanted = max(1, round(area_m2(area) / cell_m2)) if count is None else count
    if not 1 <= wanted <= MOST_CELLS:
        raise GridError(f"{wanted} cells do not fit the three-digit sequence 001–{MOST_CELLS}.")
    pieces = sorted(split(area, wanted), key=_reading_order)
    return [Cell(f"{area_code}{n:03d}", n, piece) for n, piece in enumerate(pieces, start=1)]


def split(area: Area, count: int) -> list[Area]:
    """Cut `area` into exactly `count` pieces of nearly equal area."""
    pieces: list[Area] = []
    todo: list[tuple[Area, int]] = [(area, count)]
    while todo:
        whole, share = todo.pop()
        if share == 1:
            pieces.append(whole)
            continue
        first = share // 2
        low, high = _cut(whole, first / share)
        todo += [(high, share - first), (low, first)]
    return pieces


def shares(areas: npt.NDArray[np.float64], total: int, power: float = 0.5) -> list[int]:
    """Split `total` cells over areas (any unit) by area ** power, each 1 … 999, summing to total.

    A power below 1 gives small central areas finer cells than wide rural ones. Raises GridError
    when the total cannot be met.
    """
    if not len(areas) <= total <= len(areas) * MOST_CELLS:
        raise GridError(f"{total} cells cannot be spread over {len(areas)} areas.")
    ideal = np.asarray(areas) ** power
    ideal = np.clip(ideal / ideal.sum() * total, 1, MOST_CELLS)
    given = np.floor(ideal).astype(np.int64)
    order = np.argsort(-(ideal - given), kind="stable")
    step = 1 if given.sum() < total else -1
    while given.sum() != total:
        for position in order if step > 0 else order[::-1]:
            if given.sum() == total:
                break
            if 1 <= given[position] + step <= MOST_CELLS:
                given[position] += step
    return [int(n) for n in given]


def _cut(whole: Area, low_share: float) -> tuple[Area, Area]:
    """Cut across the longer side; `low_share` of the surface goes to the west or south part."""
    west, south, east, north = whole.bounds
    per_lon, per_lat = metres_per_degree((south + north) / 2)
    upright = (east - west) * per_lon >= (north - south) * per_lat
    low, high = (west, east) if upright else (south, north)
    target = whole.area * low_share
    # Area left of the cut grows with the cut: regula falsi guarded by bisection.
    below, above, at = low, high, low + (high - low) * low_share
    for _ in range(_CUT_ROUNDS):
        box = (west, south, at, north) if upright else (west, south, east, at)
        part = shapely.clip_by_rect(whole, *box).area
        if abs(part - target) <= _CUT_TOLERANCE * target:
            break
        below, above = (at, above) if part < target else (below, at)
        at = (below + above) / 2
    margin = max(east - west, north - south)
    outer = (west - margin, south - margin, east + margin, north + margin)
    if upright:
        boxes = (outer[0], outer[1], at, outer[3]), (at, outer[1], outer[2], outer[3])
    else:
        boxes = (outer[0], outer[1], outer[2], at), (outer[0], at, outer[2], outer[3])
    halves = [_polygons(shapely.intersection(whole, shapely.box(*box))) for box in boxes]
    return _settle(halves[0], halves[1], whole.area * min(low_share, 1 - low_share) * _CRUMB)


def _settle(low: list[Polygon], high: list[Polygon], smallest: float) -> tuple[Area, Area]:
    """Hand small detached pieces to the other side of the cut, where they hang together."""
    low.sort(key=lambda piece: piece.area)
    high.sort(key=lambda piece: piece.area)
    to_high = [piece for piece in low[:-1] if piece.area < smallest]
    to_low = [piece for piece in high[:-1] if piece.area < smallest]
    if not to_high and not to_low:
        return _joined(low), _joined(high)
    keep_low = [piece for piece in low if piece not in to_high]
    keep_high = [piece for piece in high if piece not in to_low]
    return (
        _joined(_polygons(shapely.union_all(keep_low + to_low))),
        _joined(_polygons(shapely.union_all(keep_high + to_high))),
    )


def _joined(pieces: list[Polygon]) -> Area:
    return pieces[0] if len(pieces) == 1 else MultiPolygon(pieces)


def _polygons(geometry: shapely.Geometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]


def _reading_order(piece: Area) -> tuple[float, float]:
    centre = piece.centroid
    return (-round(centre.y, 3), centre.x)
