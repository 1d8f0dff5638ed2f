"""The little of ASGI and HTTP that the stream needs."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

import orjson

from chengyun.kernel.problems import CONTENT_TYPE, Problem

Ask = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

LONGEST_HEADER = 8_192


class Asked:
    """What a request says about itself."""

    def __init__(self, ask: Ask) -> None:
        self.method: str = ask["method"]
        self.path: str = ask["path"]
        self._query: bytes = ask.get("query_string", b"")
        self._headers: dict[str, str] = {}
        for name, value in _pairs(ask["headers"]):
            self._headers.setdefault(name, value)

    def header(self, name: str) -> str:
        """A header's value, empty when there is none."""
        return self._headers.get(name, "")

    def query(self, name: str) -> str:
        """A query parameter's value, empty when there is none."""
        found = parse_qs(self._query[:LONGEST_HEADER].decode("latin-1"), max_num_fields=20)
        return found.get(name, [""])[-1]

    def cookie(self, name: str) -> str | None:
        """A cookie's value."""
        try:
            found = SimpleCookie(self.header("cookie")[:LONGEST_HEADER]).get(name)
        except CookieError:
            return None
        return found.value if found else None

    def bearer(self) -> str | None:
        """The key of an Authorization header; empty when it is of another kind."""
        value = self.header("authorization")
        if not value:
            return None
        scheme, _, key = value.partition(" ")
        return key.strip() if scheme.lower() == "bearer" else ""


def _pairs(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    return ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)


async def answer(
    send: Send, status: int, body: bytes, content_type: str, headers: Headers | None = None
) -> None:
    """A whole answer."""
    told: Headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *(headers or []),
    ]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, problem: Problem, headers: Headers | None = None) -> None:
    """A refusal as problem details."""
    told: Headers = list(headers or [])
    if problem.status == 401:
        told.append((b"www-authenticate", b"Bearer"))
    if problem.status in {429, 503}:
        told.append((b"retry-after", b"5"))
    body = orjson.dumps(problem.as_dict())
    await answer(send, problem.status, body, CONTENT_TYPE, told)


async def chunk(send: Send, body: bytes) -> None:
    """A piece of a stream."""
    await send({"type": "http.response.body", "body": body, "more_body": True})
