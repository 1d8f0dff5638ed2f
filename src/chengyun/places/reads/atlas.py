"""Each city's map in memory: which area and base grid hold a point, and what areas are called.

A map is loaded on first use and again when the city's revision changed; a process sees its own
changes at once and those of others within a second. Maps are immutable, so threads share them.

A point's grid is decided first and its area follows from the grid; where there is no grid, the
deepest region that holds the point counts. On a border the lower code wins (decide.locating).
"""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely

from chengyun.kernel import areas
from chengyun.kernel.problems import NotFound
from chengyun.kernel.text import Text
from chengyun.places.decide.locating import PolygonIndex
from chengyun.places.decide.stored import Blob, outlines
from chengyun.places.models import City, Grid, Region, touches

BASE = "base"
_LOOK_AGAIN_S = 1.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AreaInfo:
    """An area with its names, as screens and other rooms need it."""

    no: int
    code: str
    name: Text
    level: str
    synthetic: bool
    center: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class CityInfo:
    """What differs between cities on one node."""

    area: AreaInfo
    time_zone: str
    calendar: str
    language: str
    code_scheme: str
    center: tuple[float, float]
    zoom: float
    attribution: str
    revision: UUID


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a point is: the deepest area and the base grid, None outside or without a grid."""

    area_no: int | None
    grid_code: str | None


@dataclass(frozen=True, slots=True)
class Spots:
    """Where many points are: `area_nos` int64 (n,), 0 outside; `grid_codes` object (n,), None."""

    area_nos: npt.NDArray[np.int64]
    grid_codes: npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The polygons of one level, ordered by code, with the area and code each stands for."""

    index: PolygonIndex
    area_nos: npt.NDArray[np.int64]
    codes: npt.NDArray[np.object_]


class CityMap:
    """A city's areas and polygons at one revision: base grids first, then deepest level first."""

    def __init__(self, info: CityInfo, named: dict[int, AreaInfo], sheets: Sequence[Sheet]) -> None:
        self.info = info
        self.areas = named
        self.numbers = {area.code: no for no, area in named.items()}
        self._grid, *self._levels = sheets

    @property
    def grid_count(self) -> int:
        """How many base grids the city has."""
        return len(self._grid.index)

    def regions_touching(self, shape: shapely.Geometry) -> list[int]:
        """Numbers of all regions, of any level, whose outline touches a shape."""
        return [
            int(level.area_nos[at])
            for level in self._levels
            for at in level.index.touching(shape).tolist()
        ]

    def locate(self, lon: float, lat: float) -> Spot:
        """Where one point (degrees) is."""
        at = self._grid.index.find_one(lon, lat)
        if at >= 0:
            return Spot(int(self._grid.area_nos[at]), str(self._grid.codes[at]))
        for level in self._levels:
            at = level.index.find_one(lon, lat)
            if at >= 0:
                return Spot(int(level.area_nos[at]), None)
        return Spot(None, None)

    def locate_many(self, lons: Floats, lats: Floats) -> Spots:
        """Where points (degrees, equal length) are."""
        found = self._grid.index.find(lons, lats)
        area_nos, codes = self._grid.area_nos[found], self._grid.codes[found]
        for level in self._levels:
            left = np.flatnonzero(area_nos == 0)
            if not len(left):
                break
            found = level.index.find(lons[left], lats[left])
            area_nos[left] = level.area_nos[found]
        return Spots(area_nos, codes)


_maps: dict[int, tuple[CityMap, int, float]] = {}
_lock = threading.Lock()


def city_map(city_no: int) -> CityMap:
    """The city's map as it is now. Raises NotFound for a number that is no city."""
    held = _maps.get(city_no)
    now = time.monotonic()
    if held and held[1] == touches[city_no] and now - held[2] < _LOOK_AGAIN_S:
        return held[0]
    row = City.objects.filter(pk=city_no).only("revision").first()
    if row is None:
        raise NotFound("There is no such city.")
    with _lock:
        held = _maps.get(city_no)
        fresh = held[0] if held and held[0].info.revision == row.revision else _load(city_no)
        _maps[city_no] = (fresh, touches[city_no], now)
    return fresh


