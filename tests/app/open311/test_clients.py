"""A client that nobody here wrote: PyPI `georeport`, against a real server, in both formats."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import connections
from georeport import GeoReport

from chengyun.app.wsgi import application
from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.cases.verbs import Intake, report
from chengyun.kernel.clock import system_clock
from tests.app.world import LITTER, SPOT, World, build


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its base names it
        """Say nothing."""


@pytest.fixture
def served(transactional_db: None) -> Iterator[tuple[str, World]]:
    """The address of a real server, and the city it serves."""
    world = build()
    server = make_server("127.0.0.1", 0, _closing, _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/open311/v2", world
    server.shutdown()
    server.server_close()
    thread.join()
    forget_kinds()
    forget_rules()


def _closing(environ: Any, start_response: Any) -> Any:
    """The product, leaving no connection open in the server's threads."""
    try:
        return list(application(environ, start_response))
    finally:
        connections.close_all()


def test_georeport_reads_everything(served: tuple[str, World]) -> None:
    url, world = served
    for _ in range(2):
        kept = report(
            world.actor("acceptor"),
            now=system_clock.now(),
            item=Intake(text="x", source="hotline", kind_id=LITTER, lon=SPOT[0], lat=SPOT[1]),
        )
    for form in ("json", "xml"):
        client = GeoReport(url, jurisdiction="310000", output_format=form)
        services = client.get_service_list()
        code = LITTER.replace("/", "~")
        assert code in {one["service_code"] for one in services}
        assert client.get_service_definition(code)["service_code"] == code
        found = client.get_service_requests(service_code=code, status="open")
        assert {one["service_code"] for one in found} == {code}
        assert len(found) == 2
        one = client.get_service_request(kept["no"])
        assert one["service_request_id"] == kept["no"]
        assert one["status"] == "open"
