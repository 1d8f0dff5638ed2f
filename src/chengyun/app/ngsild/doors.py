"""What all doors of /ngsi-ld/v1 share: who asks, in which form, and answers of this standard."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from chengyun.app.ngsild.contexts import (
    GEO_JSON,
    JSON,
    LD,
    content_type,
    link_header,
    terms_of_body,
    terms_of_query,
)
from chengyun.app.ngsild.faults import BadData, InvalidRequest, refusal
from chengyun.app.ngsild.showing import LOCATION, Look
from chengyun.app.ngsild.terms import Terms
from chengyun.app.ngsild.values import body_of
from chengyun.kernel.problems import Problem, TooLarge, Unauthenticated
from chengyun.kernel.request import Request
from chengyun.kernel.throttle import caller_of, knock
from chengyun.people.api import session_or_key

P = ParamSpec("P")
View = Callable[Concatenate[Request, P], HttpResponse]
HOUR, ASKED = 3_600, 200_000
_FORMS = {"keyValues": "simplified", "simplified": "simplified", "concise": "concise"}
_FORMS |= {"normalized": "normalized"}
_OPTIONS = {
    *("sysAttrs", "count", "noOverwrite", "update", "replace", "temporalValues"),
    *("aggregatedValues", "audit", *_FORMS),
}


def door(**methods: View[Any]) -> Callable[..., HttpResponse]:
    """An address: by method who carries it out. Refusals are answered in this standard's words."""
    allowed = ", ".join([name.upper() for name in methods] + (["HEAD"] if "get" in methods else []))

    # A session shows its token where it changes something; session_or_key looks.
    @csrf_exempt
    def opened(request: HttpRequest, **named: str) -> HttpResponse:
        asked = cast("Request", request)
        try:
            if not any(way(request) for way in session_or_key):
                raise Unauthenticated("Sign in, or send a valid API key.")
            method = "get" if request.method == "HEAD" else str(request.method).lower()
            if method not in methods:
                return HttpResponse(status=405, headers={"Allow": allowed})
            query = request.META.get("QUERY_STRING", "")
            if "\0" in request.path or "%00" in query or "\0" in query:
                raise BadData("A text holds no NUL.")
            if request.headers.get("NGSILD-Tenant"):
                raise Problem("There is one tenant only.", code="NonexistentTenant")
            knock("ngsi-ld", caller_of(request), limit=ASKED, seconds=HOUR, now=asked.now)
            return methods[method](asked, **named)
        except RequestDataTooBig:
            return refusal(TooLarge("The body is larger than this node takes."))
        except Problem as problem:
            return refusal(problem)

    return wraps(next(iter(methods.values())))(opened)


def said_of(request: Request) -> dict[str, str]:
    """The query's parameters, each once. Raises InvalidRequest."""
    return {name: request.GET[name] for name in request.GET}


def options_of(said: Mapping[str, str]) -> set[str]:
    """The words of `options` and `format`. Raises BadData."""
    found = {one.strip() for one in said.get("options", "").split(",") if one.strip()}
    if said.get("format"):
        found.add(said["format"])
    unknown = found - _OPTIONS
    if unknown:
        raise InvalidRequest(f"options: {min(unknown)[:60]!r} is none.")
    return found


def form_of(request: Request, said: Mapping[str, str], terms: Terms, **more: Any) -> Look:
    """How an answer is to look."""
    options = options_of(said)
    form = next((_FORMS[one] for one in sorted(options) if one in _FORMS), "normalized")
    names = [
        one for one in said.get("pick", "").split(",") if one not in ("", "id", "type", "scope")
    ]
    omit = [one for one in said.get("omit", "").split(",") if one]
    if {"id", "type"} & set(omit):
        raise BadData("omit: id and type are always said.")
    chosen = said.get("attrs", "").split(",") + names
    return Look(
        terms,
        form,
        system="sysAttrs" in options,
        attrs=frozenset(terms.expand(one.strip()) for one in chosen if one.strip()),
        omit=frozenset(terms.expand(one) for one in omit),
        language=said.get("lang", ""),
        geometry=terms.expand(said["geometryProperty"])
        if said.get("geometryProperty")
        else LOCATION,
        datasets=frozenset(one for one in said.get("datasetId", "").split(",") if one),
        **more,
    )


def accepted(request: Request) -> str:
    """The media type of an answer. Raises a refusal with 406."""
    said = request.headers.get("Accept", "*/*")
    asked = [one.partition(";")[0].strip().lower() for one in said.split(",")]
    for one in asked:
        if one in (LD, GEO_JSON, JSON):
            return one
        if one in ("*/*", "application/*", ""):
            return JSON
    raise _NotAcceptable(f"{JSON}, {LD} and {GEO_JSON} are given.")


class _NotAcceptable(Problem):
    status = 406
    code = "InvalidRequest"


def answer(
    request: Request, body: Any, terms: Terms, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """A body with its @context: inside for JSON-LD, in a Link header for JSON."""
    kind, headers = accepted(request), dict(headers or {})
    if kind == JSON or (kind == GEO_JSON and request.headers.get("Prefer") == "body=json"):
        headers["Link"] = ", ".join(
            filter(None, [link_header(terms, request), headers.get("Link")])
        )
    elif isinstance(body, list):
        body = [{**one, "@context": terms.said} if isinstance(one, dict) else one for one in body]
    else:
        body = {**body, "@context": terms.said}
    held = orjson.dumps(body, default=str)
    return HttpResponse(held, content_type=kind, headers=headers)


def given(request: Request) -> tuple[Any, Terms]:
    """A body and the terms of its names; a list carries a @context in each of its parts."""
    kind = content_type(request)
    body = body_of(request.body)
    if isinstance(body, list):
        return body, terms_of_query(request) if kind != LD else Terms()
    if not isinstance(body, dict) or not body:
        raise BadData("body: must be an object that is not empty.")
    return body, terms_of_body(request, body, kind)


def plain(body: Any, status: int = 200) -> HttpResponse:
    """An answer that speaks of no names that a @context would explain."""
    return HttpResponse(orjson.dumps(body, default=str), content_type=JSON, status=status)
