"""Which city, area and grid the points of a batch lie in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from chengyun.places.reads import locate, locate_many

# Below this a vectorised look-up costs more than it saves.
_FEW = 8


@dataclass(frozen=True, slots=True)
class Located:
    """A point's city, deepest area and base grid."""

    city_no: int
    area_no: int
    grid_code: str | None


def place_points(
    points: Sequence[tuple[float, float]], cities: Collection[int]
) -> list[Located | None]:
    """Where each point (longitude, latitude in degrees) lies; None: outside every city."""
    found: list[Located | None] = [None] * len(points)
    for city in cities:
        left = [index for index, one in enumerate(found) if one is None]
        if not left:
            break
        if len(left) < _FEW:
            for index in left:
                spot = locate(city, *points[index])
                if spot.area_no is not None:
                    found[index] = Located(city, spot.area_no, spot.grid_code)
            continue
        spots = locate_many(
            city,
            np.array([points[index][0] for index in left]),
            np.array([points[index][1] for index in left]),
        )
        for index, area_no, grid in zip(
            left, spots.area_nos.tolist(), spots.grid_codes.tolist(), strict=True
        ):
            if area_no:
                found[index] = Located(city, area_no, grid)
    return found
