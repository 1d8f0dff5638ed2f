"""Sessions, links and keys: single use, expiry, revocation within five seconds, hashes only."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from psycopg import sql

from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.problems import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from chengyun.people import reads, verbs
from chengyun.people.decide import sessions, throttle, totp
from chengyun.people.models import ApiKey, Appointment, User, UserSession
from tests.people.conftest import EAST, PASSWORD, WEST, City, Hire

HERE = "/api/v1"
FROM = verbs.Browser("203.0.113.7", "Mozilla/5.0 (X11; Linux) Firefox/140")


def _post(client: Client, route: str, **body: Any) -> Any:
    return client.post(HERE + route, body, content_type="application/json")


def _start(user: User, now: datetime) -> verbs.Entered:
    return verbs.start_session(user, now=now, method="link", browser=FROM)


def test_a_link_signs_in_once(hire: Hire, now: datetime) -> None:
    token = verbs.issue_link(hire("li", "ops", "acceptor"), now)
    client = Client()
    assert _post(client, "/session/link", token=token).status_code == 200
    assert client.get(f"{HERE}/session").json()["user"]["username"] == "li"
    again = _post(Client(), "/session/link", token=token)
    assert (again.status_code, again.json()["code"]) == (401, "bad_link")


def test_a_link_ends(hire: Hire, now: datetime) -> None:
    user = hire("li", "ops", "acceptor")
    token = verbs.issue_link(user, now, timedelta(minutes=5))
    with pytest.raises(Unauthenticated):
        verbs.sign_in_by_link(token, now=now + timedelta(minutes=5), browser=FROM)
    assert verbs.sign_in_by_link(token, now=now + timedelta(minutes=4), browser=FROM).user == user


def test_a_link_shows_one_factor_only(hire: Hire, now: datetime) -> None:
    token = verbs.issue_link(hire("sun", "ops", "security_admin"), now)
    assert not verbs.sign_in_by_link(token, now=now, browser=FROM).second_factor


def test_links_of_a_closed_account_are_dead(hire: Hire, now: datetime) -> None:
    user = hire("li", "ops", "acceptor")
    token = verbs.issue_link(user, now)
    verbs.set_active(SYSTEM, now=now, user=user.id, active=False)
    verbs.set_active(SYSTEM, now=now, user=user.id, active=True)
    with pytest.raises(Unauthenticated):
        verbs.sign_in_by_link(token, now=now, browser=FROM)


def test_guessing_links_makes_wait(db: None) -> None:
    statuses = {
        _post(Client(), "/session/link", token=f"guess-{n}").status_code
        for n in range(throttle.ADDRESS.free + 1)
    }
    assert statuses == {401, 429}


@pytest.mark.parametrize("life", [timedelta(), timedelta(days=-1), timedelta(days=15)])
def test_links_do_not_live_for_ever(hire: Hire, now: datetime, life: timedelta) -> None:
    with pytest.raises(Invalid):
        verbs.issue_link(hire("li", "ops"), now, life)


def test_an_invitation_ends_in_a_password(hire: Hire, enter: Any, city: City) -> None:
    client = enter(hire("root", "ops", "system_admin"))
    answer = _post(
        client,
        "/users",
        username="Newcomer",
        display_name="新人",
        organisation=str(city["east-ops"].id),
    )
    assert answer.status_code == 201
    token = answer.json()["url_path"].removeprefix("/signin?token=")
    newcomer = Client()
    assert _post(newcomer, "/session/link", token=token).status_code == 200
    assert _post(newcomer, "/session/password", password=PASSWORD).status_code == 204
    again = _post(Client(), "/session", username="newcomer", password=PASSWORD)
    assert again.status_code == 200
    assert again.json()["user"]["posts"] == []


def test_resetting_takes_the_old_ways_in_away(
    hire: Hire, with_password: Callable[[User], User], as_actor: Callable[..., Actor], now: datetime
) -> None:
    user = with_password(hire("li", "ops", "acceptor"))
    session, link = _start(user, now), verbs.issue_link(user, now)
    security = as_actor(hire("sun", "ops", "security_admin"))
    token = verbs.reset_sign_in(security, now=now, user=user.id)
    assert reads.signed_in(session.token, now=now) is None
    for gone in (
        lambda: verbs.sign_in_by_link(link, now=now, browser=FROM),
        lambda: verbs.sign_in(now=now, username="li", password=PASSWORD, totp=None, browser=FROM),
    ):
        with pytest.raises(Unauthenticated):
            gone()
    assert verbs.sign_in_by_link(token, now=now, browser=FROM).user == user


def test_one_administrator_cannot_become_another(
    hire: Hire, as_actor: Callable[..., Actor], now: datetime
) -> None:
    security = as_actor(hire("sun", "ops", "security_admin"))
    audit = hire("zhou", "ops", "audit_admin")
    with pytest.raises(Forbidden) as caught:
        verbs.reset_sign_in(security, now=now, user=audit.id)
    assert caught.value.code == "console_only"


def test_sessions_end_by_idleness_and_by_age(hire: Hire, now: datetime) -> None:
    user = hire("li", "ops", "acceptor")
    token = _start(user, now).token
    assert reads.signed_in(token, now=now + sessions.IDLE - timedelta(seconds=1)) is not None
    reads.forget_actors()
    assert reads.signed_in(token, now=now + sessions.IDLE) is None
    UserSession.objects.update(last_seen_at=now + sessions.ABSOLUTE)
    assert reads.signed_in(token, now=now + sessions.ABSOLUTE) is None


def test_last_seen_is_written_once_a_minute(hire: Hire, now: datetime) -> None:
    token = _start(hire("li", "ops"), now).token
    for seconds, written in ((30, 0), (61, 61), (90, 61), (122, 122)):
        at = now + timedelta(seconds=seconds)
        found = reads.signed_in(token, now=at)
        assert found is not None
        verbs.note_seen(found, now=at)
        row = UserSession.objects.get()
        assert row.last_seen_at == now + timedelta(seconds=written)


def test_a_revoked_session_stops_at_once_here_and_soon_elsewhere(
    hire: Hire, now: datetime, as_actor: Callable[..., Actor]
) -> None:
    user = hire("li", "ops", "acceptor")
    token = _start(user, now).token
    found = reads.signed_in(token, now=now)
    assert found is not None
    # As another process would: the row changes, nothing tells this one.
    UserSession.objects.update(ended_at=now)
    assert reads.signed_in(token, now=now + timedelta(seconds=3)) is not None
    assert reads.signed_in(token, now=now + timedelta(seconds=5)) is None
    other = _start(user, now)
    verbs.revoke_session(as_actor(user), now=now, session=other.session_id)
    assert reads.signed_in(other.token, now=now) is None


def test_the_list_of_sessions_marks_the_present_one(
    hire: Hire, enter: Callable[..., Client], now: datetime
) -> None:
    user = hire("li", "ops", "acceptor")
    client = enter(user)
    other = _start(user, now)
    items = client.get(f"{HERE}/sessions").json()["items"]
    assert [one["current"] for one in items].count(True) == 1
    assert all("token" not in str(one).lower() for one in items)
    assert client.delete(f"{HERE}/sessions/{other.session_id}").status_code == 204
    assert len(client.get(f"{HERE}/sessions").json()["items"]) == 1


def test_nobody_ends_the_session_of_a_colleague(
    hire: Hire, enter: Callable[..., Client], now: datetime
) -> None:
    colleague = _start(hire("wang", "ops", "acceptor"), now)
    client = enter(hire("li", "ops", "shift_leader"))
    assert client.delete(f"{HERE}/sessions/{colleague.session_id}").status_code == 404
    assert reads.signed_in(colleague.token, now=now) is not None


def test_the_security_administrator_ends_sessions_in_sight(
    hire: Hire, enter: Callable[..., Client], now: datetime
) -> None:
    wang = hire("wang", "east-ops", "acceptor")
    session = _start(wang, now)
    client = enter(hire("sun", "ops", "security_admin"))
    listed = client.get(f"{HERE}/users/{wang.id}/sessions").json()["items"]
    assert [one["id"] for one in listed] == [str(session.session_id)]
    assert client.delete(f"{HERE}/sessions/{session.session_id}").status_code == 204
    assert reads.signed_in(session.token, now=now) is None


def test_an_account_switched_off_is_out(
    hire: Hire, enter: Callable[..., Client], now: datetime
) -> None:
    wang = hire("wang", "east-ops", "acceptor")
    session = _start(wang, now)
    client = enter(hire("root", "ops", "system_admin"))
    assert _post(client, f"/users/{wang.id}/active", active=False).status_code == 200
    assert reads.signed_in(session.token, now=now) is None


def test_a_key_acts_in_its_post_and_area(city: City, now: datetime) -> None:
    token = verbs.issue_key("acceptor", city["ops"].id, EAST, now=now)
    actor = reads.actor_for_key(token, now=now)
    assert actor is not None
    assert actor.kind == "key"
    assert actor.has("acceptor")
    assert actor.scope().sees(EAST)
    assert not actor.scope().sees(WEST)


def test_a_unit_key_reaches_the_units_below(city: City, now: datetime) -> None:
    token = verbs.issue_key("department", city["east-sanitation"].id, now=now)
    actor = reads.actor_for_key(token, now=now)
    assert actor is not None
    below = {city["east-sanitation"].id, city["east-team"].id}
    assert set(actor.scope().units) == below
    assert actor.scope().areas == ()


def test_keys_expire_and_are_revoked_within_five_seconds(
    hire: Hire, as_actor: Callable[..., Actor], city: City, now: datetime
) -> None:
    token = verbs.issue_key("acceptor", city["ops"].id, now=now, life=timedelta(days=1))
    assert reads.actor_for_key(token, now=now + timedelta(hours=23)) is not None
    assert reads.actor_for_key(token, now=now + timedelta(days=1)) is None
    assert reads.actor_for_key(token, now=now) is not None
    ApiKey.objects.update(revoked_at=now)
    assert reads.actor_for_key(token, now=now + timedelta(seconds=5)) is None
    security = as_actor(hire("sun", "ops", "security_admin"))
    with pytest.raises(Conflict):
        verbs.revoke_api_key(security, now=now, api_key=ApiKey.objects.get().id)
    second = verbs.issue_key("acceptor", city["ops"].id, now=now)
    assert reads.actor_for_key(second, now=now) is not None
    latest = ApiKey.objects.get(revoked_at=None)
    verbs.revoke_api_key(security, now=now, api_key=latest.id)
    assert reads.actor_for_key(second, now=now) is None


def test_keys_over_http(hire: Hire, enter: Callable[..., Client], city: City) -> None:
    client = enter(hire("sun", "ops", "security_admin"))
    body = {"name": "gateway", "post": "acceptor", "organisation": str(city["east-ops"].id)}
    made = _post(client, "/keys", **body)
    assert made.status_code == 201
    token = made.json()["token"]
    script = Client(headers={"Authorization": f"Bearer {token}"}, enforce_csrf_checks=True)
    assert script.get(f"{HERE}/orgs").status_code == 200
    listed = client.get(f"{HERE}/keys").json()["items"]
    assert listed[0]["prefix"] == token[:12]
    assert token not in str(listed)
    assert ApiKey.objects.get().last_used_at is not None
    assert client.delete(f"{HERE}/keys/{made.json()['id']}").status_code == 204
    assert script.get(f"{HERE}/orgs").status_code == 401


def test_a_key_is_no_person(city: City, now: datetime) -> None:
    token = verbs.issue_key("acceptor", city["ops"].id, now=now)
    script = Client(headers={"Authorization": f"Bearer {token}"})
    for method, route in (
        ("GET", "/sessions"),
        ("DELETE", "/session"),
        ("POST", "/session/totp/begin"),
        ("DELETE", f"/sessions/{uuid4()}"),
    ):
        answer = script.generic(method, HERE + route)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_a_person"), route


@pytest.mark.parametrize("post", ["system_admin", "security_admin", "audit_admin"])
def test_no_key_makes_an_administrator_from_a_browser(
    hire: Hire, enter: Callable[..., Client], city: City, post: str
) -> None:
    client = enter(hire("sun", "ops", "security_admin"))
    answer = _post(client, "/keys", name="x", post=post, organisation=str(city["ops"].id))
    assert (answer.status_code, answer.json()["code"]) == (403, "console_only")


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"post": "king"}, "post"),
        ({"post": "dispatcher", "organisation": "supervision"}, "post"),
        ({"area_no": WEST}, "area_no"),
        ({"organisation": None}, "organisation"),
        ({"days": 400}, "days"),
        ({"name": ""}, "name"),
    ],
)
def test_bad_keys_are_refused(
    hire: Hire, enter: Callable[..., Client], city: City, asked: dict[str, Any], field: str
) -> None:
    client = enter(hire("sun", "ops", "security_admin"))
    unit = asked.get("organisation", "east-ops")
    body = {
        "name": "x",
        "post": "acceptor",
        **asked,
        "organisation": str(city[unit].id if unit else uuid4()),
    }
    answer = _post(client, "/keys", **body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_only_security_and_audit_see_keys(hire: Hire, enter: Callable[..., Client]) -> None:
    assert enter(hire("zhou", "ops", "audit_admin")).get(f"{HERE}/keys").status_code == 200
    assert enter(hire("root", "ops", "system_admin")).get(f"{HERE}/keys").status_code == 403
    assert enter(hire("li", "ops", "acceptor")).get(f"{HERE}/keys").status_code == 403


def test_a_dismissed_user_loses_the_post_with_the_session_going_on(
    hire: Hire, now: datetime
) -> None:
    user = hire("li", "ops", "acceptor")
    token = _start(user, now).token
    before = reads.signed_in(token, now=now)
    assert before is not None
    assert before.actor.has("acceptor")
    verbs.dismiss(SYSTEM, now=now, appointment=Appointment.objects.get(user=user).id)
    after = reads.signed_in(token, now=now)
    assert after is not None
    assert not after.actor.has("acceptor")


def _everything_stored() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        )
        tables = [row[0] for row in cursor.fetchall()]
        kept = []
        for table in tables:
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            kept += [row[0] for row in cursor.fetchall()]
    return "\n".join(kept)


def test_no_password_token_or_secret_is_stored(
    hire: Hire,
    enter: Callable[..., Client],
    city: City,
    now: datetime,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    client = enter(hire("sun", "ops", "security_admin"))
    secrets = [client.cookies[reads.SESSION_COOKIE].value, PASSWORD, "wrong horse battery"]
    user = hire("li", "ops", "acceptor")
    link = verbs.issue_link(user, now)
    browser = Client(headers={"Idempotency-Key": "one"})
    _post(browser, "/session/link", token=link)
    secrets += [link, browser.cookies[reads.SESSION_COOKIE].value]
    _post(browser, "/session/password", password=PASSWORD)
    begun = _post(browser, "/session/totp/begin").json()["secret"]
    code = totp.code_at(begun, totp.step_of(now))
    confirmed = _post(browser, "/session/totp/confirm", code=code).json()
    secrets += [begun, browser.cookies[reads.SESSION_COOKIE].value, *confirmed["recovery_codes"]]
    _post(Client(), "/session", username="li", password="wrong horse battery")
    _post(browser, "/session/password", password="short", current="wrong horse battery")
    made = _post(
        client, "/keys", name="x", post="acceptor", organisation=str(city["ops"].id)
    ).json()
    reset = _post(client, f"/users/{user.id}/link").json()["url_path"]
    secrets += [made["token"], reset.removeprefix("/signin?token=")]
    stored = _everything_stored() + caplog.text
    for secret in secrets:
        assert secret not in stored
        assert secret.encode().hex() not in stored
    # Nor a fast hash of what a person chose.
    for chosen in (PASSWORD, "wrong horse battery"):
        assert hashlib.sha256(chosen.encode()).hexdigest() not in stored


def test_out_of_sight_users_cannot_be_reset(
    hire: Hire, as_actor: Callable[..., Actor], now: datetime
) -> None:
    wang = hire("wang", "east-ops", "acceptor")
    security = as_actor(hire("sun", "west-ops", "security_admin"))
    with pytest.raises(NotFound):
        verbs.reset_sign_in(security, now=now, user=wang.id)


def test_spent_credentials_are_forgotten_in_time(hire: Hire, now: datetime) -> None:
    user = hire("li", "ops", "acceptor")
    token = verbs.issue_link(user, now)
    verbs.sign_in_by_link(token, now=now, browser=FROM)
    with pytest.raises(Unauthenticated):
        verbs.sign_in_by_link("guess", now=now, browser=FROM)
    assert verbs.forget_spent(now + timedelta(hours=23)) == 0
    assert verbs.forget_spent(now + timedelta(hours=25)) == 1
    assert verbs.forget_spent(now + sessions.KEEP_SPENT - timedelta(seconds=1)) == 0
    late = now + sessions.KEEP_SPENT + sessions.ABSOLUTE + timedelta(seconds=1)
    assert verbs.forget_spent(late, most=1) == 2
    assert (user.links.count(), user.sessions.count()) == (0, 0)
