"""CSV with coordinates or WKT, and JSON lists of named paths and positions."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.errors import ShapelyError

from chengyun.app.exchange.tables import Unreadable
from chengyun.app.exchange.vectors.pieces import Opened, Piece

CHUNK = 50_000
MOST_JSON = 512 * 1024**2
_LON = ("lon", "lng", "longitude", "x", "经度")
_LAT = ("lat", "latitude", "y", "纬度")
_WKT = ("wkt", "geom", "geometry", "the_geom")


def open_csv_points(path: Path) -> Opened:
    """A table with a column of longitudes and one of latitudes (x, y), or one of WKT.

    Raises Unreadable.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        header = file.readline()
    delimiter = max(",;\t", key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    lowered = [name.strip().lower() for name in names]
    at = [next((lowered.index(one) for one in some if one in lowered), -1) for some in (_LON, _LAT)]
    wkt = next((lowered.index(one) for one in _WKT if one in lowered), -1)
    if wkt < 0 and min(at) < 0:
        raise Unreadable("has neither columns lon and lat (x and y) nor wkt", "no_place")
    return Opened("csv", "", _csv_pieces(path, encoding, delimiter, (at[0], at[1], wkt)))


def _encoding(path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable("is neither UTF-8 nor GB 18030 text", "encoding")


def _csv_pieces(
    path: Path, encoding: str, delimiter: str, at: tuple[int, int, int]
) -> Iterator[Piece]:
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.reader(file, delimiter=delimiter)
        names = [name.strip() for name in next(rows)]
        shapes: list[Any] = []
        properties: list[dict[str, Any]] = []
        first = 1
        try:
            for row in rows:
                if not row:
                    continue
                shapes.append(_placed(row, at))
                kept = {
                    n: v for i, (n, v) in enumerate(zip(names, row, strict=False)) if i not in at
                }
                properties.append(kept)
                if len(shapes) == CHUNK:
                    yield Piece(first, _array(shapes), properties)
                    first += CHUNK
                    shapes, properties = [], []
        except csv.Error as error:
            raise Unreadable(
                f"breaks off at row {first + len(shapes)}: {error}", "broken"
            ) from error
        if shapes:
            yield Piece(first, _array(shapes), properties)


def _placed(row: list[str], at: tuple[int, int, int]) -> Any:
    lon, lat, wkt = at
    try:
        if wkt >= 0:
            return shapely.from_wkt(row[wkt])
        return shapely.Point(float(row[lon]), float(row[lat]))
    except (ValueError, IndexError, ShapelyError):
        return None


def open_json(path: Path, wanted: str) -> Opened | None:
    """A JSON object of lists of {"paths"} or {"position"}; None for GeoJSON, which GDAL reads.

    Raises Unreadable.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if b'"FeatureCollection"' in head or b'"Feature"' in head:
        return None
    if path.stat().st_size > MOST_JSON:
        raise Unreadable("is JSON, but no GeoJSON FeatureCollection", "no_geojson")
    try:
        whole = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"is no JSON: {error}", "bad_json") from error
    lists = {
        name: held
        for name, held in (whole.items() if isinstance(whole, dict) else ())
        if isinstance(held, list)
        and held
        and isinstance(held[0], dict)
        and ("paths" in held[0] or "position" in held[0])
    }
    if not lists:
        raise Unreadable("is JSON, but no GeoJSON FeatureCollection", "no_geojson")
    if wanted not in lists:
        said = ", ".join(lists)
        raise Unreadable(f"holds several lists ({said}): name one by --option layer=", "layers")
    about = whole.get("metadata")
    stated = str(about.get("coordinateSystem", "")) if isinstance(about, dict) else ""
    return Opened("json", stated, _listed(lists[wanted]))


def _listed(items: list[Mapping[str, Any]]) -> Iterator[Piece]:
    shapes = [_drawn(one) for one in items]
    skipped = ("paths", "position")
    rows = [{n: v for n, v in one.items() if n not in skipped} for one in items]
    yield Piece(1, _array(shapes), rows)


def _drawn(item: Mapping[str, Any]) -> Any:
    try:
        if "position" in item:
            return shapely.Point(item["position"])
        return shapely.MultiLineString([path for path in item["paths"] if len(path) > 1])
    except (TypeError, ValueError, ShapelyError):
        return None


def _array(shapes: list[Any]) -> Any:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out