def locate(city_no: int, lon: float, lat: float) -> Spot:
    """Which area and base grid of a city hold a point (degrees)."""
    return city_map(city_no).locate(lon, lat)


def locate_many(city_no: int, lons: Floats, lats: Floats) -> Spots:
    """Which area and base grid of a city hold each point (degrees); see Spots."""
    return city_map(city_no).locate_many(lons, lats)


def city_of(lon: float, lat: float) -> int | None:
    """The city that holds a point, None if no city on this node does."""
    for number in City.objects.order_by("area_no").values_list("area_no", flat=True):
        if city_map(number).locate(lon, lat).area_no is not None:
            return number
    return None


def cities() -> list[CityInfo]:
    """All cities on this node."""
    numbers = City.objects.order_by("area_no").values_list("area_no", flat=True)
    return [city_map(number).info for number in numbers]


def city(area_no: int) -> CityInfo:
    """The city an area belongs to. Raises NotFound."""
    return city_map(areas.city_of(area_no)).info


def area(area_no: int) -> AreaInfo:
    """One area; a grid number gives its community. Raises NotFound."""
    region_no = areas.at_level(area_no, "community") or area_no
    found = city_map(areas.city_of(area_no)).areas.get(region_no)
    if found is None:
        raise NotFound("There is no such area.")
    return found


def area_by_code(city_no: int, code: str) -> AreaInfo | None:
    """The area of a city with this code now, or None."""
    held = city_map(city_no)
    number = held.numbers.get(code)
    return None if number is None else held.areas[number]


def area_path(area_no: int) -> list[AreaInfo]:
    """The area and all above it, city first; numbers that are no region (grids) are left out."""
    named = city_map(areas.city_of(area_no)).areas
    return [named[number] for number in areas.ancestors(area_no) if number in named]


def areas_named(area_nos: Iterable[int]) -> dict[int, AreaInfo]:
    """Many areas by number; unknown numbers are left out."""
    found: dict[int, AreaInfo] = {}
    for number in set(area_nos):
        info = city_map(areas.city_of(number)).areas.get(number)
        if info is not None:
            found[number] = info
    return found


def _load(city_no: int) -> CityMap:
    row = City.objects.get(pk=city_no)
    named: dict[int, AreaInfo] = {}
    outlined: dict[str, list[tuple[str, int, Blob]]] = {}
    fields = ["area_no", "code", "name_zh", "name_en", "level", "synthetic"]
    fields += ["center_lon", "center_lat", "boundary"]
    open_regions = Region.objects.filter(city_id=city_no, valid_to=None).order_by("code")
    for no, code, zh, en, level, synthetic, lon, lat, boundary in open_regions.values_list(*fields):
        center = None if lon is None or lat is None else (lon, lat)
        named[no] = AreaInfo(no, code, {"zh": zh, "en": en or zh}, level, synthetic, center)
        if boundary is not None:
            outlined.setdefault(level, []).append((code, no, boundary))
    cells = Grid.objects.filter(layer__city_id=city_no, layer__code=BASE, valid_to=None)
    cells = cells.order_by("code")
    grid: list[tuple[str, int, Blob]] = list(cells.values_list("code", "area_no", "boundary"))
    info = CityInfo(
        area=named[city_no],
        time_zone=row.time_zone,
        calendar=row.calendar,
        language=row.language,
        code_scheme=row.code_scheme,
        center=(row.center_lon, row.center_lat),
        zoom=row.zoom,
        attribution=row.attribution,
        revision=row.revision,
    )
    deepest_first = [outlined.get(level, []) for level in reversed(areas.LEVELS[:4])]
    return CityMap(info, named, [sheet(grid), *map(sheet, deepest_first)])


def sheet(rows: Sequence[tuple[str, int, Blob]]) -> Sheet:
    """A sheet of (code, area number, WKB) rows ordered by code."""
    # A last, unreachable entry lets position -1 (nowhere) be looked up like any other.
    return Sheet(
        PolygonIndex(outlines(row[2] for row in rows)),
        np.array([row[1] for row in rows] + [0], dtype=np.int64),
        np.array([row[0] for row in rows] + [None], dtype=object),
    )
