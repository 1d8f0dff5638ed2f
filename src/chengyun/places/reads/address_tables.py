"""The register as a table that the import takes back, and points given in another datum."""

import csv
import io
from collections.abc import Iterator

import numpy as np

from chengyun.kernel import areas
from chengyun.kernel.text import Json, JsonObject
from chengyun.places.decide.addressing import PARTS
from chengyun.places.decide.datum import gcj02_to_wgs84
from chengyun.places.reads.addresses import address_rows
from chengyun.places.reads.atlas import city_map

COLUMNS = (
    *("id", "code", "point_code", "address", "area_code", *PARTS, "aliases", "main_id"),
    *("lon", "lat", "height", "datum", "accuracy_m", "position_source", "state", "valid_from"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def address_csv(area_no: int) -> Iterator[str]:
    """Lines of CSV with a heading; cells that a spreadsheet would run begin with an apostrophe."""
    city_no = areas.city_of(area_no)
    named = city_map(city_no).areas
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in address_rows(city_no, area_no):
        region = areas.at_level(row.area_no, "community") or row.area_no
        code = row.area_code or (named[region].code if region in named else "")
        names = "|".join(f"{one['kind']}:{one['name']}" for one in row.names)
        # Points are kept in WGS84; said so, since the table leaves the house.
        datum = "WGS84" if row.lon is not None else ""
        cells = [
            *(row.id, row.code, row.point_code, row.text, code),
            *(getattr(row, part) for part in PARTS),
            *(names, row.main_id, row.lon, row.lat, row.height, datum, row.accuracy_m),
            *(row.position_source, row.state, row.valid_from),
        ]
        writer.writerow([_safe(cell) for cell in cells])
        if out.tell() > 1 << 16:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def in_wgs84(given: JsonObject) -> JsonObject:
    """An address with its point in WGS84 degrees; `datum` still says what it was given in."""
    lon, lat = given.get("lon"), given.get("lat")
    if given.get("datum") != "GCJ02" or not (_number(lon) and _number(lat)):
        return given
    x, y = gcj02_to_wgs84(np.array([[lon, lat]], dtype=np.float64))[0].tolist()
    return {**given, "lon": x, "lat": y}


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
