"""What a map file is, by its content; whatever else calls itself so is refused before GDAL looks.

GDAL opens some hundred formats, some of which name other files or addresses. So a file is handed
over only when its first bytes prove it one of six, and an XML only without a document type: no
entity is ever expanded.
"""

from pathlib import Path
from xml.parsers import expat

from chengyun.app.exchange.tables import Unreadable

_XML_ROOTS = {"kml": "kml", "osm": "osm"}
_HEAD = 4096


class _Root(Exception):
    """Found the first element."""


def kind_of(path: Path) -> str:
    """One of zip, gzip, gpkg, shp, pbf, kml, osm, json, csv. Raises Unreadable."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise Unreadable("is empty", "empty_file")
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(b"SQLite format 3\0"):
        if head[68:72] not in (b"GPKG", b"GP10", b"GP11"):
            raise Unreadable("is a SQLite database, but no GeoPackage", "no_geopackage")
        return "gpkg"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "shp"
    if b"OSMHeader" in head[:64]:
        return "pbf"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", b"[")):
        return "json"
    if text.startswith(b"<") or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _xml(path)
    if b"\0" in head:
        raise Unreadable("is of no known format", "unknown_format")
    return "csv"


def _xml(path: Path) -> str:
    """kml or osm, by the root. Raises Unreadable."""
    found: list[str] = []

    def doctype(*_: object) -> None:
        raise Unreadable("declares a document type; entities are never expanded", "xml_doctype")

    def start(name: str, _attributes: object) -> None:
        found.append(name.rpartition(":")[2].lower())
        raise _Root

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except _Root:
        pass
    except expat.ExpatError as error:
        raise Unreadable(f"is no XML: {error}", "bad_xml") from error
    kind = _XML_ROOTS.get(found[0] if found else "")
    if kind is None:
        raise Unreadable(f"is XML, but neither KML nor OSM: <{(found or [''])[0][:40]}>", "no_kml")
    return kind
