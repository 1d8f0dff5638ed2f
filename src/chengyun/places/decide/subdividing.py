"""Made-up subdivision of a real outline: seeded Voronoi cells, evened out, for demos only.

Everything made here is synthetic and must be stored with `synthetic=True`.
"""

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPoint, MultiPolygon, Polygon

Floats = npt.NDArray[np.float64]
Area = Polygon | MultiPolygon

_ROUNDS = 2
_CHOICE = 30
_CORE = 0.08
"""Degrees (9 km) from the middle of a city at which areas are twice the size."""
_CRUMB = 0.25
"""Detached pieces below this share of a fair cell go to the neighbour they touch."""


def subdivide(
    area: Area, count: int, seed: int, dense_at: tuple[float, float] | None = None
) -> list[Area]:
    """Cut `area` into `count` cells that cover it; the same seed cuts the same.

    Cells are of similar size, ordered from north to south, then west to east; or they grow with the
    distance from `dense_at` (lon, lat), as a city's areas do, and come nearest first.
    """
    if count < 1:
        raise ValueError("count must be at least 1")
    if count == 1:
        return [area]
    seeds = _scatter(area, count, np.random.default_rng(seed), dense_at)
    cells = _cells(area, seeds)
    for _ in range(_ROUNDS):
        cells = _cells(area, np.array([_centre(cell) for cell in cells]))
    if dense_at is None:
        return sorted(cells, key=_reading_order)
    return sorted(cells, key=lambda cell: _degrees_from(np.array([_centre(cell)]), dense_at)[0])


def _scatter(
    area: Area, count: int, random: np.random.Generator, dense_at: tuple[float, float] | None
) -> Floats:
    """Points inside the area, even, or denser towards a point."""
    west, south, east, north = area.bounds
    shapely.prepare(area)
    wanted = count if dense_at is None else count * _CHOICE
    found = np.empty((0, 2))
    while len(found) < wanted:
        draw = random.uniform((west, south), (east, north), size=(wanted * 4, 2))
        found = np.vstack([found, draw[shapely.contains_xy(area, draw[:, 0], draw[:, 1])]])
    found = found[:wanted]
    if dense_at is None:
        return found
    weight = 1.0 / (1.0 + (_degrees_from(found, dense_at) / _CORE) ** 2)
    return found[random.choice(wanted, count, replace=False, p=weight / weight.sum())]


def _degrees_from(points: Floats, place: tuple[float, float]) -> Floats:
    """Distance in degrees of latitude."""
    squeeze = np.cos(np.radians(place[1]))
    away: Floats = np.hypot((points[:, 0] - place[0]) * squeeze, points[:, 1] - place[1])
    return away


def _cells(area: Area, seeds: Floats) -> list[Area]:
    # Voronoi in true proportions: a degree of longitude is shorter than one of latitude.
    squeeze = np.array([np.cos(np.radians(float(np.mean(seeds[:, 1])))), 1.0])
    west, south, east, north = area.bounds
    frame = shapely.box(west * squeeze[0], south, east * squeeze[0], north)
    diagram = shapely.voronoi_polygons(
        MultiPoint(seeds * squeeze), extend_to=frame.buffer(1.0), ordered=True
    )
    stretched = shapely.transform(shapely.get_parts(diagram), lambda xy: xy / squeeze)
    cells = [_polygonal(piece) for piece in shapely.intersection(stretched, area)]
    return _without_crumbs(cells, area.area / len(seeds) * _CRUMB)


def _without_crumbs(cells: list[Area], smallest: float) -> list[Area]:
    """Give small detached pieces of a cell to the cell with which they share the longest border."""
    kept: list[list[Polygon]] = []
    crumbs: list[Polygon] = []
    for cell in cells:
        pieces = sorted(_parts(cell), key=lambda piece: piece.area, reverse=True)
        kept.append([piece for i, piece in enumerate(pieces) if i == 0 or piece.area >= smallest])
        crumbs += [piece for i, piece in enumerate(pieces) if i and piece.area < smallest]
    if not crumbs:
        return cells
    bodies = np.array([MultiPolygon(pieces) for pieces in kept], dtype=object)
    for crumb in crumbs:
        border = shapely.length(shapely.intersection(bodies, crumb.boundary))
        best = int(np.argmax(border))
        if border[best] == 0.0:  # an island: nearest cell takes it
            best = int(np.argmin(shapely.distance(bodies, crumb)))
        bodies[best] = shapely.union(bodies[best], crumb)
    return [_polygonal(body) for body in bodies]


def _centre(cell: Area) -> tuple[float, float]:
    # A seed outside the area could lose its whole cell, so a bent cell keeps an inner point.
    middle = cell.centroid if cell.contains(cell.centroid) else cell.representative_point()
    return (middle.x, middle.y)


def _polygonal(geometry: shapely.Geometry) -> Area:
    parts = _parts(geometry)
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _parts(geometry: shapely.Geometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]


def _reading_order(cell: Area) -> tuple[float, float]:
    centre = cell.centroid
    return (-round(centre.y, 3), centre.x)
