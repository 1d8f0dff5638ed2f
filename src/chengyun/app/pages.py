"""The screens: one built page for every address that is no API."""

import mimetypes
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie

_MISSING = (
    "<!doctype html><title>城运 Chengyun</title>"
    "<p>The screens are not built: run <code>./cy up</code> again, it builds them.</p>"
)
_ROOT_FILES = ("favicon.svg", "favicon.ico", "robots.txt", "manifest.webmanifest", "sw.js")


def _dist() -> Path:
    return Path(settings.WEB_DIST)


@cache
def _index(changed: float) -> bytes:
    return (_dist() / "index.html").read_bytes()


@transaction.non_atomic_requests
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    """The page of every screen; the router in the browser picks which."""
    index = _dist() / "index.html"
    if not index.is_file():
        return HttpResponse(_MISSING, status=503)
    answer = HttpResponse(_index(index.stat().st_mtime), content_type="text/html; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@transaction.non_atomic_requests
def root_file(request: HttpRequest, name: str) -> HttpResponse | FileResponse:
    """One of the few files a browser asks for at the root."""
    path = _dist() / name
    if name not in _ROOT_FILES or not path.is_file():
        return HttpResponse(status=404)
    return FileResponse(path.open("rb"))


@lru_cache(maxsize=512)
def _asset(path: Path, accepted: str) -> tuple[bytes, str, str]:
    """Content, media type and encoding, as small as the browser takes it."""
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    for encoding, ending in (("br", ".br"), ("gzip", ".gz")):
        small = path.with_name(path.name + ending)
        if encoding in accepted and small.is_file():
            return small.read_bytes(), kind, encoding
    return path.read_bytes(), kind, ""


@transaction.non_atomic_requests
def asset(request: HttpRequest, name: str) -> HttpResponse:
    """A part of the screens, compressed when they were built.

    The build puts a hash of the content into each name, so a browser asks once.
    """
    path = _dist() / "assets" / name
    if name.endswith((".br", ".gz")) or not path.is_file():
        return HttpResponse(status=404)
    accepted = request.headers.get("Accept-Encoding", "")
    tokens = {word.split(";")[0].strip() for word in accepted.split(",")}
    body, kind, encoding = _asset(path, " ".join(sorted(tokens & {"br", "gzip"})))
    answer = HttpResponse(body, content_type=kind)
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["Vary"] = "Accept-Encoding"
    if encoding:
        answer["Content-Encoding"] = encoding
    return answer
