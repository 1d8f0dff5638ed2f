"""A node that holds simulated cases says so to everybody, whether or not one plays now."""

from collections.abc import Iterator
from typing import Any

import pytest

from chengyun.cases import reads
from tests.cases.desk import Desk


@pytest.fixture(autouse=True)
def fresh(settings: Any) -> Iterator[None]:
    """Nothing plays now, and nobody has looked yet."""
    settings.SIMULATED = False
    reads.forget_simulated()
    yield
    reads.forget_simulated()


def labelled(desk: Desk) -> tuple[bool, bool]:
    """What the public and the staff are told."""
    reads.forget_simulated()
    everybody = desk.get(None, "/public/site")["simulated"]
    reads.forget_simulated()
    return everybody, desk.get("acceptor", "/session")["simulated"]


def test_one_simulated_case_is_enough(desk: Desk) -> None:
    desk.new()
    assert labelled(desk) == (False, False)
    desk.new(simulated=True, text="模拟")
    assert labelled(desk) == (True, True)


def test_it_is_not_asked_again_and_again(desk: Desk, django_assert_num_queries: Any) -> None:
    assert not reads.any_simulated()
    with django_assert_num_queries(0):
        assert not reads.any_simulated()
