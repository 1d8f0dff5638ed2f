"""A client that nobody here wrote: PyPI `georeport`, against a real server, in both formats."""

from collections.abc import Iterator

import pytest
from georeport import GeoReport

from chengyun.cases.reads import forget_kinds, forget_rules
from chengyun.cases.verbs import Intake, report
from chengyun.kernel.clock import system_clock
from tests.app.serving import serving
from tests.app.world import LITTER, SPOT, World, build


@pytest.fixture
def served(transactional_db: None) -> Iterator[tuple[str, World]]:
    """The address of a real server, and the city it serves."""
    world = build()
    with serving() as address:
        yield f"{address}/open311/v2", world
    forget_kinds()
    forget_rules()


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
