"""What an address that is not there says, and what an administrator's desk shows."""

import pytest
from django.test import Client

from chengyun.cases import reads
from tests.app.world import NOW, World


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/api/v1/nothing", 404), ("delete", "/api/v1/kinds", 405)],
)
def test_an_address_that_is_not_there_is_a_problem(method: str, path: str, status: int) -> None:
    answer = getattr(Client(), method)(path)
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["status"] == status


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/account", "/desk/01", "/track/ABC"])
def test_every_screen_has_its_address(path: str) -> None:
    assert Client().get(path).status_code in (200, 503)


def test_an_administrator_sees_no_cases_and_no_error(world: World) -> None:
    told = reads.counts(world.actor("auditor"), now=NOW)
    assert told["queue"] == {"mine": 0, "all_open": 0, "overdue": 0}
    assert reads.queue(world.actor("auditor"), reads.Filters(), now=NOW) == ([], None)
