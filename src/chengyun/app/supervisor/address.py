"""A database by URL, and the same database as each of its three roles."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

ROLES = ("owner", "app", "bulk")


@dataclass(frozen=True)
class Address:
    """A database by URL, as `--database` takes it."""

    url: str

    @property
    def name(self) -> str:
        """The database's name."""
        return unquote(urlsplit(self.url).path.lstrip("/")) or "chengyun"

    def role_name(self, role: str) -> str:
        """The role's name: one server may hold several nodes."""
        return f"{self.name}_{role}"

    def as_role(self, role: str, password: str) -> str:
        """The same database, signed in as one of the three roles."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        user = f"{quote(self.role_name(role), safe='')}:{quote(password, safe='')}"
        return urlunsplit(parts._replace(netloc=f"{user}@{host}", path=f"/{quote(self.name)}"))

    def of_database(self, name: str) -> str:
        """The same server and user, another database."""
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{quote(name)}"))

    def without_password(self) -> str:
        """For messages and logs."""
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2]
        user = f"{parts.username}@" if parts.username else ""
        query = [pair for pair in parse_qsl(parts.query) if pair[0] != "password"]
        return urlunsplit(parts._replace(netloc=f"{user}{host}", query=urlencode(query)))
