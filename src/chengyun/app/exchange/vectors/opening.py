"""Opening a map file, packed or not, and the frame its coordinates are in."""

from pathlib import Path

from pyproj import CRS
from pyproj.exceptions import CRSError

from chengyun.app.exchange.tables import Unreadable
from chengyun.app.exchange.vectors.gdal import open_gdal
from chengyun.app.exchange.vectors.pieces import Opened
from chengyun.app.exchange.vectors.plain import open_csv_points, open_json
from chengyun.app.exchange.vectors.sniffing import kind_of
from chengyun.app.exchange.vectors.unpacking import unpack_gzip, unpack_zip
from chengyun.places.decide.frames import BD09, CGCS2000, GCJ02, WGS84, UnknownFrame, frame

_MAIN = {".shp", ".gpkg", ".geojson", ".json", ".csv", ".osm", ".pbf", ".kml"}
_SHIFTED = (GCJ02, BD09)


def open_map(path: Path, into: Path, wanted: str = "") -> Opened:
    """Open whatever it is; packed files are unpacked into a folder of the caller's.

    Raises Unreadable.
    """
    if not path.is_file():
        raise Unreadable("is not there", "no_file")
    kind = kind_of(path)
    if kind == "gzip":
        path = unpack_gzip(path, into)
        kind = kind_of(path)
    elif kind == "zip":
        held = [one for one in unpack_zip(path, into) if one.suffix.lower() in _MAIN]
        if len(held) != 1:
            said = ", ".join(sorted(one.name for one in held)) or "none"
            raise Unreadable(f"holds not one map file but {said}", "zip_content")
        path = held[0]
        kind = kind_of(path)
    if kind in ("zip", "gzip"):
        raise Unreadable("is packed twice", "packed_twice")
    if kind == "csv":
        return open_csv_points(path)
    if kind == "json":
        listed = open_json(path, wanted)
        if listed is not None:
            return listed
    return open_gdal(path, kind, wanted)


def frame_of(opened: Opened, given: str | None) -> str:
    """The frame of a file: what it says, unless it says nothing or its datum has no code.

    GCJ-02 and BD-09 have no EPSG code, so files in them call themselves WGS84: there the given
    datum counts. Else what is given must agree with what the file says. Raises Unreadable.
    """
    stated = _stated(opened.reference)
    if not stated:
        if given is None:
            said = "says no reference for its coordinates: give one by --datum"
            raise Unreadable(said, "no_reference")
        return given
    if given is None or given == stated:
        return stated
    if stated in (WGS84, CGCS2000) and (given in _SHIFTED or given in (WGS84, CGCS2000)):
        return given
    raise Unreadable(f"says its reference is {stated}, not {given}", "other_reference")


def _stated(reference: str) -> str:
    if not reference:
        return ""
    try:
        return frame(reference)
    except UnknownFrame:
        pass
    try:
        code = CRS.from_user_input(reference).to_epsg(min_confidence=70)
    except CRSError:
        code = None
    if code is None:
        said = f"has a reference without a code ({reference[:80]}): give --datum GRID:code"
        raise Unreadable(said, "unknown_reference")
    try:
        return frame(f"EPSG:{code}")
    except UnknownFrame as error:
        raise Unreadable(str(error), "unknown_reference") from error
