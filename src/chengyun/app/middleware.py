"""Facts of a request that every handler needs: an id, an instant, and nobody signed in yet."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from chengyun.kernel import problems
from chengyun.kernel.actor import PUBLIC
from chengyun.kernel.clock import system_clock
from chengyun.kernel.ids import new_id

_CSP = (
    "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'{stream}; font-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


_LOOPBACK = ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # noqa: S104 - names, not a door


def content_security_policy(host: str) -> str:
    """The policy of every page: own origin only, plus the live stream's.

    Args:
        host: the name the page was asked by; a node on loopback has several, and cookies keep them
            apart, so the stream is asked by the same one.
    """
    stream = urlsplit(settings.STREAM_URL)
    if not stream.hostname:
        return _CSP.format(stream="")
    name = host if stream.hostname in _LOOPBACK else stream.hostname
    port = f":{stream.port}" if stream.port else ""
    return _CSP.format(stream=f" {stream.scheme}://{name}{port}")


def told(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer, as problem details where an API address or method is not there."""
    known = response.headers.get("Content-Type", "").startswith(problems.CONTENT_TYPE)
    if known or not request.path.startswith("/api/"):
        return response
    if response.status_code == HTTPStatus.NOT_FOUND:
        return problems.response(problems.NotFound("There is no such address."))
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        refused = problems.Problem("This address does not take this method.", code="method")
        refused.status = HTTPStatus.METHOD_NOT_ALLOWED
        answer = problems.response(refused)
        answer.headers["Allow"] = response.headers.get("Allow", "")
        return answer
    return response


class RequestFacts:
    """Give each request its id, instant and the public actor; set the headers of every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = new_id()  # type: ignore[attr-defined]
        request.now = system_clock.now()  # type: ignore[attr-defined]
        request.actor = PUBLIC  # type: ignore[attr-defined]
        response = told(request, self.get_response(request))
        # The host was checked while answering; a refused one gets no name back.
        host = request.META.get("HTTP_HOST", "") if response.status_code != 400 else ""
        response.headers.setdefault(
            "Content-Security-Policy", content_security_policy(host.rpartition(":")[0] or host)
        )
        response.headers["X-Request-Id"] = str(request.request_id)  # type: ignore[attr-defined]
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class SmallText(GZipMiddleware):
    """Compress what is text: lists and maps shrink tenfold, photos don't."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The answer, smaller where that is worth it."""
        kind = response.headers.get("Content-Type", "")
        if not kind.startswith(("application/", "text/")) or kind.startswith("application/zip"):
            return response
        return super().process_response(request, response)
