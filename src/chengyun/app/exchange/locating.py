"""Points of a CSV → codes of the areas of every level and of the grids of every layer."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chengyun.app.exchange.tables import Unreadable
from chengyun.kernel import areas
from chengyun.places import reads
from chengyun.places.decide.frames import move

CHUNK = 20_000
MOST_NAMED = 100
Writer = Any  # the csv module keeps its own type private
_LON = ("lon", "lng", "longitude", "x", "经度")
_LAT = ("lat", "latitude", "y", "纬度")


@dataclass(slots=True)
class Told:
    """What became of the rows; `bad` names the first hundred."""

    read: int = 0
    located: int = 0
    outside: int = 0
    refused: int = 0
    accuracy_m: float = 0.0
    bad: list[dict[str, object]] | None = None


def locate_file(
    path: Path, out: Path, city_no: int, *, frame: str, lon: str | None, lat: str | None
) -> Told:
    """Write the file with its new columns beside, then rename. Raises Unreadable."""
    part = out.with_name(f".{out.name}.part")
    told = Told(bad=[])
    try:
        with (
            path.open(encoding="utf-8-sig", newline="") as source,
            part.open("w", encoding="utf-8-sig", newline="") as target,
        ):
            _go_through(
                csv.reader(source), csv.writer(target), _Place(city_no, frame), told, lon, lat
            )
        part.replace(out)
    except UnicodeDecodeError as error:
        raise Unreadable("is not UTF-8 text", "encoding") from error
    except csv.Error as error:
        raise Unreadable(f"breaks off after row {told.read}: {error}", "broken") from error
    finally:
        part.unlink(missing_ok=True)
    return told


class _Place:
    """The city's areas and grid layers, ready for many points."""

    def __init__(self, city_no: int, frame: str) -> None:
        self._map = reads.city_map(city_no)
        self._city, self._frame = city_no, frame
        self._layers = {code: reads.grid_sheet(city_no, code) for code in reads.layers(city_no)}
        self._paths: dict[int, list[str]] = {}

    @property
    def columns(self) -> list[str]:
        """Names of the new columns."""
        return [*areas.LEVELS[:4], *(f"grid_{code}" for code in self._layers), "locate_problem"]

    def cells(self, points: np.ndarray, told: Told) -> list[list[str]]:
        """The new cells of (n, 2) points; NaN where a row has none."""
        moved = move(points, self._frame, "WGS84")
        told.accuracy_m = max(told.accuracy_m, moved.accuracy_m)
        lons, lats = moved.points[:, 0].copy(), moved.points[:, 1].copy()
        spots = self._map.locate_many(lons, lats)
        grids = [
            sheet.codes[sheet.index.find(lons, lats)].tolist() for sheet in self._layers.values()
        ]
        found = []
        for at, number in enumerate(spots.area_nos.tolist()):
            reason = moved.bad.get(at, "" if number else "outside the city")
            codes = [str(column[at] or "") for column in grids]
            found.append([*self._path(number), *codes, reason])
        return found

    def _path(self, number: int) -> list[str]:
        held = self._paths.get(number)
        if held is None:
            named = self._map.areas
            by_level = {
                named[one].level: named[one].code
                for one in (areas.ancestors(number) if number else ())
                if one in named
            }
            held = self._paths[number] = [by_level.get(level, "") for level in areas.LEVELS[:4]]
        return held


def _go_through(
    rows: Iterator[list[str]],
    target: Writer,
    place: _Place,
    told: Told,
    lon: str | None,
    lat: str | None,
) -> None:
    names = [name.strip() for name in next(rows, [])]
    x, y = _column(names, lon, _LON), _column(names, lat, _LAT)
    target.writerow([*names, *place.columns])
    chunk: list[list[str]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            _write(chunk, len(names), (x, y), target, place, told)
            chunk = []
    _write(chunk, len(names), (x, y), target, place, told)


def _write(
    chunk: list[list[str]],
    width: int,
    at: tuple[int, int],
    target: Writer,
    place: _Place,
    told: Told,
) -> None:
    if not chunk:
        return
    points = np.array([[_number(row, one) for one in at] for row in chunk], dtype=np.float64)
    for row, cells in zip(chunk, place.cells(points, told), strict=True):
        told.read += 1
        reason = cells[-1]
        if reason == "outside the city":
            told.outside += 1
        elif reason:
            told.refused += 1
        else:
            told.located += 1
        if reason and told.bad is not None and len(told.bad) < MOST_NAMED:
            told.bad.append({"row": told.read, "reason": reason})
        padded = (row + [""] * width)[: max(width, len(row))]
        target.writerow([*padded[:width], *cells])


def _number(row: list[str], at: int) -> float:
    try:
        return float(row[at])
    except (IndexError, ValueError):
        return float("nan")


def _column(names: list[str], given: str | None, usual: tuple[str, ...]) -> int:
    wanted = (given,) if given else usual
    lowered = [name.lower() for name in names]
    for one in wanted:
        if one.lower() in lowered:
            return lowered.index(one.lower())
    raise Unreadable(f"has no column {' or '.join(wanted)}", "no_place")
