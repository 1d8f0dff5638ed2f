"""What the node counts about itself, for Prometheus: requests here, the rest when asked.

The node's processes keep their counts in files of one folder, since a scrape reaches only one of
two web processes. Labels come from bounded sets: route templates, methods, statuses.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse

FOLDER = os.environ.get("PROMETHEUS_MULTIPROC_DIR")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def open_folder(folder: Path) -> None:
    """Make the folder; counts of an earlier node, all of whose processes are gone, are removed.

    While any of them lives nothing is: a sum that shrinks would read as a burst.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = list(folder.glob("*_*.db"))
    pids = {int(number) for file in files if (number := file.stem.rpartition("_")[2]).isdigit()}
    if not any(_alive(pid) for pid in pids):
        for file in files:
            file.unlink(missing_ok=True)


if FOLDER:
    open_folder(Path(FOLDER))

# It opens its files when it is imported.
from prometheus_client import (  # noqa: E402
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.registry import REGISTRY  # noqa: E402

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10)

requests = Counter("chengyun_http_requests", "Requests answered.", ["route", "method", "status"])
seconds = Histogram(
    "chengyun_http_request_seconds",
    "Time from a request's arrival to its answer.",
    ["route", "method"],
    buckets=BUCKETS,
)
live_clients = Gauge("chengyun_live_clients", "Open live streams.", multiprocess_mode="mostrecent")


def route_of(request: HttpRequest) -> str:
    """The template a request matched; never the address itself, which anybody may make up."""
    match = request.resolver_match
    return f"/{match.route}" if match else "unmatched"


class Measured:
    """Middleware that counts and times every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        took = time.perf_counter() - began
        method = request.method if request.method in METHODS else "OTHER"
        route = route_of(request)
        requests.labels(route, method, str(response.status_code)).inc()
        seconds.labels(route, method).observe(took)
        return response


def counted() -> bytes:
    """Everything that is counted, of all processes, in Prometheus' text form."""
    if not FOLDER:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry, FOLDER)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
