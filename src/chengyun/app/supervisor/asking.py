"""Asking a node on this machine whether it answers."""

import http.client
import socket
import ssl
from contextlib import suppress
from urllib.parse import urlsplit

_SECONDS = 5.0


def status_of(local: str, path: str) -> int:
    """The status its pages' door answers a path with; 0 for no answer."""
    parts = urlsplit(local)
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        # Our own certificate on our own machine: only liveness is asked.
        context = ssl._create_unverified_context()  # noqa: S323, SLF001
        connection = http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def stream_listens(local: str) -> bool:
    """Whether the live stream's port, the one after the pages', takes connections."""
    parts = urlsplit(local)
    with suppress(OSError):
        socket.create_connection((parts.hostname or "", (parts.port or 0) + 1), timeout=1).close()
        return True
    return False
