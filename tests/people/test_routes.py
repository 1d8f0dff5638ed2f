"""Every route: nobody gets in unasked, nobody sees another area, nothing is set by the way."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from chengyun.kernel.actor import SYSTEM
from chengyun.people import api, verbs
from chengyun.people.models import ApiKey, Appointment, Organisation, User
from tests.people.conftest import EAST, City, Hire

HERE = "/api/v1"
# The routes by which people come in.
OPEN = {("GET", "/session"), ("POST", "/session"), ("POST", "/session/link")}


def _routes() -> list[tuple[str, str]]:
    found = []
    for _, child, _ in api.router._routers:
        for route, view in child.path_operations.items():
            found += [(method, route) for one in view.operations for method in one.methods]
    return sorted(found)


CLOSED = [route for route in _routes() if route not in OPEN]


def _ask(client: Client, method: str, route: str, **extra: Any) -> Any:
    for name in ("session_id", "org_id", "user_id", "appointment_id", "key_id", "shift_id"):
        for form in ("{%s}", "{uuidstr:%s}"):
            route = route.replace(form % name, str(uuid4()))
    return client.generic(method, HERE + route, "{}", content_type="application/json", **extra)


def test_all_routes_are_looked_at() -> None:
    assert len(CLOSED) >= 30
    assert set(_routes()) >= OPEN


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "route"), CLOSED)
def test_anonymous_gets_401(method: str, route: str) -> None:
    for extra in ({}, {"HTTP_AUTHORIZATION": "Bearer cyk_made-up"}):
        answer = _ask(Client(), method, route, **extra)
        assert answer.status_code == 401, answer.content
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.django_db
def test_a_made_up_cookie_gets_401() -> None:
    client = Client()
    client.cookies["cy_session"] = "made-up"
    assert client.get(f"{HERE}/sessions").status_code == 401
    assert client.get(f"{HERE}/session").status_code == 401


@pytest.mark.parametrize(
    ("method", "route"), [(m, r) for m, r in CLOSED if m != "GET" and r != "/session"]
)
def test_changes_without_a_csrf_token_get_403(
    hire: Hire, enter: Callable[..., Client], method: str, route: str
) -> None:
    client = enter(hire("li", "ops", "security_admin"), csrf=True)
    answer = _ask(client, method, route)
    assert answer.status_code == 403
    assert answer.json()["code"] == "csrf_failed"


def test_changes_with_the_csrf_token_pass(hire: Hire, enter: Callable[..., Client]) -> None:
    client = enter(hire("li", "ops"), csrf=True)
    assert client.get(f"{HERE}/session").status_code == 200
    token = client.cookies["csrftoken"].value
    answer = client.delete(f"{HERE}/session", headers={"X-CSRFToken": token})
    assert answer.status_code == 204
    assert client.get(f"{HERE}/sessions").status_code == 401


def test_signing_in_needs_a_csrf_token_too(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    body = {"username": "li", "password": "x"}
    answer = client.post(f"{HERE}/session", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert client.get(f"{HERE}/session").status_code == 401
    token = client.cookies["csrftoken"].value
    answer = client.post(
        f"{HERE}/session", body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_credentials")


@pytest.fixture
def targets(hire: Hire, city: City, now: Any) -> dict[str, UUID]:
    """Things in the east."""
    wang = hire("wang", "east-ops", "acceptor")
    opened = verbs.open_shift(
        SYSTEM,
        now=now,
        organisation=city["east-ops"].id,
        post="acceptor",
        starts_at=now,
        ends_at=now + timedelta(hours=8),
        members=[wang.id],
    )
    verbs.issue_key("acceptor", city["east-ops"].id, now=now)
    verbs.start_session(wang, now=now, method="link", browser=verbs.Browser("203.0.113.9"))
    return {
        "org_id": city["east-ops"].id,
        "user_id": wang.id,
        "appointment_id": Appointment.objects.get(user=wang).id,
        "shift_id": UUID(opened["id"]),
        "key_id": ApiKey.objects.get().id,
        "session_id": wang.sessions.get().id,
    }


def _body(route: str, targets: dict[str, UUID], city: City) -> dict[str, Any]:
    west = str(city["west-ops"].id)
    return {
        "/orgs/{org_id}": {"name": {"zh": "新", "en": "New"}},
        "/orgs/{org_id}/move": {"parent": None},
        "/users/{user_id}/active": {"active": False},
        "/users/{user_id}/appointments": {"post": "acceptor", "organisation": west},
        "/shifts/{shift_id}/members/{user_id}": {"on": True},
        "/shifts/{shift_id}/hand-over": {"note": "all quiet"},
        "/shifts/{shift_id}/accept": {"into": str(uuid4())},
    }.get(route, {})


@pytest.mark.parametrize("post", ["system_admin", "security_admin", "audit_admin", "shift_leader"])
@pytest.mark.parametrize(("method", "route"), [r for r in CLOSED if "{" in r[1]])
def test_a_stranger_from_another_area_gets_404(
    hire: Hire,
    enter: Callable[..., Client],
    targets: dict[str, UUID],
    city: City,
    post: str,
    method: str,
    route: str,
) -> None:
    client = enter(hire("zhao", "west-ops", post))
    body = _body(route, targets, city)
    for name, value in targets.items():
        route = route.replace("{" + name + "}", str(value))
    answer = client.generic(method, HERE + route, json.dumps(body), content_type="application/json")
    assert answer.status_code == 404, (route, answer.content)
    assert User.objects.get(username="wang").is_active
    assert User.objects.get(username="wang").sessions.filter(ended_at=None).count() == 1
    assert ApiKey.objects.get().revoked_at is None


def test_lists_hold_nothing_of_another_area(
    hire: Hire, enter: Callable[..., Client], targets: dict[str, UUID]
) -> None:
    client = enter(hire("zhao", "west-ops", "security_admin"))
    assert client.get(f"{HERE}/keys").json()["items"] == []
    assert client.get(f"{HERE}/shifts").json()["items"] == []
    people = {one["username"] for one in client.get(f"{HERE}/users").json()["items"]}
    assert people == {"zhao"}
    codes = {one["code"] for one in client.get(f"{HERE}/orgs").json()["items"]}
    assert "west-street" in codes
    assert "ops" in codes  # responsible for an area around theirs
    assert not {code for code in codes if code.startswith("east")}


def test_somebody_without_a_post_sees_only_themselves(
    hire: Hire, enter: Callable[..., Client], targets: dict[str, UUID]
) -> None:
    client = enter(hire("new", "east-ops"))
    assert [one["username"] for one in client.get(f"{HERE}/users").json()["items"]] == ["new"]
    assert client.get(f"{HERE}/orgs").json()["items"] == []
    assert client.get(f"{HERE}/users/{targets['user_id']}").status_code == 404


def test_unit_posts_see_their_own_branch(
    hire: Hire, enter: Callable[..., Client], city: City
) -> None:
    hire("team", "east-team", "handler")
    hire("other", "west-sanitation", "handler")
    client = enter(hire("head", "east-sanitation", "department"))
    people = {one["username"] for one in client.get(f"{HERE}/users").json()["items"]}
    assert people == {"team", "head"}


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("/users", {"is_active": True}),
        ("/users", {"password": "x"}),
        ("/users", {"simulated": True}),
        ("/users", {"id": str(uuid4())}),
        ("/orgs", {"simulated": True}),
        ("/orgs", {"city_no": 1}),
        ("/keys", {"token_hash": "x"}),
        ("/session/password", {"user": str(uuid4()), "password": "x"}),
        ("/shifts", {"accepted_by": str(uuid4())}),
    ],
)
def test_fields_nobody_asked_for_are_refused(
    hire: Hire, enter: Callable[..., Client], route: str, body: dict[str, Any]
) -> None:
    client = enter(hire("li", "ops", "system_admin"))
    answer = client.post(HERE + route, body, content_type="application/json")
    assert answer.status_code == 422
    extra = {e["field"] for e in answer.json()["errors"] if e["code"] == "extra_forbidden"}
    assert extra & set(body)


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        ("GET", "/orgs?q=%00", None),
        ("GET", "/users?q=%00", None),
        ("GET", "/users?cursor=WyJcdTAwMDAiXQ", None),
        ("GET", "/shifts?at=9999-12-31T23:59:59-14:00", None),
        ("GET", "/shifts?cursor=WyJ4IiwgIngiXQ", None),
        ("POST", "/session", {"username": "li\x00", "password": "\x00"}),
        ("POST", "/session", {"username": "li\ud800", "password": "x"}),
        ("POST", "/session", {"username": 7, "password": ["x"]}),
        ("POST", "/session", {"username": "x" * 10_000, "password": "x"}),
        ("POST", "/session", {"username": "x", "password": "x" * 10_000}),
        ("POST", "/session/link", {"token": "\x00"}),
        ("POST", "/session/totp/verify", {"code": "\x00" * 6}),
        ("POST", "/orgs", {"code": "\x00", "name": {"zh": "\x00", "en": "x"}}),
        ("POST", "/shifts", {"starts_at": "9999-12-31T23:59:59Z"}),
        ("POST", "/users", "[]"),
        ("POST", "/users", "{"),
    ],
)
def test_hostile_input_gets_a_problem(
    hire: Hire, enter: Callable[..., Client], method: str, route: str, body: Any
) -> None:
    client = enter(hire("li", "ops", "shift_leader"))
    sent = body if isinstance(body, str) else json.dumps(body)
    answer = client.generic(method, HERE + route, sent, content_type="application/json")
    assert 400 <= answer.status_code < 500, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["limit=x", "cursor=x", "cursor=WzFd", "parent=1"])
def test_bad_queries_get_422(hire: Hire, enter: Callable[..., Client], query: str) -> None:
    client = enter(hire("li", "ops", "system_admin"))
    assert client.get(f"{HERE}/orgs?{query}").status_code == 422


def test_lists_are_paged_to_the_end(hire: Hire, enter: Callable[..., Client], city: City) -> None:
    client = enter(hire("li", "ops", "system_admin"))
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = client.get(f"{HERE}/orgs", {"limit": 3, "cursor": cursor}).json()
        assert len(page["items"]) <= 3
        seen += [one["code"] for one in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == sorted(Organisation.objects.values_list("code", flat=True))


def test_organisations_are_found_by_name_kind_and_role(
    hire: Hire, enter: Callable[..., Client]
) -> None:
    client = enter(hire("li", "ops", "system_admin"))

    def codes(**asked: str) -> set[str]:
        return {one["code"] for one in client.get(f"{HERE}/orgs", asked).json()["items"]}

    assert codes(q="sanit") == {"sanitation", "east-sanitation", "west-sanitation"}
    assert codes(kind="command_center") == {"command"}
    assert codes(role="sanitation", q="east") == {"east-sanitation"}
    assert codes(q="%") == set()


def test_administrators_without_a_second_factor_do_nothing(
    hire: Hire, enter: Callable[..., Client]
) -> None:
    client = enter(hire("li", "ops", "system_admin"), second_factor=False)
    body = {
        "code": "x",
        "name": {"zh": "新", "en": "New"},
        "kind": "department",
        "area_no": EAST,
    }
    answer = client.post(f"{HERE}/orgs", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_required")
    assert not Organisation.objects.filter(code="x").exists()


def test_a_request_with_a_warm_session_asks_little(
    hire: Hire, enter: Callable[..., Client], django_assert_num_queries: Any
) -> None:
    client = enter(hire("li", "ops", "shift_leader"))
    client.get(f"{HERE}/orgs")
    # savepoint, scope, list, release
    with django_assert_num_queries(4):
        client.get(f"{HERE}/orgs")
    # savepoint, scope, people, posts, release
    with django_assert_num_queries(5):
        client.get(f"{HERE}/users")
