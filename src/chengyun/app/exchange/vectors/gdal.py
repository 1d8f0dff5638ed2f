"""Shapefile, GeoPackage, GeoJSON, KML and OSM by GDAL (pyogrio's wheel carries it)."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from chengyun.app.exchange.tables import Unreadable
from chengyun.app.exchange.vectors.pieces import Opened, Piece

CHUNK = 200_000
_OSM = ("points", "lines", "multipolygons")
pyogrio.set_gdal_config_options(
    {
        "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "OGR_GEOJSON_MAX_OBJ_SIZE": "400",
        "OSM_MAX_TMPFILE_SIZE": "200",
        "SHAPE_RESTORE_SHX": "YES",
    }
)


def open_gdal(path: Path, form: str, wanted: str = "") -> Opened:
    """Open a file whose form was proven.

    Args:
        wanted: the layer inside; may be left out where there is one (of OSM: points, lines and
            areas together).

    Raises Unreadable.
    """
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
    except DataSourceError as error:
        raise Unreadable(f"cannot be read as {form}: {error}", "unreadable") from error
    osm = form in ("osm", "pbf")
    if wanted and wanted not in names:
        raise Unreadable(f"has no layer {wanted!r}, only {', '.join(names)}", "no_layer")
    if not wanted and not osm and len(names) != 1:
        said = ", ".join(names) or "none"
        raise Unreadable(f"holds several layers ({said}): name one by --option layer=", "layers")
    chosen = [wanted] if wanted else [one for one in _OSM if one in names] if osm else names
    try:
        info = pyogrio.read_info(path, layer=chosen[0])
    except (DataSourceError, DataLayerError) as error:
        raise Unreadable(f"cannot be read as {form}: {error}", "unreadable") from error
    reference = "EPSG:4326" if form in ("kml", "osm", "pbf") else str(info["crs"] or "")
    return Opened(form, reference, _pieces(path, chosen, osm), osm)


def _pieces(path: Path, layers: Sequence[str], osm: bool) -> Iterator[Piece]:
    first = 1
    for layer in layers:
        skip = 0
        while True:
            fields, blobs, columns = _read(path, layer, skip)
            if len(blobs) == 0:
                break
            shapes = shapely.from_wkb(blobs, on_invalid="ignore")
            rows = _rows(fields, columns, len(blobs))
            yield Piece(first, np.asarray(shapes, dtype=object), _tagged(rows) if osm else rows)
            first += len(blobs)
            skip += len(blobs)
            if len(blobs) < CHUNK:
                break


def _read(path: Path, layer: str, skip: int) -> tuple[Sequence[str], Any, Sequence[Any]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            meta, _, blobs, columns = pyogrio.raw.read(
                path, layer=layer, skip_features=skip, max_features=CHUNK, force_2d=True
            )
    except (DataSourceError, DataLayerError, FeatureError, ValueError) as error:
        raise Unreadable(f"breaks off after {skip:,} features: {error}", "broken") from error
    return list(meta["fields"]), blobs, columns


def _rows(fields: Sequence[str], columns: Sequence[Any], count: int) -> list[dict[str, Any]]:
    plain = [_plain(column) for column in columns]
    if not plain:
        return [{} for _ in range(count)]
    return [dict(zip(fields, row, strict=True)) for row in zip(*plain, strict=True)]


def _plain(column: Any) -> list[Any]:
    """A column's values as JSON has them; not-a-number and not-a-time become none."""
    kind = column.dtype.kind
    if kind == "M":
        return [
            None if value == "NaT" else value for value in np.datetime_as_string(column).tolist()
        ]
    values: list[Any] = column.tolist()
    if kind == "f":
        return [None if value != value else value for value in values]
    if kind == "O":
        return [value.hex() if isinstance(value, bytes) else value for value in values]
    return values


def _tagged(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """OSM rows with the tags that GDAL keeps in one text unpacked, and nothing that is none."""
    found = []
    for row in rows:
        tags = {name: value for name, value in row.items() if value is not None}
        more = tags.pop("other_tags", "")
        for part in str(more).split('","') if more else []:
            name, _, value = part.strip('"').partition('"=>"')
            if value:
                tags[name.replace('\\"', '"')] = value.replace('\\"', '"')
        found.append(tags)
    return found
