"""Local engineering grids (城市独立坐标系): plane metres that a city surveys in.

A grid is tied to CGCS2000 in one of two ways, both of them dated data and none of them ours:
*control points* known in both, fitted by least squares on a Gauss-Krüger plane (similarity: four
parameters; affine: six), or a *seven-parameter* datum shift (EPSG method 9606, position vector)
with the grid's own ellipsoid and projection. The residuals of a fit say how good it is.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
from pyproj import Transformer
from pyproj.exceptions import ProjError

Floats = npt.NDArray[np.float64]
Method = Literal["similarity", "affine", "seven"]

LEAST = {"similarity": 3, "affine": 4}
"""Control points needed, so that at least one observation checks the rest."""
_FALSE_EASTING = 500_000.0
_ELLIPSOIDS = frozenset({"GRS80", "krass", "WGS84", "intl"})
_SUSPECT = 3.0
_FLOOR_M = 0.005


class BadFit(ValueError):
    """The grid cannot be tied; the message says why."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A transverse Mercator plane: central meridian (degrees), false easting and northing (m)."""

    meridian: float
    easting: float = _FALSE_EASTING
    northing: float = 0.0
    ellipsoid: str = "GRS80"


@dataclass(frozen=True, slots=True)
class Shift:
    """Seven parameters from CGCS2000 to the grid's datum: metres, arc seconds, ppm."""

    dx: float
    dy: float
    dz: float
    rx: float
    ry: float
    rz: float
    ppm: float


@dataclass(frozen=True, slots=True)
class GridFit:
    """How plane coordinates of a local grid follow from lon/lat.

    local = matrix · plane + offset. `rms_m` and `worst_m` are what the control points left over.
    """

    method: Method
    plane: Plane
    matrix: tuple[float, float, float, float]
    offset: tuple[float, float]
    rms_m: float
    worst_m: float
    points: int
    shift: Shift | None = None
    suspects: tuple[int, ...] = ()

    def from_degrees(self, points: Floats) -> Floats:
        """Local metres (east, north) of (n, 2) CGCS2000 lon/lat degrees."""
        plane = _projected(points, self.plane, self.shift)
        return np.asarray(plane @ self._square().T + np.array(self.offset), dtype=np.float64)

    def to_degrees(self, points: Floats) -> Floats:
        """CGCS2000 lon/lat degrees of (n, 2) local metres."""
        plane = (points - np.array(self.offset)) @ np.linalg.inv(self._square()).T
        return _unprojected(plane, self.plane, self.shift)

    def _square(self) -> Floats:
        return np.array(self.matrix, dtype=np.float64).reshape(2, 2)


def fit(local: Floats, degrees: Floats, plane: Plane, method: Method = "similarity") -> GridFit:
    """Tie a grid by control points: (n, 2) local metres and the same points in lon/lat degrees.

    Raises BadFit: too few points, points in one line or one place, or numbers that are none.
    """
    if method not in LEAST:
        raise BadFit("Control points give a similarity or an affine fit.")
    if len(local) != len(degrees) or len(local) < LEAST[method]:
        raise BadFit(f"A {method} fit needs at least {LEAST[method]} control points.")
    if not (np.isfinite(local).all() and np.isfinite(degrees).all()):
        raise BadFit("Each coordinate must be a finite number.")
    known = _projected(degrees, plane, None)
    # Around the centres: plane coordinates of millions would cost half the digits.
    here, there = known.mean(axis=0), local.mean(axis=0)
    spread = np.linalg.svd(known - here, compute_uv=False)
    if spread[-1] < 1e-3 * spread[0] or spread[0] < 1.0:
        raise BadFit("The control points lie in one line or in one place.")
    square = (_affine if method == "affine" else _similar)(known - here, local - there)
    offset = there - square @ here
    left = np.hypot(*(known @ square.T + offset - local).T)
    freedom = 2 * len(local) - (6 if method == "affine" else 4)
    rms = float(np.sqrt((left**2).sum() / freedom))
    limit = max(_SUSPECT * float(np.median(left)), _FLOOR_M)
    return GridFit(
        method=method,
        plane=plane,
        matrix=(*square[0].tolist(), *square[1].tolist()),
        offset=(float(offset[0]), float(offset[1])),
        rms_m=rms,
        worst_m=float(left.max()),
        points=len(local),
        suspects=tuple(int(at) for at in np.flatnonzero(left > limit)),
    )


def seven(shift: Shift, plane: Plane, accuracy_m: float) -> GridFit:
    """A grid tied by published parameters; their publisher states the accuracy. Raises BadFit."""
    found = GridFit(
        "seven", plane, (1.0, 0.0, 0.0, 1.0), (0.0, 0.0), accuracy_m, accuracy_m, 0, shift
    )
    try:
        _transformer(plane, shift)
    except ProjError as error:
        raise BadFit(f"The parameters describe no projection: {error}.") from error
    return found


def _similar(known: Floats, local: Floats) -> Floats:
    """[[a, -b], [b, a]] that takes `known` to `local` best."""
    size = float((known**2).sum())
    a = float((known * local).sum()) / size
    b = float((known[:, 0] * local[:, 1] - known[:, 1] * local[:, 0]).sum()) / size
    return np.array([[a, -b], [b, a]])


def _affine(known: Floats, local: Floats) -> Floats:
    found, *_ = np.linalg.lstsq(known, local, rcond=None)
    return np.asarray(found.T, dtype=np.float64)


def _projected(points: Floats, plane: Plane, shift: Shift | None) -> Floats:
    east, north = _transformer(plane, shift).transform(points[:, 0], points[:, 1])
    return np.column_stack([east, north])


def _unprojected(points: Floats, plane: Plane, shift: Shift | None) -> Floats:
    lon, lat = _transformer(plane, shift).transform(points[:, 0], points[:, 1], direction="INVERSE")
    return np.column_stack([lon, lat])


@lru_cache(maxsize=64)
def _transformer(plane: Plane, shift: Shift | None) -> Transformer:
    """A pipeline of numbers only: nothing of it is text from outside."""
    if plane.ellipsoid not in _ELLIPSOIDS:
        raise BadFit(f"The ellipsoid must be one of {', '.join(sorted(_ELLIPSOIDS))}.")
    steps = ["+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"]
    if shift is not None:
        turn = f"+rx={shift.rx!r} +ry={shift.ry!r} +rz={shift.rz!r} +s={shift.ppm!r}"
        steps.append("+step +proj=push +v_3 +step +proj=cart +ellps=GRS80")
        steps.append(f"+step +proj=helmert +x={shift.dx!r} +y={shift.dy!r} +z={shift.dz!r} {turn}")
        steps[-1] += " +convention=position_vector"
        steps.append(f"+step +inv +proj=cart +ellps={plane.ellipsoid} +step +proj=pop +v_3")
    steps.append(
        f"+step +proj=tmerc +lat_0=0 +lon_0={float(plane.meridian)!r} +k=1"
        f" +x_0={float(plane.easting)!r} +y_0={float(plane.northing)!r} +ellps={plane.ellipsoid}"
    )
    return Transformer.from_pipeline(" ".join(steps))
