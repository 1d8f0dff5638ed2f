"""How a document of the OGC API is sent: JSON, GeoJSON or a plain page, links absolute."""

from html import escape
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpResponse
from django.utils.encoding import iri_to_uri

from chengyun.kernel.problems import Problem
from chengyun.kernel.request import Request
from chengyun.kernel.text import JsonObject

GEOJSON, JSON, HTML = "application/geo+json", "application/json", "text/html"
SCHEMA = "application/schema+json"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_IN_HEADERS = ("self", "alternate", "next", QUERYABLES)
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
MVT = "application/vnd.mapbox-vector-tile"
_FORMATS = {"json": False, "geojson": False, "html": True}


def wants_page(request: Request) -> bool:
    """Whether the asker prefers a page. Raises Problem for a format that is not offered."""
    said = request.GET.get("f", "")
    if said:
        if said not in _FORMATS:
            raise Problem("Formats are json and html.", code="bad_format")
        return _FORMATS[said]
    accepted = request.headers.get("Accept", "")
    return HTML in accepted and "json" not in accepted.split(HTML)[0]


def url(request: Request, path: str, **query: str) -> str:
    """An address below /ogc; the city asked for goes along."""
    asked = {**({"city": request.GET["city"]} if request.GET.get("city") else {}), **query}
    return request.build_absolute_uri(f"/ogc{path}") + (f"?{urlencode(asked)}" if asked else "")


def link(href: str, rel: str, kind: str, title: str = "") -> JsonObject:
    """One link."""
    return {"href": href, "rel": rel, "type": kind, **({"title": title} if title else {})}


def document(request: Request, body: JsonObject, kind: str = JSON, title: str = "") -> HttpResponse:
    """The document, as a page for people where they ask for one."""
    if wants_page(request):
        return HttpResponse(_page(title or "Chengyun", body), content_type=f"{HTML}; charset=utf-8")
    answer = HttpResponse(orjson.dumps(body, default=str), content_type=kind)
    # The same links as headers, for clients that look there.
    links = [one for one in body.get("links", []) if one["rel"] in _IN_HEADERS]
    if links:
        answer["Link"] = ", ".join(
            f'<{iri_to_uri(one["href"])}>; rel="{one["rel"]}"; type="{one["type"]}"'
            for one in links
        )
    return answer


def _page(title: str, body: Any) -> str:
    """Links first, the whole document below them."""
    links = body.get("links", []) if isinstance(body, dict) else []
    for one in body.get("collections", []) if isinstance(body, dict) else []:
        links = [*links, {**one["links"][0], "title": one["title"], "rel": "collection"}]
    listed = "".join(
        f'<li><a href="{escape(one["href"])}">{escape(one.get("title") or one["rel"])}</a></li>'
        for one in links
        if "{" not in one["href"]
    )
    told = escape(orjson.dumps(body, default=str, option=orjson.OPT_INDENT_2).decode())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<h1>{escape(title)}</h1><ul>{listed}</ul><pre>{told}</pre></html>"
    )
