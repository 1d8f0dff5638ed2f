"""Who is let in to the live stream, from which page, and for how long."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from chengyun.app.streaming.origins import Origins
from chengyun.kernel import areas
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.events import NewEvent, publish
from chengyun.kernel.ids import new_id
from chengyun.people import reads, verbs
from chengyun.people.models import ApiKey, Appointment, Organisation, User, UserSession

CITY, EAST, WEST = areas.pack(1), areas.pack(1, 1), areas.pack(1, 2)
LIFE = timedelta(days=30)


@pytest.fixture(scope="module")
def people_server(
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    start_server: Callable[..., Any],
) -> Iterator[Any]:
    """A stream process that asks the people room, and looks at its listeners often."""
    with django_db_blocker.unblock():
        server = start_server(tmp_path_factory.mktemp("people"), poll=0.02, check=0.3)
        yield server
        server.stop()


@pytest.fixture
def server(people_server: Any) -> Iterator[Any]:
    yield people_server
    for listener in people_server.listeners:
        listener.close()
    people_server.listeners.clear()


@pytest.fixture
def units(transactional_db: None) -> Iterator[dict[str, Organisation]]:
    reads.forget_actors()
    now = datetime.now(UTC)
    rows = [
        ("ops", "ops_center", CITY, None),
        ("east", "ops_center", EAST, "ops"),
        ("west", "ops_center", WEST, "ops"),
        ("sanitation", "department", CITY, None),
        ("team", "department", EAST, "sanitation"),
    ]
    verbs.import_organisations(
        SYSTEM,
        now=now - LIFE,
        rows=[
            verbs.OrganisationRow(
                code=code,
                name={"zh": code, "en": code},
                kind=kind,
                area_no=area,
                parent=parent,
                roles=(),
            )
            for code, kind, area, parent in rows
        ],
    )
    yield {unit.code: unit for unit in Organisation.objects.all()}
    reads.forget_actors()


Hire = Callable[[str, str, str], tuple[User, str]]


@pytest.fixture
def hire(units: dict[str, Organisation]) -> Hire:
    """A user with one post, and the token of a browser signed in as them."""

    def make(name: str, unit: str, post: str) -> tuple[User, str]:
        now = datetime.now(UTC)
        made = verbs.create_user(
            SYSTEM, now=now, username=name, display_name=name, organisation=units[unit].id
        )
        verbs.appoint(
            SYSTEM,
            now=now - timedelta(days=1),
            user=UUID(made["id"]),
            post=post,
            organisation=units[unit].id,
        )
        user = User.objects.get(pk=made["id"])
        browser = verbs.Browser("203.0.113.7", "Mozilla/5.0 Chrome/140")
        entered = verbs.start_session(user, now=now, method="link", browser=browser)
        return user, entered.token

    return make


def listen(server: Any, token: str) -> Any:
    listener = server.ask(Cookie=f"other=1; {reads.SESSION_COOKIE}={token}")
    assert listener.status == 200, listener.body
    listener.next()
    return listener


def paint(n: int, area: int, *units: UUID) -> None:
    now = datetime.now(UTC)
    publish([NewEvent("toys.Painted", new_id(), 1, area, SYSTEM, now, now, {"n": n}, units)])


def ends(listener: Any, seconds: float = 4.0) -> bool:
    while listener.next(seconds) is not None:
        pass
    return bool(listener.ended)


def problem(listener: Any, status: int) -> dict[str, Any]:
    assert listener.status == status
    assert listener.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(listener.body)
    assert body["status"] == status
    return body


def test_a_signed_in_browser_hears_of_its_own_area_and_unit(
    server: Any, hire: Hire, units: dict[str, Organisation]
) -> None:
    east = listen(server, hire("li", "east", "acceptor")[1])
    department = listen(server, hire("wang", "sanitation", "department")[1])
    admin = listen(server, hire("zhao", "ops", "audit_admin")[1])
    paint(1, WEST)
    paint(2, EAST)
    paint(3, WEST, units["sanitation"].id)
    paint(4, WEST, units["team"].id)  # below the department
    assert east.event().json() == {"n": 2}
    assert [department.event().json()["n"] for _ in range(2)] == [3, 4]
    assert east.event(0.3) is None
    assert admin.event(0.1) is None


def test_a_key_hears_what_its_post_sees(server: Any, units: dict[str, Organisation]) -> None:
    token = verbs.issue_key("dispatcher", units["east"].id, EAST, now=datetime.now(UTC))
    listener = server.listen(token)
    paint(1, WEST)
    paint(2, EAST)
    assert listener.event().json() == {"n": 2}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer cyk_made_up"},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer"},
        {"Cookie": f"{reads.SESSION_COOKIE}=made-up"},
        {"Cookie": f"{reads.SESSION_COOKIE}="},
        {"Cookie": "a=b; ;;=; [broken"},
        {"Authorization": "Bearer " + "x" * 5_000},
    ],
)
def test_nobody_else_is_let_in(
    server: Any, units: dict[str, Organisation], headers: dict[str, str]
) -> None:
    refused = server.ask(**headers)
    assert problem(refused, 401)["code"] == "unauthenticated"
    assert refused.headers["www-authenticate"] == "Bearer"


def test_a_good_cookie_does_not_help_a_bad_key(server: Any, hire: Hire) -> None:
    _, token = hire("li", "east", "acceptor")
    refused = server.ask(
        Cookie=f"{reads.SESSION_COOKIE}={token}", Authorization="Bearer cyk_made_up"
    )
    assert refused.status == 401


def test_signing_out_ends_the_stream(server: Any, hire: Hire) -> None:
    user, token = hire("li", "east", "acceptor")
    leaves = listen(server, token)
    stays = listen(server, hire("wang", "east", "acceptor")[1])
    UserSession.objects.filter(user=user).update(ended_at=datetime.now(UTC))
    assert ends(leaves)
    paint(1, EAST)
    assert stays.event().json() == {"n": 1}


def test_a_closed_account_ends_the_stream(server: Any, hire: Hire) -> None:
    user, token = hire("li", "east", "acceptor")
    listener = listen(server, token)
    User.objects.filter(pk=user.id).update(is_active=False)
    assert ends(listener)


def test_a_changed_post_ends_the_stream_and_the_next_one_sees_otherwise(
    server: Any, hire: Hire
) -> None:
    user, token = hire("li", "east", "acceptor")
    listener = listen(server, token)
    Appointment.objects.filter(user=user).update(area_no=WEST)
    assert ends(listener)
    time.sleep(4.2)  # what is known of a session may be so old
    again = listen(server, token)
    paint(1, EAST)
    paint(2, WEST)
    assert again.event().json() == {"n": 2}


def test_a_moved_unit_ends_the_stream_of_those_above_it(
    server: Any, hire: Hire, units: dict[str, Organisation]
) -> None:
    department = listen(server, hire("li", "sanitation", "department")[1])
    acceptor = listen(server, hire("wang", "east", "acceptor")[1])
    Organisation.objects.filter(pk=units["team"].id).update(changed_at=datetime.now(UTC))
    assert ends(department)
    paint(1, EAST)
    assert acceptor.event().json() == {"n": 1}


def test_a_revoked_key_ends_the_stream(server: Any, units: dict[str, Organisation]) -> None:
    token = verbs.issue_key("dispatcher", units["east"].id, EAST, now=datetime.now(UTC))
    listener = server.listen(token)
    ApiKey.objects.update(revoked_at=datetime.now(UTC))
    assert ends(listener)


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:9999",
        "http://evil.example",
        "https://city.example.evil.example",
        "null",
        "http://localhost:8420",
        "http://city.example",
        "http://user@127.0.0.1:8420",
        "http://127.0.0.1:8420/path",
    ],
)
def test_other_pages_may_not_listen(server: Any, hire: Hire, origin: str) -> None:
    _, token = hire("li", "east", "acceptor")
    refused = server.ask(Cookie=f"{reads.SESSION_COOKIE}={token}", Origin=origin)
    assert problem(refused, 403)["code"] == "foreign_origin"
    assert "access-control-allow-origin" not in refused.headers


@pytest.mark.parametrize("origin", ["http://127.0.0.1:8420", "https://city.example"])
def test_our_own_pages_may(server: Any, hire: Hire, origin: str) -> None:
    _, token = hire("li", "east", "acceptor")
    let_in = server.ask(Cookie=f"{reads.SESSION_COOKIE}={token}", Origin=origin)
    assert let_in.status == 200
    assert let_in.headers["access-control-allow-origin"] == origin
    asked = server.ask(method="OPTIONS", Origin=origin)
    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == origin
    assert "last-event-id" in asked.headers["access-control-allow-headers"]


def test_a_refusal_can_be_read_by_our_own_page(server: Any) -> None:
    refused = server.ask(Origin="http://127.0.0.1:8420")
    assert problem(refused, 401)
    assert refused.headers["access-control-allow-origin"] == "http://127.0.0.1:8420"


def test_other_names_addresses_and_methods(server: Any) -> None:
    assert problem(server.ask(Host="evil.example"), 403)["code"] == "foreign_host"
    assert problem(server.ask(path="/"), 404)["code"] == "not_found"
    assert problem(server.ask(method="POST"), 405)["code"] == "method_not_allowed"


def test_origins_on_standard_ports_and_ipv6() -> None:
    https = Origins(port=443, hosts=("desk.example", "[::1]"))
    assert https.allows("https://desk.example", "desk.example:444")
    assert not https.allows("http://desk.example", "desk.example:444")
    assert https.is_ours("[::1]:444")
    assert Origins(port=8420, hosts=("[::1]",)).allows("http://[::1]:8420", "[::1]:8421")
    assert not https.allows("https://desk.example:99999", "desk.example:444")
    assert not https.is_ours("")
