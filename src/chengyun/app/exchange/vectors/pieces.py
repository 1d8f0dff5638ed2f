"""What every reader gives: raw shapes with their properties, and what the file says of itself."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows as read: shapes (None where missing), properties, and the row of the first."""

    first: int
    shapes: Geometries
    properties: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open map file. `reference` is its own words about coordinates ("" for none)."""

    form: str
    reference: str
    pieces: Iterator[Piece]
    osm: bool = False
