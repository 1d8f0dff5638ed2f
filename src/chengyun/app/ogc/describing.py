"""What there is: landing page, conformance, collections and their queryables, tile sets."""

from chengyun.app.ogc.answers import (
    GEOJSON,
    HTML,
    JSON,
    MVT,
    OPENAPI,
    QUERYABLES,
    SCHEMA,
    link,
    url,
)
from chengyun.app.ogc.frames import CRS84, OFFERED
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.drawing import Collection
from chengyun.places.decide.tiling import DEEPEST

_SPEC = "http://www.opengis.net/spec"
_SPATIAL = (("basic-", ""), ("basic-", "-plus"), ("", ""))
CONFORMS = [
    f"{_SPEC}/ogcapi-common-1/1.0/conf/core",
    f"{_SPEC}/ogcapi-common-2/1.0/conf/collections",
    *(f"{_SPEC}/ogcapi-features-1/1.0/conf/{one}" for one in ("core", "oas30", "html", "geojson")),
    f"{_SPEC}/ogcapi-features-2/1.0/conf/crs",
    *(
        f"{_SPEC}/ogcapi-features-3/1.0/conf/{one}"
        for one in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(f"{_SPEC}/cql2/1.0/conf/{one}" for one in ("cql2-text", "cql2-json", "basic-cql2")),
    *(f"{_SPEC}/cql2/1.0/conf/{one}spatial-functions{two}" for one, two in _SPATIAL),
    *(f"{_SPEC}/ogcapi-tiles-1/1.0/conf/{one}" for one in ("core", "tileset", "mvt")),
    *(f"{_SPEC}/ogcapi-tiles-1/1.0/conf/{one}" for one in ("tilesets-list", "geodata-tilesets")),
]
MATRIX_SET = "WebMercatorQuad"
_MATRIX_URI = f"http://www.opengis.net/def/tilematrixset/OGC/1.0/{MATRIX_SET}"
_MERCATOR = "http://www.opengis.net/def/crs/EPSG/0/3857"
_HALF = 20037508.342789244
_WIDEST = 559082264.0287178
_JSON_TYPES = {"integer": "integer", "number": "number", "boolean": "boolean", "text": "string"}
_TILESETS = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
_MATRICES = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"


def landing(request: Request) -> JsonObject:
    """The way to everything else."""
    return {
        "title": "Chengyun 城运",
        "description": "Maps of the city as OGC API Features and Tiles.",
        "links": [
            link(url(request, ""), "self", JSON, "This document"),
            link(url(request, "", f="html"), "alternate", HTML, "This document as a page"),
            link(url(request, "/api"), "service-desc", OPENAPI, "The API"),
            link(url(request, "/api", f="html"), "service-doc", HTML, "The API as a page"),
            link(url(request, "/conformance"), "conformance", JSON, "Conformance classes"),
            link(url(request, "/collections"), "data", JSON, "Collections"),
            link(url(request, "/tileMatrixSets"), _MATRICES, JSON, "Tile matrix sets"),
        ],
    }


def collections(request: Request, known: list[Collection]) -> JsonObject:
    """Every collection in sight."""
    return {
        "links": [
            link(url(request, "/collections"), "self", JSON),
            link(url(request, "/collections", f="html"), "alternate", HTML),
        ],
        "crs": list(OFFERED),
        "collections": [collection(request, one) for one in known],
    }


def collection(request: Request, one: Collection) -> JsonObject:
    """One collection."""
    here = f"/collections/{one.id}"
    extent = {"spatial": {"bbox": [one.bbox or (-180, -90, 180, 90)], "crs": CRS84}}
    return {
        "id": one.id,
        "title": f"{one.title['zh']} {one.title['en']}".strip(),
        "itemType": "feature",
        "extent": extent,
        "crs": list(OFFERED),
        "storageCrs": CRS84,
        "links": [
            link(url(request, here), "self", JSON),
            link(url(request, f"{here}/items"), "items", GEOJSON, "Features"),
            link(url(request, f"{here}/items", f="html"), "items", HTML, "Features as a page"),
            link(url(request, f"{here}/queryables"), QUERYABLES, SCHEMA, "Queryables"),
            link(url(request, f"{here}/tiles"), _TILESETS, JSON, "Tiles"),
        ],
    }


def queryables(request: Request, one: Collection, asked: list[str]) -> JsonObject:
    """What filters may ask about, as JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        "$id": url(request, f"/collections/{one.id}/queryables"),
        "type": "object",
        "title": one.title["en"],
        "additionalProperties": False,
        "properties": {
            "geometry": {"format": f"geometry-{_FORMS.get(one.geometry, 'any')}"},
            **{name: _schema(one.fields[name], name) for name in asked},
        },
    }


_FORMS = {"point": "point-or-multipoint", "line": "linestring-or-multilinestring"} | {
    "polygon": "polygon-or-multipolygon"
}


def _schema(kind: str, name: str) -> JsonObject:
    if kind == "time":
        return {"title": name, "type": "string", "format": "date-time"}
    return {"title": name, "type": _JSON_TYPES[kind]}


def tile_sets(request: Request, one: Collection) -> JsonObject:
    """The tile sets of a collection: one."""
    here = f"/collections/{one.id}/tiles"
    return {
        "links": [link(url(request, here), "self", JSON)],
        "tilesets": [tile_set(request, one)],
    }


def tile_set(request: Request, one: Collection) -> JsonObject:
    """The vector tiles of a collection in the one matrix set."""
    here = f"/collections/{one.id}/tiles/{MATRIX_SET}"
    template = url(request, f"{here}/").partition("?")
    href = f"{template[0]}{{tileMatrix}}/{{tileRow}}/{{tileCol}}{template[1]}{template[2]}"
    return {
        "title": one.title["en"],
        "dataType": "vector",
        "crs": _MERCATOR,
        "tileMatrixSetURI": _MATRIX_URI,
        "layers": [{"id": one.id, "dataType": "vector", "geometryDimension": _dimension(one)}],
        "links": [
            link(url(request, here), "self", JSON),
            {**link(href, "item", MVT), "templated": True},
            link(
                url(request, f"/tileMatrixSets/{MATRIX_SET}"),
                "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
                JSON,
            ),
        ],
    }


def _dimension(one: Collection) -> int:
    return {"point": 0, "line": 1}.get(one.geometry, 2)


def matrix_sets(request: Request) -> JsonObject:
    """The matrix sets: one."""
    href = url(request, f"/tileMatrixSets/{MATRIX_SET}")
    one = {"id": MATRIX_SET, "uri": _MATRIX_URI, "crs": _MERCATOR}
    return {"tileMatrixSets": [{**one, "links": [link(href, "self", JSON)]}]}


def matrix_set() -> JsonObject:
    """Web Mercator quad tree (OGC 17-083r4, annex D)."""
    return {
        "id": MATRIX_SET,
        "title": "Google Maps Compatible for the World",
        "uri": _MATRIX_URI,
        "crs": _MERCATOR,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [
            {
                "id": str(z),
                "scaleDenominator": _WIDEST / (1 << z),
                "cellSize": 2 * _HALF / 256 / (1 << z),
                "pointOfOrigin": [-_HALF, _HALF],
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": 1 << z,
                "matrixHeight": 1 << z,
            }
            for z in range(DEEPEST + 1)
        ],
    }
