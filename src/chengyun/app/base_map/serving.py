"""A base map over HTTP with byte ranges (RFC 9110 §14): browsers ask for the tiles they draw."""

import re
from pathlib import Path

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from chengyun.app.base_map.building import path_of

MOST_BYTES = 8 * 1024**2
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@transaction.non_atomic_requests
def base_map(request: HttpRequest, city_no: int) -> HttpResponseBase:
    """The file or one range of it: 206, 304, 404, 416; more than one range gets the whole."""
    path = path_of(city_no)
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    if not path.is_file():
        return HttpResponse(status=404)
    facts = path.stat()
    size, tag = facts.st_size, f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    held = request.headers.get("If-Range")
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponseBase = HttpResponse(status=304)
    elif asked and asked.group() != "bytes=-" and held in (None, tag):
        answer = _part(path, size, asked[1], asked[2])
    elif request.method == "HEAD":
        answer = HttpResponse(headers={"Content-Length": str(size)})
    else:
        answer = FileResponse(path.open("rb"))
    answer["Content-Type"] = "application/vnd.pmtiles"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = tag
    # Asked again each time, answered 304 or a few bytes: a rebuilt map must not mix with an old.
    answer["Cache-Control"] = "no-cache"
    return answer


def _part(path: Path, size: int, first: str, last: str) -> HttpResponse:
    start = int(first) if first else max(0, size - int(last))
    end = min(size - 1, int(last)) if first and last else size - 1
    if start > end or start >= size:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    end = min(end, start + MOST_BYTES - 1)
    with path.open("rb") as file:
        file.seek(start)
        body = file.read(end - start + 1)
    answer = HttpResponse(body, status=206)
    answer["Content-Range"] = f"bytes {start}-{start + len(body) - 1}/{size}"
    return answer
