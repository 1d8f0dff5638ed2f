"""Where the @context of a request comes from: its body, its Link header, what is hosted here, or
another house that this node lists (CHENGYUN_FEED_HOSTS). Fetched ones are kept for a day."""

import re
from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest

from chengyun.app.devices.asking import NotAnswered, ask
from chengyun.app.ngsild.faults import BadData, InvalidRequest, NoContext
from chengyun.app.ngsild.terms import CORE, PLAIN, Terms, read_terms
from chengyun.kernel.request import Request
from chengyun.sensing import verbs
from chengyun.sensing.decide.feeds import PollSettings
from chengyun.sensing.reads import ldcontexts

LD, JSON = "application/ld+json", "application/json"
GEO_JSON = "application/geo+json"
REL = "http://www.w3.org/ns/json-ld#context"
KEPT_FOR = timedelta(days=1)
_LINK = re.compile(r"<([^<>\s]{1,2000})>\s*;([^,]*)")
HOSTED = "/ngsi-ld/v1/jsonldContexts/"


def link_of(request: HttpRequest) -> str | None:
    """The @context that a Link header names. Raises InvalidRequest where it names two."""
    found = [
        address
        for address, said in _LINK.findall(request.headers.get("Link", ""))
        if f'rel="{REL}"' in said.replace(" ", "")
    ]
    if len(found) > 1:
        raise InvalidRequest("Link: names more than one @context.")
    return found[0] if found else None


def content_type(request: HttpRequest) -> str:
    """The media type of a body. Raises InvalidRequest."""
    said = (request.content_type or "").partition(";")[0].strip().lower()
    if said not in (LD, JSON, "application/merge-patch+json"):
        raise InvalidRequest(f"Content-Type is {JSON} or {LD}.", code="InvalidRequest")
    return said


def terms_of_query(request: Request) -> Terms:
    """The terms by which a request without a body names things. Raises NoContext, BadData."""
    link = link_of(request)
    return PLAIN if link is None else read_terms(link, Fetcher(request))


def terms_of_body(request: Request, body: Any, kind: str) -> Terms:
    """The terms of a body, whose @context is taken out of it. Raises BadData, NoContext."""
    link = link_of(request)
    inside = body.pop("@context", None) if isinstance(body, dict) else None
    if kind == LD:
        if link is not None:
            raise BadData("Link: a body of JSON-LD carries its @context itself.")
        if inside is None:
            raise BadData("@context: a body of JSON-LD carries one.")
        return read_terms(inside, Fetcher(request))
    if inside is not None:
        raise BadData("@context: only a body of JSON-LD (application/ld+json) carries one.")
    return PLAIN if link is None else read_terms(link, Fetcher(request))


class Fetcher:
    """Gives the document behind an address, in the name of a request."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def __call__(self, address: str) -> Any:
        own, marked, name = address.partition(HOSTED)
        if marked and own in ("", self._request.build_absolute_uri("/").rstrip("/")):
            held = ldcontexts.hosted(name)
            if held is None:
                raise NoContext(f"{address[:200]}: no such @context is hosted here.")
            return held["body"]
        return fetched(address, self._request)


def fetched(address: str, request: Request, *, anew: bool = False) -> Any:
    """A remote @context, kept for a day. Raises BadData, NoContext."""
    if not address.startswith(("http://", "https://")) or len(address) > 2_000:
        raise BadData(f"@context: {address[:100]!r} is no address.")
    kept = ldcontexts.cached(address)
    if kept is not None and not anew and request.now - kept["created_at"] < KEPT_FOR:
        return kept["body"]
    try:
        how = PollSettings(url=address, accept=f"{LD}, {JSON}", every_s=3_600)
        body = orjson.loads(ask(how, "", settings.FEED_HOSTS, settings.PRIVATE_FEED_HOSTS))
    except (NotAnswered, ValueError) as error:
        if kept is not None:
            return kept["body"]
        raise NoContext(f"{address[:200]}: {str(error)[:300]}") from error
    if not isinstance(body, dict) or "@context" not in body:
        raise NoContext(f"{address[:200]}: is no @context.")
    verbs.keep_ldcontext(request.actor, now=request.now, body=body, address=address)
    return body


def link_header(terms: Terms, request: HttpRequest) -> str:
    """The Link header of an answer in plain JSON: one address that stands for its @context."""
    said = list(terms.said if isinstance(terms.said, list) else [terms.said])
    addresses = [one for one in said if isinstance(one, str) and one != CORE]
    named = link_of(request) or (addresses[0] if addresses else CORE)
    return f'<{named}>; rel="{REL}"; type="{LD}"'
