"""The API of /ogc in OpenAPI 3.0, with the collections that the asker sees."""

from chengyun import __version__
from chengyun.app.ogc.answers import GEOJSON, JSON, MVT, url
from chengyun.app.ogc.frames import OFFERED
from chengyun.app.ogc.items import MOST, USUAL
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject

_ONE = "/collections/{collectionId}"
_ITEM = f"{_ONE}/items/{{featureId}}"
_MATRIX = f"{_ONE}/tiles/{{tileMatrixSetId}}"
_TILE = f"{_MATRIX}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
_READS = {
    "/": ("Landing page", JSON),
    "/api": ("This document", JSON),
    "/conformance": ("Conformance classes", JSON),
    "/collections": ("Collections", JSON),
    _ONE: ("A collection", JSON),
    f"{_ONE}/queryables": ("What filters may ask about", JSON),
    f"{_ONE}/items": ("Features", GEOJSON),
    _ITEM: ("A feature", GEOJSON),
    f"{_ONE}/tiles": ("Tile sets", JSON),
    _MATRIX: ("A tile set", JSON),
    _TILE: ("A vector tile", MVT),
    "/tileMatrixSets": ("Tile matrix sets", JSON),
    "/tileMatrixSets/{tileMatrixSetId}": ("A tile matrix set", JSON),
}
_WHOLE = ("tileMatrix", "tileRow", "tileCol")


def definition(request: Request) -> JsonObject:
    """The whole definition."""
    paths = {path: {"get": _read(path, *told)} for path, told in _READS.items()}
    paths[f"{_ONE}/items"]["post"] = _write("Propose a feature", body=True)
    paths[_ITEM]["put"] = _write("Propose a replacement", body=True)
    paths[_ITEM]["delete"] = _write("Propose a removal", body=False)
    for path, told in paths.items():
        told["parameters"] = _named(path)  # type: ignore[assignment]
    return {
        "openapi": "3.0.3",
        "info": {"title": "Chengyun OGC API", "version": __version__},
        "servers": [{"url": url(request, "").partition("?")[0]}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"problem": {"type": "object", "required": ["title", "status", "code"]}},
        },
        "security": [{}, {"key": []}],
    }


def _named(path: str) -> list[JsonObject]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if name in _WHOLE else "string"},
        }
        for name in names
    ]


def _read(path: str, title: str, kind: str) -> JsonObject:
    schema: JsonObject = (
        {"type": "string", "format": "binary"} if kind == MVT else {"type": "object"}
    )
    query = [_query("f", {"type": "string", "enum": ["json", "html"]})]
    if path.endswith("/items"):
        query += _ASKED
    elif path == _ITEM:
        query.append(_query("crs", {"type": "string", "enum": list(OFFERED)}))
    return {
        "summary": title,
        "operationId": "get" + "".join(part.strip("{}").title() for part in path.split("/")),
        "parameters": [] if kind == MVT else query,
        "responses": {
            "200": {"description": title, "content": {kind: {"schema": schema}}},
            "400": _REFUSED,
            "404": _REFUSED,
        },
    }


def _write(title: str, *, body: bool) -> JsonObject:
    content = {GEOJSON: {"schema": {"type": "object"}}}
    return {
        "summary": title,
        **({"requestBody": {"required": True, "content": content}} if body else {}),
        "responses": {"202": {"description": "A change set waits for review"}, "403": _REFUSED},
    }


def _query(name: str, schema: JsonObject, **more: object) -> JsonObject:
    return {"name": name, "in": "query", "required": False, "schema": schema, **more}


_REFUSED = {
    "description": "A problem (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}},
}
_ASKED = [
    _query("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
    _query(
        "bbox",
        {
            "type": "array",
            "oneOf": [{"minItems": n, "maxItems": n} for n in (4, 6)],
            "items": {"type": "number"},
        },
        style="form",
        explode=False,
    ),
    _query("datetime", {"type": "string"}, style="form", explode=False),
    _query("filter", {"type": "string"}),
    _query("filter-lang", {"type": "string", "enum": ["cql2-text", "cql2-json"]}),
    *(_query(name, {"type": "string", "enum": list(OFFERED)}) for name in ("crs", "bbox-crs")),
]
