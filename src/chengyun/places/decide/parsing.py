"""Regions from GeoJSON and CSV: each row is taken, repaired with a note, or rejected and why.

Nothing is dropped silently: rows read = rows taken + rejects. A file that is no file of its kind
at all raises `Unreadable`.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
import shapely

from chengyun.kernel.areas import LEVELS, Level
from chengyun.places.decide.outlining import Area, BadOutline, Datum, outline_of, point_of

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 200_000
MOST_DEPTH = 24
_LONGEST_CODE = 64
_LONGEST_NAME = 200
_KNOWN_CRS = ("CRS84", "4326", "4490")
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_NOT_BRACKET = re.compile(rb"[^\[\]{}]+")
_YES = {"1", "true", "yes", "y", "是"}

FIELDS = (
    "code",
    "name",
    "name_en",
    "parent_code",
    "level",
    "lon",
    "lat",
    "valid_from",
    "synthetic",
)
Columns = Mapping[str, str]
"""Our field name → the file's property or column name, where they differ."""


class Unreadable(ValueError):
    """The file as a whole cannot be read; the message says why."""


class _BadField(Exception):
    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region as a file gives it; `number` is its 1-based place in the file."""

    number: int
    code: str
    name: str
    name_en: str = ""
    parent_code: str | None = None
    level: Level | None = None
    boundary: Area | None = None
    center: tuple[float, float] | None = None
    valid_from: date | None = None
    synthetic: bool | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """What was wrong with a row: which field, why, and what it said."""

    number: int
    field: str
    reason: str
    code: str = ""


@dataclass(slots=True)
class Batch:
    """Rows of one file, and what was said about them."""

    rows: list[RegionRow] = field(default_factory=list)
    rejects: list[Note] = field(default_factory=list)
    repairs: list[Note] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many rows the file had."""
        return len(self.rows) + len(self.rejects)


def parse_geojson(
    content: bytes, *, columns: Columns | None = None, datum: Datum = "WGS84"
) -> Batch:
    """Read a FeatureCollection (RFC 7946) of Polygon, MultiPolygon, Point or null geometries.

    Raises Unreadable for a file too large or too deep, that is no JSON (NaN is none), no
    FeatureCollection, or in a projected reference system.
    """
    _check_size(content)
    if _depth(content) > MOST_DEPTH:
        raise Unreadable(f"The file nests deeper than {MOST_DEPTH} brackets.")
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"The file is not JSON: {error}.") from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise Unreadable("The file is not a GeoJSON FeatureCollection.")
    _check_crs(document.get("crs"))
    features = document.get("features")
    if not isinstance(features, list):
        raise Unreadable("The FeatureCollection has no list of features.")
    if len(features) > MOST_ROWS:
        raise Unreadable(f"The file has more than {MOST_ROWS} features.")
    batch = Batch()
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            batch.rejects.append(Note(number, "type", "This is not a GeoJSON Feature."))
            continue
        properties = feature.get("properties")
        values = properties if isinstance(properties, dict) else {}
        _take(batch, number, values, columns or {}, feature.get("geometry"), datum)
    _reject_repeats(batch)
    return batch


def parse_csv(content: bytes, *, columns: Columns | None = None, datum: Datum = "WGS84") -> Batch:
    """Read a table with a header row: code, name, and any other of `FIELDS`.

    UTF-8 with or without a mark, else GB 18030; comma, semicolon or tab. Raises Unreadable.
    """
    _check_size(content)
    text = _decode(content)
    header = text.splitlines()[0] if text else ""
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        raise Unreadable(f"The header line cannot be read: {error}.") from error
    if (columns or {}).get("code", "code") not in names:
        raise Unreadable("The first line must name the columns, and one of them must be the code.")
    batch = Batch()
    for number, row in _lines(reader):
        if isinstance(row, str):
            batch.rejects.append(Note(number, "row", row))
        elif len(row) != len(names):
            reason = f"The row has {len(row)} cells, the header {len(names)}."
            batch.rejects.append(Note(number, "row", reason))
        else:
            _take(batch, number, dict(zip(names, row, strict=True)), columns or {}, None, datum)
    _reject_repeats(batch)
    return batch


def _lines(reader: Any) -> Iterator[tuple[int, list[str] | str]]:
    number = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield number, f"The row cannot be read: {error}."
            continue
        if not row:
            continue
        number += 1
        if number > MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS} rows.")
        yield number, row


