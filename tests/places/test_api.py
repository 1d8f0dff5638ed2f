"""The doors of places: first who may not come in, then what they answer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chengyun.app.public_routes import PUBLIC_ROUTES
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM, Actor, Grant
from chengyun.kernel.ids import new_id
from chengyun.places import verbs
from tests.places import urls
from tests.places.test_verbs import NOW, TREE, add_city, load

pytestmark = pytest.mark.django_db

CITY, DISTRICT, STREET = areas.pack(1), areas.pack(1, 1), areas.pack(1, 1, 1)
ROUTES = (
    "/regions",
    "/regions.geojson",
    "/locate?lon=121.005&lat=31.01",
    "/grid-layers",
    f"/grids?area={CITY}",
    "/grids.geojson?bbox=121,31,121.01,31.01",
    f"/grids/owners?area={CITY}",
    f"/grids/report?area={DISTRICT}",
    f"/regions/{STREET}?on=2026-03-01",
)

Get = Callable[..., Any]


def person(post: str, area_no: int = CITY) -> Actor:
    return Actor("user", new_id(), post, (Grant(post, new_id(), area_no),))


@pytest.fixture
def get(settings: Any) -> Get:
    """Ask a route as an actor (None: nobody)."""
    settings.ROOT_URLCONF = "tests.places.urls"
    client = Client()

    def ask(route: str, actor: Actor | None = SYSTEM, method: str = "get", **more: Any) -> Any:
        urls.actors.clear()
        if actor is not None:
            urls.actors["token"] = actor
        call = getattr(client, method)
        return call(
            f"/api/v1{route}",
            headers={"Authorization": "Bearer token"} | more.pop("headers", {}),
            **more,
        )

    return ask


@pytest.fixture
def city() -> int:
    city_no = add_city()
    load(city_no, *TREE)
    verbs.generate_grids(
        SYSTEM, now=NOW, area_no=city_no, total=40, owner_names={areas.pack(1, 1, 1, 1): "张三"}
    )
    return city_no


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_is_let_in_without_a_name(route: str, get: Get, city: int) -> None:
    assert get(route, None).status_code == 401


def test_only_regions_are_on_the_public_list() -> None:
    ours = {
        route
        for _, route in PUBLIC_ROUTES
        if route.startswith(("api/v1/regions", "api/v1/locate", "api/v1/grid"))
    }
    assert ours <= {"api/v1/regions", "api/v1/regions.geojson"}


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_answers(route: str, get: Get, city: int) -> None:
    assert get(route).status_code == 200


def test_owners_out_of_scope_are_not_there(get: Get, city: int) -> None:
    route = f"/grids/owners?area={DISTRICT}"
    assert get(route, person("leader", areas.pack(1, 2))).status_code == 404
    assert get(route, person("leader", STREET)).status_code == 404
    assert get(route, person("handler", DISTRICT)).status_code == 404
    answer = get(route, person("leader", DISTRICT))
    assert answer.status_code == 200
    assert answer.json()["items"][0]["owner"] == "张三"


def test_grids_tell_no_names(get: Get, city: int) -> None:
    for route in (f"/grids?area={CITY}&limit=200", "/grids.geojson?bbox=121,31,121.04,31.02"):
        assert "张三" not in get(route).content.decode()


def test_regions_have_the_agreed_shape(get: Get, city: int) -> None:
    items = get("/regions?level=street").json()["items"]
    assert items[0] == {
        "no": STREET,
        "code": "310101002",
        "name": {"zh": "南京东路街道", "en": "南京东路街道"},
        "level": "street",
        "synthetic": False,
        "center": items[0]["center"],
    }
    assert len(get(f"/regions?parent={STREET}").json()["items"]) == 2


def test_a_region_as_it_was(get: Get, city: int) -> None:
    today = NOW.date()
    verbs.change_region(
        SYSTEM, now=NOW, area_no=DISTRICT, effective=today, name={"zh": "新区", "en": "New"}
    )
    found = get(f"/regions/{DISTRICT}?on={today}").json()
    assert (found["code"], found["name"]["zh"], found["level"]) == ("310101", "新区", "district")
    assert found["boundary"]["type"] == "Polygon"


def test_locate_tells_the_path_and_the_grid(get: Get, city: int) -> None:
    found = get("/locate?lon=121.005&lat=31.01").json()
    assert [area["level"] for area in found["areas"]] == ["city", "district", "street", "community"]
    assert found["grid"]["code"].startswith("310101002001")


@pytest.mark.parametrize(
    ("route", "status"),
    [
        ("/locate?lon=0&lat=0", 404),
        ("/locate?lon=nan&lat=31", 422),
        ("/locate?lon=inf&lat=31", 422),
        ("/locate?lon=121&lat=91", 422),
        ("/locate?lon=x&lat=31", 422),
        ("/locate", 422),
        ("/regions?level=galaxy", 422),
        ("/regions?parent=99999999999999999999999", 404),
        ("/regions?parent=-1", 404),
        ("/regions?city=7", 404),
        (f"/regions/{STREET}?on=1949-01-01", 404),
        (f"/regions/{STREET}?on=x", 422),
        (f"/regions/{STREET}", 422),
        ("/regions/99999999999999999999999?on=2026-03-01", 404),
        ("/regions.geojson?level=galaxy", 422),
        ("/grids?area=1", 404),
        (f"/grids?area={CITY}&layer=none", 422),
        (f"/grids?area={CITY}&cursor=x", 422),
        ("/grids.geojson?bbox=1,2,3", 422),
        ("/grids.geojson?bbox=nan,nan,nan,nan", 422),
        ("/grids.geojson?bbox=3,3,1,1", 422),
        (f"/grids/report?area={CITY}", 422),
        ("/grids/report?area=0", 404),
    ],
)
def test_bad_questions_get_a_reason(route: str, status: int, get: Get, city: int) -> None:
    answer = get(route)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_outlines_are_cached_until_something_changes(get: Get, city: int) -> None:
    first = get("/regions.geojson?level=street")
    tag = {"If-None-Match": first["ETag"]}
    assert first["Content-Type"] == "application/geo+json"
    assert get("/regions.geojson?level=street", headers=tag).status_code == 304
    verbs.change_region(
        SYSTEM, now=NOW, area_no=STREET, effective=NOW.date(), name={"zh": "新名", "en": "New"}
    )
    assert get("/regions.geojson?level=street", headers=tag).status_code == 200


def test_owners_are_set_by_administrators_only(get: Get, city: int) -> None:
    code = get(f"/grids?area={CITY}").json()["items"][0]["code"]
    body = {"data": {"owner_name": "李四"}, "content_type": "application/json", "method": "put"}
    route = f"/grids/base/{code}/owner"
    assert get(route, person("leader"), **body).status_code == 403
    assert get(route, person("system_admin"), **body).status_code == 200
    assert get("/grids/base/none/owner", **body).status_code == 404
    assert get(route, **body | {"data": {"owner_name": ""}}).status_code == 422
    line = get(f"/grids/owners?area={CITY}").json()["items"][0]
    assert (line["code"], line["owner"]) == (code, "李四")


def test_a_node_without_a_city_says_so(get: Get) -> None:
    assert get("/regions").status_code == 404
