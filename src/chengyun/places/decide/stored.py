"""Outlines as the database keeps them: WKB, lon/lat degrees."""

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from chengyun.places.decide.metric import Geometries

Blob = bytes | memoryview | None


def outlines(blobs: Iterable[Blob]) -> Geometries:
    """Many outlines; None stays None."""
    raw = [None if blob is None else bytes(blob) for blob in blobs]
    array = np.empty(len(raw), dtype=object)
    array[:] = raw
    return np.asarray(shapely.from_wkb(array), dtype=object)


def outline(blob: Blob) -> Polygon | MultiPolygon | None:
    """One outline, None where there is none."""
    shape = None if blob is None else shapely.from_wkb(bytes(blob))
    return shape if isinstance(shape, Polygon | MultiPolygon) else None