def _take(
    batch: Batch,
    number: int,
    values: Mapping[str, Any],
    columns: Columns,
    geometry: Any,
    datum: Datum,
) -> None:
    """Read one row into the batch."""
    given = {name: values.get(columns.get(name, name)) for name in FIELDS}
    code = ""
    try:
        code = _code(given["code"], "code")
        boundary, center, repair = _geometry(geometry, datum)
        row = RegionRow(
            number=number,
            code=code,
            name=_name(given["name"], "name", required=True),
            name_en=_name(given["name_en"], "name_en", required=False),
            parent_code=None
            if _blank(given["parent_code"])
            else _code(given["parent_code"], "parent_code"),
            level=_level(given["level"]),
            boundary=boundary,
            center=center or _point(given["lon"], given["lat"], datum),
            valid_from=_day(given["valid_from"]),
            synthetic=_flag(given["synthetic"]),
        )
    except _BadField as bad:
        batch.rejects.append(Note(number, bad.name, bad.reason, code))
        return
    batch.rows.append(row)
    if repair:
        batch.repairs.append(Note(number, "geometry", repair, code))


def _geometry(value: Any, datum: Datum) -> tuple[Area | None, tuple[float, float] | None, str]:
    """Boundary, centre and what was repaired, of a GeoJSON geometry or null."""
    if value is None:
        return None, None, ""
    try:
        if isinstance(value, dict) and value.get("type") == "Point":
            lon, lat = _pair(value.get("coordinates"))
            return None, point_of(lon, lat, datum), ""
        boundary, repair = outline_of(value, datum)
    except BadOutline as bad:
        raise _BadField("geometry", str(bad)) from bad
    inner = shapely.point_on_surface(boundary)
    return boundary, (inner.x, inner.y), repair


def _pair(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, list) or len(value) < 2:
        raise BadOutline("A point needs a longitude and a latitude.")
    return value[0], value[1]


def _point(lon: Any, lat: Any, datum: Datum) -> tuple[float, float] | None:
    if _blank(lon) and _blank(lat):
        return None
    try:
        return point_of(lon, lat, datum)
    except BadOutline as bad:
        raise _BadField("lon,lat", str(bad)) from bad


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: Any, name: str, longest: int) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # GIS tools write codes as 310107.0
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _BadField(name, "This must be text.")
    text = str(value).strip()
    if len(text) > longest:
        raise _BadField(name, f"This is longer than {longest} characters.")
    if not text.isprintable():
        raise _BadField(name, "This holds control characters.")
    return text


def _code(value: Any, name: str) -> str:
    if _blank(value):
        raise _BadField(name, "A region needs a code.")
    return _text(value, name, _LONGEST_CODE)


def _name(value: Any, name: str, *, required: bool) -> str:
    if _blank(value):
        if required:
            raise _BadField(name, "A region needs a name.")
        return ""
    return _text(value, name, _LONGEST_NAME)


def _level(value: Any) -> Level | None:
    if _blank(value):
        return None
    for level in LEVELS:
        if value == level:
            return level
    raise _BadField("level", f"The level must be one of {', '.join(LEVELS)}.")


def _day(value: Any) -> date | None:
    if _blank(value):
        return None
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise _BadField("valid_from", "The date must be written YYYY-MM-DD.") from error


def _flag(value: Any) -> bool | None:
    if _blank(value):
        return None
    return value if isinstance(value, bool) else str(value).strip().lower() in _YES


def _reject_repeats(batch: Batch) -> None:
    """Keep the first row of each code; later ones are rejects."""
    seen: dict[str, int] = {}
    kept: list[RegionRow] = []
    for row in batch.rows:
        if row.code in seen:
            reason = f"Row {seen[row.code]} already has this code."
            batch.rejects.append(Note(row.number, "code", reason, row.code))
        else:
            seen[row.code] = row.number
            kept.append(row)
    batch.rows = kept
    batch.rejects.sort(key=lambda note: note.number)


def _check_size(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1024 // 1024} MiB.")


def _check_crs(crs: Any) -> None:
    if crs is None:
        return
    name = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    if not name.endswith(_KNOWN_CRS):
        raise Unreadable("Coordinates must be degrees: EPSG:4326, EPSG:4490 or CRS84.")


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The file is neither UTF-8 nor GB 18030 text.")


def _depth(content: bytes) -> int:
    """Deepest nesting of brackets outside strings, without parsing."""
    bare = _STRING.sub(b"", content)
    deepest = depth = 0
    for byte in _NOT_BRACKET.sub(b"", bare):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MOST_DEPTH:
                break
        else:
            depth -= 1
    return deepest
