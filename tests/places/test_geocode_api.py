"""The geocoder's doors: who may ask, what they answer, what is refused."""

import pytest
from django.test import Client

from chengyun.app.public_routes import PUBLIC_ROUTES
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.text import text
from chengyun.places import reads, verbs
from chengyun.places.api import geocoding as api
from tests.places.test_api import Get, city, get
from tests.places.test_verbs import NOW

__all__ = ["city", "get"]
pytestmark = pytest.mark.django_db

STREET = areas.pack(1, 1, 1)


def named(number: int) -> str:
    return reads.area(number).name["zh"]


@pytest.mark.parametrize("route", ["/geocode?q=x", "/geocode/complete?q=x"])
def test_nobody_asks_without_a_name(route: str, get: Get, city: int) -> None:
    assert get(route, None).status_code == 401


def test_only_the_residents_door_is_public() -> None:
    open_ones = {route for _, route in PUBLIC_ROUTES if "geocode" in route}
    assert open_ones == {"api/v1/public/geocode"}


def test_an_area_is_found_by_text_with_its_parts(get: Get, city: int) -> None:
    told = get(f"/geocode?q=市民反映{named(STREET)}路灯不亮").json()
    assert told["verdict"] == "unique"
    first = told["items"][0]
    assert (first["level"], first["code"]) == ("area", reads.area(STREET).code)
    assert first["reason"]["zh"]
    assert first["reason"]["en"]
    assert all(0 <= part["confidence"] <= 1 for part in told["parts"])


def test_a_renamed_area_is_found_by_its_new_name(get: Get, city: int) -> None:
    assert get("/geocode?q=新名街道").json()["items"] == []
    name = text("新名街道", "")
    verbs.change_region(SYSTEM, now=NOW, area_no=STREET, name=name, effective=NOW.date())
    assert get("/geocode?q=新名街道").json()["items"][0]["text"].endswith("新名街道")


def test_reverse_tells_areas_and_addresses(get: Get, city: int) -> None:
    told = get("/geocode/reverse?lon=121.005&lat=31.01").json()
    assert told["areas"]
    assert told["grid"]["code"]
    assert told["addresses"] == []
    assert get("/geocode/reverse?lon=10&lat=10").status_code == 404


def test_completing(get: Get, city: int) -> None:
    begun = named(STREET)[:2]
    texts = [one["text"] for one in get(f"/geocode/complete?q={begun}").json()["items"]]
    assert any(named(STREET) in text for text in texts)


@pytest.mark.parametrize("q", ["", "%20", "x" * 10_001])
def test_bad_questions_name_the_field(q: str, get: Get, city: int) -> None:
    answer = get(f"/geocode?q={q}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "q"


@pytest.mark.parametrize("q", ["'; DROP TABLE x--", "😀", "%00", "9" * 5_000])
def test_strange_questions_are_answered(q: str, get: Get, city: int) -> None:
    assert get("/geocode", data={"q": q}).status_code in {200, 422}


def test_residents_ask_and_are_throttled(city: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "PUBLIC_ASKS", 3)
    client, begun = Client(), named(STREET)[:2]
    asked = [client.get("/api/v1/public/geocode", {"q": begun}) for _ in range(4)]
    assert asked[0].json()["items"]
    assert [one.status_code for one in asked] == [200, 200, 200, 429]
