"""A real HTTP server over the test's database, for clients that know no test client."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db import connections

from chengyun.app.wsgi import application


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its base names it
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """The product's address; needs a test that commits (`transactional_db`)."""
    server = make_server("127.0.0.1", 0, _closing, _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _closing(environ: Any, start_response: Any) -> Any:
    """The product, leaving no connection open in the server's threads."""
    try:
        return list(application(environ, start_response))
    finally:
        connections.close_all()
