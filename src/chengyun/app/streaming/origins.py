"""Which pages may listen with somebody's cookie: the product's own, and no other."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http.request import split_domain_port, validate_host

from chengyun.kernel.problems import Forbidden


@dataclass(frozen=True, slots=True)
class Origins:
    """The product's own origins.

    Pages come from the same host on another port, or from the public address a proxy gives us.
    """

    port: int
    public_url: str = ""
    hosts: tuple[str, ...] = ()

    def is_ours(self, host: str) -> bool:
        """Whether a Host header names us: a foreign name that points here gets nothing."""
        name = split_domain_port(host)[0]
        return bool(name) and validate_host(name, list(self.hosts))

    def allows(self, origin: str, host: str) -> bool:
        """Whether a page of this origin may read the stream of this host."""
        public = urlsplit(self.public_url)
        if public.scheme and origin == f"{public.scheme}://{public.netloc}":
            return True
        found = urlsplit(origin)
        try:
            port = found.port or {"http": 80, "https": 443}.get(found.scheme)
        except ValueError:
            return False
        if found.scheme not in {"http", "https"} or found.path or found.query or found.fragment:
            return False
        same_host = (found.hostname or "") == split_domain_port(host)[0].strip("[]")
        return same_host and port == self.port and "@" not in found.netloc


def cross_origin(origins: Origins, host: str, origin: str) -> list[tuple[bytes, bytes]]:
    """The headers that let a page read the answer; none where no page asks.

    Raises:
        Forbidden: the host is not ours, or the page is another's.
    """
    if not origins.is_ours(host):
        raise Forbidden("This node is not called by that name.", code="foreign_host")
    if not origin:
        return []
    if not origins.allows(origin, host):
        raise Forbidden("Pages of that origin may not listen.", code="foreign_origin")
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
    ]
