"""Facts of a request that every handler needs: an id, an instant, and nobody signed in yet."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from chengyun.kernel.actor import PUBLIC
from chengyun.kernel.clock import system_clock
from chengyun.kernel.ids import new_id

_CSP = (
    "default-src 'self'; script-src 'self'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'{stream}; font-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def content_security_policy() -> str:
    """The policy of every page: own origin only, plus the live stream's."""
    stream = settings.STREAM_URL
    origin = "/".join(stream.split("/")[:3]) if "://" in stream else ""
    return _CSP.format(stream=f" {origin}" if origin else "")


class RequestFacts:
    """Give each request its id, instant and the public actor; set the headers of every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = content_security_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = new_id()  # type: ignore[attr-defined]
        request.now = system_clock.now()  # type: ignore[attr-defined]
        request.actor = PUBLIC  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers["X-Request-Id"] = str(request.request_id)  # type: ignore[attr-defined]
        response.headers.setdefault("Cache-Control", "no-store")
        return response
