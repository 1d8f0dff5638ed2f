"""A Query as a body: CIM 009 §5.2.23, §6.23."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from chengyun.app.ngsild.doors import door, form_of, given, said_of
from chengyun.app.ngsild.faults import BadData
from chengyun.app.ngsild.finding import Wanted, wanted_of
from chengyun.app.ngsild.near import read_near
from chengyun.app.ngsild.selectors import selectors_of
from chengyun.app.ngsild.terms import Terms
from chengyun.app.ngsild.views import listed
from chengyun.kernel.request import Request


def query_of(body: Any, terms: Terms) -> tuple[Wanted, dict[str, str]]:
    """A Query of §5.2.23: what is meant, and the attributes that are to be shown."""
    if body.get("type") != "Query":
        raise BadData("type: is Query.")
    attrs = body.get("attrs") or []
    if not isinstance(attrs, list) or not all(isinstance(one, str) for one in attrs):
        raise BadData("attrs: is a list of names.")
    geo = dict(body.get("geoQ") or {}) if isinstance(body.get("geoQ"), dict) else {}
    said = {
        "attrs": ",".join(attrs),
        **{k: body[k] for k in ("q", "scopeQ", "lang") if body.get(k)},
    }
    if not all(isinstance(value, str) for value in said.values()):
        raise BadData("q: is a text.")
    chosen = selectors_of(body.get("entities"), terms)
    if chosen is None and not (attrs or said.get("q") or geo):
        raise BadData("A query names entities, attrs, q or geoQ.")
    base = wanted_of(said, terms, broad=True)
    near = read_near(_texts(geo), terms)
    found = Wanted(
        attrs=base.attrs,
        condition=base.condition,
        scopes=base.scopes,
        near=near,
        selected=chosen,
    )
    return found, said


def _texts(geo: Mapping[str, Any]) -> dict[str, Any]:
    found = {
        name: geo[name]
        for name in ("georel", "geometry", "coordinates", "geoproperty")
        if name in geo
    }
    if not all(
        isinstance(found.get(one, ""), str) for one in ("georel", "geometry", "geoproperty")
    ):
        raise BadData("geoQ: georel, geometry and geoproperty are texts.")
    return found


def _query(request: Request) -> HttpResponse:
    body, terms = given(request)
    wanted, shown = query_of(body, terms)
    said = {**said_of(request), "attrs": shown["attrs"], "lang": shown.get("lang", "")}
    look = form_of(request, said, terms)
    return listed(request, wanted, said, terms, look)


query = door(post=_query)
