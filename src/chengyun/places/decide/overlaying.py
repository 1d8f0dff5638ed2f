"""Several grid layers on one ground (多格合一): the pieces they cut, and proofs about each layer.

A layer is sound over an area when its cells leave no gap in it, do not overlap, and do not stick
out. Gaps and overlaps are measured from the geometry itself, never from a difference of sums, so
one cannot hide the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from chengyun.places.decide.metric import Geometries, area_m2, metres_per_degree

Area = Polygon | MultiPolygon

HAIR_M = 0.001
"""Surfaces thinner than 1 mm come from floating point on shared borders and are not faults."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Surface that two cells of a layer claim, or that one claims outside of the area."""

    codes: tuple[str, ...]
    area_m2: float


@dataclass(frozen=True, slots=True)
class Proof:
    """What one layer leaves out of, claims twice in, and claims outside of an area."""

    layer: str
    cells: int
    area_m2: float
    gap_m2: float
    overlap_m2: float
    outside_m2: float
    overlaps: tuple[Flaw, ...]
    outside: tuple[Flaw, ...]
    gaps: tuple[tuple[float, float, float], ...]
    """Longitude, latitude and size in m² of each gap."""

    @property
    def sound(self) -> bool:
        """True when cells cover the area exactly once, up to floating point noise."""
        return max(self.gap_m2, self.overlap_m2, self.outside_m2) == 0.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground with one cell of each layer (None where a layer has no cell there)."""

    codes: tuple[str | None, ...]
    outline: Area
    area_m2: float


def prove(layer: str, area: Area, codes: Sequence[str], outlines: Geometries) -> Proof:
    """Measure gaps, overlaps and overreach of one layer over `area` (all lon/lat degrees)."""
    total = area_m2(area)
    left = shapely.get_parts(shapely.difference(area, shapely.union_all(outlines)))
    gaps = sorted(
        (
            (round(part.centroid.x, 7), round(part.centroid.y, 7), round(size, 2))
            for part, size in zip(left, _solid_m2(left), strict=True)
            if size
        ),
        key=lambda gap: -gap[2],
    )
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    shared = _solid_m2(shapely.intersection(outlines[first], outlines[second]))
    overlaps = tuple(
        Flaw((codes[a], codes[b]), round(size, 2))
        for a, b, size in zip(first.tolist(), second.tolist(), shared, strict=True)
        if size
    )
    shapely.prepare(area)
    loose = np.flatnonzero(~shapely.contains_properly(area, outlines))
    beyond = _solid_m2(shapely.difference(outlines[loose], area))
    outside = tuple(
        Flaw((codes[at],), round(size, 2))
        for at, size in zip(loose.tolist(), beyond, strict=True)
        if size
    )
    return Proof(
        layer=layer,
        cells=len(outlines),
        area_m2=round(total, 2),
        gap_m2=round(sum(gap[2] for gap in gaps), 2),
        overlap_m2=round(sum(flaw.area_m2 for flaw in overlaps), 2),
        outside_m2=round(sum(flaw.area_m2 for flaw in outside), 2),
        overlaps=overlaps,
        outside=outside,
        gaps=tuple(gaps),
    )


def shared_ground(first: Geometries, second: Geometries) -> list[tuple[int, int, float]]:
    """Each pair of polygons of two layers that share ground: positions and m², hairs left out."""
    left, right = shapely.STRtree(second).query(first, predicate="intersects")
    sizes = _solid_m2(shapely.intersection(first[left], second[right]))
    return [
        (a, b, size)
        for a, b, size in zip(left.tolist(), right.tolist(), sizes, strict=True)
        if size
    ]


def overlay(area: Area, layers: Mapping[str, tuple[Sequence[str], Geometries]]) -> list[Piece]:
    """Cut `area` by all layers at once; the pieces cover the area and carry a code per layer.

    Where cells of one layer overlap, the ground goes to the lower code, as in point location.
    """
    ground = np.array([area], dtype=object)
    labels: list[tuple[str | None, ...]] = [()]
    for codes, outlines in layers.values():
        order = sorted(range(len(codes)), key=lambda at: codes[at])
        ground, labels = _cut(ground, labels, [codes[at] for at in order], outlines[order])
    sizes = _solid_m2(ground)
    return [
        Piece(label, piece, float(size))
        for label, piece, size in zip(labels, ground, sizes, strict=True)
        if size
    ]


def _cut(
    ground: Geometries,
    labels: list[tuple[str | None, ...]],
    codes: Sequence[str],
    outlines: Geometries,
) -> tuple[Geometries, list[tuple[str | None, ...]]]:
    """Split every ground piece by the cells of one more layer."""
    pieces: list[shapely.Geometry] = []
    named: list[tuple[str | None, ...]] = []
    tree = shapely.STRtree(outlines)
    for at, whole in enumerate(ground):
        rest = whole
        for cell in sorted(tree.query(whole, predicate="intersects").tolist()):
            piece = _surface(shapely.intersection(rest, outlines[cell]))
            if piece.is_empty:
                continue
            pieces.append(piece)
            named.append((*labels[at], codes[cell]))
            rest = _surface(shapely.difference(rest, outlines[cell]))
            if rest.is_empty:
                break
        if not rest.is_empty:
            pieces.append(rest)
            named.append((*labels[at], None))
    return np.array(pieces, dtype=object), named


def _solid_m2(geometries: Geometries) -> list[float]:
    """Area of each geometry in m², 0 where it is only a hair's breadth of rounding.

    Measured in degrees and scaled at the geometry's own latitude: points in line in lon/lat are not
    in line on any projection, so projecting would give a hair a surface.
    """
    lats = np.nan_to_num(shapely.bounds(geometries)[:, [1, 3]].mean(axis=1))
    per_lon, per_lat = metres_per_degree(lats)
    sizes = shapely.area(geometries) * per_lon * per_lat
    hair = shapely.length(geometries) / 2 * per_lat * HAIR_M
    return [float(size) for size in np.where(sizes > hair, sizes, 0.0)]


def _surface(geometry: shapely.Geometry) -> Area:
    parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)
