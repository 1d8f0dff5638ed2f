"""What GET /session tells, with the app's answers about areas and the site in it."""

from collections.abc import Callable, Collection
from typing import Any

import pytest
from django.test import Client

from chengyun.kernel.text import JsonObject, text
from chengyun.people import ports
from tests.people.conftest import EAST, Hire

HERE = "/api/v1"


class Site:
    """A site that knows one district."""

    def areas(self, numbers: Collection[int]) -> dict[int, ports.AreaView]:
        named = ports.AreaView(no=EAST, code="310101", name=text("东区", "East"), level="district")
        return {number: named for number in numbers if number == EAST}

    def site(self, area_no: int | None) -> JsonObject:
        city = self.areas([EAST])[EAST]
        return {
            "stream_url": "http://127.0.0.1:8001/",
            "city": {"area": city, "center": [121.47, 31.23], "zoom": 9, "time_zone": "x"},
            "version": "0",
            "simulated": True,
            "area_asked": area_no,
        }


@pytest.fixture(autouse=True)
def site(door: None) -> None:
    ports.bind_site(Site())


def test_the_session_is_composed_of_both(hire: Hire, enter: Callable[..., Client]) -> None:
    shown = enter(hire("li", "east-ops", "acceptor")).get(f"{HERE}/session").json()
    assert shown["city"]["center"] == [121.47, 31.23]
    assert shown["stream_url"] == "http://127.0.0.1:8001/"
    assert shown["simulated"] is True
    post = shown["user"]["posts"][0]
    assert post["area"] == {
        "no": EAST,
        "code": "310101",
        "name": {"zh": "东区", "en": "East"},
        "level": "district",
    }
    assert "second_factor_missing" in shown["user"]


@pytest.mark.parametrize(
    ("post", "shown", "missing"),
    [
        ("acceptor", False, False),
        ("leader", False, True),
        ("leader", True, False),
        ("audit_admin", False, True),
    ],
)
def test_who_still_owes_a_second_factor_is_told(
    hire: Hire, enter: Callable[..., Any], post: str, shown: bool, missing: bool
) -> None:
    client = enter(hire("li", "ops", post), second_factor=shown)
    assert client.get(f"{HERE}/session").json()["user"]["second_factor_missing"] is missing


def test_an_area_nobody_knows_has_no_name(hire: Hire, enter: Callable[..., Client]) -> None:
    shown = enter(hire("li", "west-ops", "acceptor")).get(f"{HERE}/session").json()
    area = shown["user"]["posts"][0]["area"]
    assert (area["code"], area["level"]) == ("", "district")
