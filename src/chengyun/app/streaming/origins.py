"""Which pages may listen with somebody's cookie: the product's own, and no other."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http.request import split_domain_port, validate_host


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
