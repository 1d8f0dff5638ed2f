"""Coordinates from one reference to another, with what that costs in metres.

References (*frames*): WGS84, CGCS2000, GCJ02, BD09, EPSG:n (any that pyproj knows a stated way
for), and GRID:code, a city's own engineering grid. All ways lead through WGS84 lon/lat degrees.
"""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from pyproj.transformer import TransformerGroup

from chengyun.places.decide.baidu import bd09_to_wgs84, wgs84_to_bd09
from chengyun.places.decide.datum import gcj02_to_wgs84, wgs84_to_gcj02
from chengyun.places.decide.engineering import GridFit

Floats = npt.NDArray[np.float64]

WGS84, CGCS2000, GCJ02, BD09 = "WGS84", "CGCS2000", "GCJ02", "BD09"
DEGREES = (WGS84, CGCS2000, GCJ02, BD09)
SAME_M = 1.0
"""WGS84 and CGCS2000 are taken as one: their realisations lie less than a metre apart."""
SHIFT_M = 0.5
"""A shift of the web maps, either way. The series was never published, so no official figure
exists: this is the round trip that is promised and tested, not the true error of a map."""
_SAME_DATUM = {4326: 0.0, 4490: SAME_M}
_SPELLINGS = {
    "WGS84": WGS84,
    "EPSG4326": WGS84,
    "CRS84": WGS84,
    "OGCCRS84": WGS84,
    "CGCS2000": CGCS2000,
    "EPSG4490": CGCS2000,
    "GCJ02": GCJ02,
    "BD09": BD09,
    "BD09LL": BD09,
}
_EPSG = re.compile(r"EPSG:(\d{4,6})")
_GRID = re.compile(r"GRID:([\w.-]{1,64})")

Grids = Mapping[str, GridFit]


class UnknownFrame(ValueError):
    """There is no such reference, or no stated way from it; the message says which."""


@dataclass(frozen=True, slots=True)
class Moved:
    """Coordinates in the target frame; rows that cannot be there are NaN and named in `bad`."""

    points: Floats
    accuracy_m: float
    source: str
    target: str
    bad: dict[int, str]


def frame(text: str) -> str:
    """The canonical name of a frame as people write it. Raises UnknownFrame."""
    wanted = text.strip()
    plain = _SPELLINGS.get(re.sub(r"[\s_:-]", "", wanted).upper())
    if plain:
        return plain
    epsg = _EPSG.fullmatch(wanted.upper())
    if epsg:
        code = f"EPSG:{int(epsg[1])}"
        _by_epsg(code)
        return code
    grid = re.fullmatch(r"grid:([\w.-]{1,64})", wanted, re.IGNORECASE)
    if grid:
        return f"GRID:{grid[1]}"
    known = ", ".join(DEGREES)
    raise UnknownFrame(f"{text[:60]!r} is no reference: write {known}, EPSG:n or GRID:code.")


def move(points: Floats, source: str, target: str, grids: Grids | None = None) -> Moved:
    """Take (n, 2) x/y (lon/lat, east/north) from one frame to another; both canonical names.

    Raises UnknownFrame for a grid that is not given.
    """
    points = np.asarray(points, dtype=np.float64)
    out = np.full(points.shape, np.nan)
    bad = _unfit(points, source)
    good = np.ones(len(points), dtype=bool)
    good[list(bad)] = False
    if source == target:
        out[good] = points[good]
        return Moved(out, 0.0, source, target, bad)
    there, first = _to_wgs84(points[good], source, grids or {})
    found, second = _from_wgs84(there, target, grids or {})
    out[good] = found
    lost = np.flatnonzero(good & ~np.isfinite(out).all(axis=1))
    out[lost] = np.nan
    bad |= {int(at): f"The point cannot be told in {target}." for at in lost}
    return Moved(out, round(first + second, 3), source, target, bad)


def _unfit(points: Floats, source: str) -> dict[int, str]:
    finite = np.isfinite(points).all(axis=1)
    bad = {int(at): "Each coordinate must be a finite number." for at in np.flatnonzero(~finite)}
    if source in DEGREES:
        lon, lat = np.abs(points[:, 0]), np.abs(points[:, 1])
        swapped = finite & (lat > 90.0) & (lon <= 90.0)
        beyond = finite & ~swapped & ((lon > 180.0) | (lat > 90.0))
        for at in np.flatnonzero(swapped):
            bad[int(at)] = "Longitude and latitude look swapped; longitude comes first."
        for at in np.flatnonzero(beyond):
            bad[int(at)] = "Coordinates must be degrees within ±180 and ±90."
    return bad


def _to_wgs84(points: Floats, source: str, grids: Grids) -> tuple[Floats, float]:
    if source == WGS84:
        return points, 0.0
    if source == CGCS2000:
        return points, SAME_M
    if source == GCJ02:
        return gcj02_to_wgs84(points), SHIFT_M
    if source == BD09:
        return bd09_to_wgs84(points), 2 * SHIFT_M
    if _GRID.fullmatch(source):
        held = _grid(source, grids)
        return held.to_degrees(points), held.worst_m + SAME_M
    way, accuracy = _by_epsg(source)
    lon, lat = way.transform(points[:, 0], points[:, 1])
    return np.column_stack([lon, lat]), accuracy


def _from_wgs84(points: Floats, target: str, grids: Grids) -> tuple[Floats, float]:
    if target == WGS84:
        return points, 0.0
    if target == CGCS2000:
        return points, SAME_M
    if target == GCJ02:
        return wgs84_to_gcj02(points), SHIFT_M
    if target == BD09:
        return wgs84_to_bd09(points), 2 * SHIFT_M
    if _GRID.fullmatch(target):
        held = _grid(target, grids)
        return held.from_degrees(points), held.worst_m + SAME_M
    way, accuracy = _by_epsg(target)
    x, y = way.transform(points[:, 0], points[:, 1], direction="INVERSE")
    return np.column_stack([x, y]), accuracy


def _grid(name: str, grids: Grids) -> GridFit:
    held = grids.get(name.removeprefix("GRID:"))
    if held is None:
        raise UnknownFrame(f"No engineering grid {name.removeprefix('GRID:')!r} is known here.")
    return held


@lru_cache(maxsize=64)
def _by_epsg(code: str) -> tuple[Transformer, float]:
    """From the EPSG frame to WGS84, x/y first, with its stated accuracy. Raises UnknownFrame."""
    try:
        crs = CRS.from_user_input(code)
    except CRSError as error:
        raise UnknownFrame(f"{code} is no known reference.") from error
    plain = not (crs.is_compound or crs.is_geocentric or crs.is_vertical)
    base = crs.geodetic_crs.to_epsg() if plain and crs.geodetic_crs else None
    if base in _SAME_DATUM:
        return Transformer.from_crs(crs, f"EPSG:{base}", always_xy=True), _SAME_DATUM[base]
    if base is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # tells of finer grids that are not downloaded
            group = TransformerGroup(crs, "EPSG:4326", always_xy=True, allow_ballpark=False)
        stated = [way for way in group.transformers if way.accuracy > 0]
        if stated:
            return stated[0], stated[0].accuracy
    # A guess could be off by 100 m and more (Beijing 1954, Xi'an 1980): better none.
    raise UnknownFrame(f"No stated way leads from {code} to WGS84: give a GRID instead.")
