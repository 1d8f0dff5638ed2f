"""Coming in: password, throttling, second factor; what is told and what is kept."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from chengyun.kernel.actor import SYSTEM, Actor
from chengyun.kernel.models import AuditEntry
from chengyun.kernel.problems import Forbidden, Invalid, TooMany, Unauthenticated
from chengyun.people import reads, verbs
from chengyun.people.decide import throttle, totp
from chengyun.people.models import SignInAttempt, User, UserSession
from chengyun.people.verbs import passwords
from tests.people.conftest import PASSWORD, Hire

HERE = "/api/v1"
FROM = verbs.Browser("203.0.113.7", "Mozilla/5.0 (X11; Linux) Firefox/140")
WithPassword = Callable[[User], User]


def _sign_in(now: datetime, username: str, password: str, code: str | None = None) -> Any:
    return verbs.sign_in(now=now, username=username, password=password, totp=code, browser=FROM)


def _refused(now: datetime, username: str, password: str, code: str | None = None) -> str:
    with pytest.raises(Unauthenticated) as caught:
        _sign_in(now, username, password, code)
    return caught.value.code


def _post(client: Client, route: str, **body: Any) -> Any:
    return client.post(HERE + route, body, content_type="application/json")


def test_nobody_has_a_password_until_they_set_one(hire: Hire, now: datetime) -> None:
    user = hire("li", "ops", "acceptor")
    assert not user.has_usable_password()
    for guess in ("", "!", user.password, "password", "admin", "chengyun"):
        assert _refused(now, "li", guess) == "bad_credentials"
        SignInAttempt.objects.all().delete()


def test_a_password_is_kept_as_argon2id(hire: Hire, with_password: WithPassword) -> None:
    user = with_password(hire("li", "ops", "acceptor"))
    assert user.password.startswith("argon2$argon2id$")
    assert Argon2PasswordHasher().verify(PASSWORD, user.password)


def test_name_and_password_open_a_session(
    hire: Hire, with_password: WithPassword, now: datetime
) -> None:
    user = with_password(hire("li", "ops", "acceptor"))
    entered = _sign_in(now, " LI ", PASSWORD)
    assert entered.user == user
    found = reads.signed_in(entered.token, now=now)
    assert found is not None
    assert found.actor.id == user.id
    assert found.actor.has("acceptor")
    assert not found.actor.second_factor
    row = UserSession.objects.get(pk=entered.session_id)
    assert (row.device, row.network) == ("Firefox · Linux", "203.0.113.0/24")


def test_over_http(hire: Hire, with_password: WithPassword) -> None:
    with_password(hire("li", "ops", "acceptor"))
    client = Client()
    answer = _post(client, "/session", username="li", password=PASSWORD)
    assert answer.status_code == 200
    me = answer.json()["user"]
    assert me["username"] == "li"
    assert me["posts"][0]["post"] == "acceptor"
    assert me["posts"][0]["org"]["name"] == {"zh": "ops", "en": "ops"}
    cookie = client.cookies[reads.SESSION_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get(f"{HERE}/session").json() == answer.json()


def test_behind_https_the_cookie_stays_there(
    hire: Hire, with_password: WithPassword, settings: Any
) -> None:
    with_password(hire("li", "ops", "acceptor"))
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    _post(client, "/session", username="li", password=PASSWORD)
    assert client.cookies[reads.SESSION_COOKIE]["secure"]


def test_signing_in_again_ends_the_session_before(hire: Hire, with_password: WithPassword) -> None:
    user = with_password(hire("li", "ops", "acceptor"))
    client = Client()
    _post(client, "/session", username="li", password=PASSWORD)
    before = client.cookies[reads.SESSION_COOKIE].value
    _post(client, "/session", username="li", password=PASSWORD)
    assert client.cookies[reads.SESSION_COOKIE].value != before
    stale = Client()
    stale.cookies[reads.SESSION_COOKIE] = before
    assert stale.get(f"{HERE}/sessions").status_code == 401
    assert user.sessions.filter(ended_at=None, method="password").count() == 1


def test_unknown_names_and_wrong_passwords_answer_alike(
    hire: Hire, with_password: WithPassword
) -> None:
    with_password(hire("li", "ops", "acceptor"))
    hire("no-password", "ops", "acceptor")
    off = with_password(hire("off", "ops", "acceptor"))
    User.objects.filter(pk=off.pk).update(is_active=False)
    said = {
        _post(Client(), "/session", username=name, password=password).content
        for name, password in [
            ("li", "wrong"),
            ("nobody", "wrong"),
            ("no-password", "wrong"),
            ("off", PASSWORD),
        ]
    }
    assert len(said) == 1


def test_unknown_names_cost_the_same_hashing(
    hire: Hire, with_password: WithPassword, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_password(hire("li", "ops", "acceptor"))
    hire("no-password", "ops", "acceptor")
    calls: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(passwords._hasher, name)

        def counted(*args: Any, _real: Any = real, _name: str = name) -> Any:
            calls.append(_name)
            return _real(*args)

        monkeypatch.setattr(passwords._hasher, name, counted)
    for name in ("li", "nobody", "no-password"):
        calls.clear()
        _refused(now, name, "wrong")
        assert len(calls) == 1, name


def test_unknown_names_take_as_long(hire: Hire, with_password: WithPassword) -> None:
    user = with_password(hire("li", "ops", "acceptor"))

    def spent(who: User | None) -> float:
        start = time.thread_time()
        passwords.proves(who, "wrong")
        return time.thread_time() - start

    pairs = [(spent(user), spent(None)) for _ in range(7)]
    known, unknown = (min(times) for times in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2


def test_failures_make_the_account_wait(
    hire: Hire, with_password: WithPassword, now: datetime
) -> None:
    with_password(hire("li", "ops", "acceptor"))
    for _ in range(throttle.ACCOUNT.free):
        assert _refused(now, "li", "wrong") == "bad_credentials"
    with pytest.raises(TooMany) as caught:
        _sign_in(now, "li", PASSWORD)
    assert caught.value.retry_after == 1
    entered = _sign_in(now + timedelta(seconds=1), "li", PASSWORD)
    assert entered.user.username == "li"
    # Its owner came in, so its count starts again.
    assert _refused(now + timedelta(seconds=2), "li", "wrong") == "bad_credentials"


def test_waits_double_and_unknown_names_wait_as_well(db: None, now: datetime) -> None:
    at, waits = now, []
    for _ in range(throttle.ACCOUNT.free + 4):
        try:
            _sign_in(at, "nobody", "wrong")
        except TooMany as problem:
            waits.append(problem.retry_after)
            at += timedelta(seconds=problem.retry_after)
            assert _refused(at, "nobody", "wrong") == "bad_credentials"
        except Unauthenticated:
            continue
    assert waits == [1, 2, 4, 8]


def test_one_address_waits_over_many_names(db: None, now: datetime) -> None:
    for number in range(throttle.ADDRESS.free):
        assert _refused(now, f"name-{number}", "wrong") == "bad_credentials"
    with pytest.raises(TooMany):
        _sign_in(now, "another", "wrong")
    other = verbs.Browser("198.51.100.1")
    with pytest.raises(Unauthenticated):
        verbs.sign_in(now=now, username="another", password="x", totp=None, browser=other)


def test_coming_in_does_not_clear_the_address(
    hire: Hire, with_password: WithPassword, now: datetime
) -> None:
    with_password(hire("li", "ops", "acceptor"))
    for number in range(throttle.ADDRESS.free - 1):
        _refused(now, f"name-{number}", "wrong")
    _sign_in(now, "li", PASSWORD)
    _refused(now, "one-more", "wrong")
    with pytest.raises(TooMany):
        _sign_in(now, "li", PASSWORD)


def test_failures_are_kept_over_http(hire: Hire) -> None:
    hire("li", "ops", "acceptor")
    statuses = [
        _post(Client(), "/session", username="li", password="wrong").status_code
        for _ in range(throttle.ACCOUNT.free + 1)
    ]
    assert statuses == [401] * throttle.ACCOUNT.free + [429]
    answer = _post(Client(), "/session", username="li", password="wrong")
    assert int(answer["Retry-After"]) >= 1


@pytest.fixture
def enrolled(
    hire: Hire, with_password: WithPassword, as_actor: Callable[..., Actor], now: datetime
) -> tuple[User, str, list[str]]:
    """A security administrator with a second factor, confirmed two minutes ago."""
    user = with_password(hire("sun", "ops", "security_admin"))
    before = now - timedelta(minutes=2)
    session = verbs.start_session(user, now=now, method="link", browser=FROM)
    secret, uri = verbs.begin_totp(as_actor(user), now=before)
    assert secret in uri
    code = totp.code_at(secret, totp.step_of(before))
    codes, _ = verbs.confirm_totp(as_actor(user), now=before, code=code, session=session.session_id)
    user.refresh_from_db()
    return user, secret, codes


def _code(secret: str, at: datetime) -> str:
    return totp.code_at(secret, totp.step_of(at))


def test_an_enrolled_user_needs_the_code(
    enrolled: tuple[User, str, list[str]], now: datetime
) -> None:
    _, secret, _ = enrolled
    assert _refused(now, "sun", PASSWORD) == "totp_required"
    assert _refused(now, "sun", PASSWORD, "000000") == "bad_totp"
    assert _refused(now, "sun", "wrong", _code(secret, now)) == "bad_credentials"
    entered = _sign_in(now, "sun", PASSWORD, _code(secret, now))
    assert entered.second_factor
    found = reads.signed_in(entered.token, now=now)
    assert found is not None
    assert found.actor.second_factor


def test_a_code_is_not_taken_twice(enrolled: tuple[User, str, list[str]], now: datetime) -> None:
    _, secret, _ = enrolled
    code = _code(secret, now)
    _sign_in(now, "sun", PASSWORD, code)
    assert _refused(now, "sun", PASSWORD, code) == "bad_totp"
    earlier = _code(secret, now - timedelta(seconds=30))
    assert _refused(now, "sun", PASSWORD, earlier) == "bad_totp"
    later = now + timedelta(seconds=30)
    assert _sign_in(later, "sun", PASSWORD, _code(secret, later)).second_factor


def test_asking_for_the_code_is_no_failure(
    enrolled: tuple[User, str, list[str]], now: datetime
) -> None:
    for _ in range(throttle.ACCOUNT.free * 2):
        assert _refused(now, "sun", PASSWORD) == "totp_required"


def test_guessing_codes_makes_wait(enrolled: tuple[User, str, list[str]], now: datetime) -> None:
    for _ in range(throttle.ACCOUNT.free):
        _refused(now, "sun", PASSWORD, "000000")
    with pytest.raises(TooMany):
        _sign_in(now, "sun", PASSWORD, "000000")


def test_a_recovery_code_is_taken_once(
    enrolled: tuple[User, str, list[str]], now: datetime
) -> None:
    _, _, codes = enrolled
    assert len(set(codes)) == 10
    assert _sign_in(now, "sun", PASSWORD, codes[0].upper()).second_factor
    assert _refused(now, "sun", PASSWORD, codes[0]) == "bad_totp"
    assert _sign_in(now, "sun", PASSWORD, codes[1]).second_factor


def test_recovery_codes_are_somebodys_own(
    enrolled: tuple[User, str, list[str]],
    hire: Hire,
    with_password: WithPassword,
    as_actor: Callable[..., Actor],
    now: datetime,
) -> None:
    other = with_password(hire("qian", "ops", "acceptor"))
    session = verbs.start_session(other, now=now, method="link", browser=FROM)
    secret, _ = verbs.begin_totp(as_actor(other), now=now)
    verbs.confirm_totp(
        as_actor(other), now=now, code=_code(secret, now), session=session.session_id
    )
    assert _refused(now, "qian", PASSWORD, enrolled[2][0]) == "bad_totp"


def test_a_link_session_shows_the_second_factor_later(
    enrolled: tuple[User, str, list[str]], enter: Callable[..., Client], now: datetime
) -> None:
    user, secret, _ = enrolled
    client = enter(user, second_factor=False)
    assert not client.get(f"{HERE}/session").json()["user"]["second_factor"]
    before = client.cookies[reads.SESSION_COOKIE].value
    assert _post(client, "/session/totp/verify", code="000000").status_code == 403
    code = totp.code_at(secret, totp.step_of(now))
    assert _post(client, "/session/totp/verify", code=code).status_code == 204
    assert client.get(f"{HERE}/session").json()["user"]["second_factor"]
    # The cookie of before is worth nothing any more.
    stale = Client()
    stale.cookies[reads.SESSION_COOKIE] = before
    assert stale.get(f"{HERE}/session").status_code == 401


def test_an_enrolled_factor_is_changed_only_by_showing_it(
    enrolled: tuple[User, str, list[str]], as_actor: Callable[..., Actor], now: datetime
) -> None:
    user, secret, _ = enrolled
    with pytest.raises(Forbidden) as caught:
        verbs.begin_totp(as_actor(user, second_factor=False), now=now)
    assert caught.value.code == "second_factor_required"
    user.refresh_from_db()
    assert user.totp_secret == secret


def test_the_factor_in_force_stays_until_another_is_confirmed(
    enrolled: tuple[User, str, list[str]], as_actor: Callable[..., Actor], now: datetime
) -> None:
    user, secret, _ = enrolled
    new, _ = verbs.begin_totp(as_actor(user), now=now)
    assert _refused(now, "sun", PASSWORD) == "totp_required"
    assert _refused(now, "sun", PASSWORD, _code(new, now)) == "bad_totp"
    session = _sign_in(now, "sun", PASSWORD, _code(secret, now))
    verbs.confirm_totp(as_actor(user), now=now, code=_code(new, now), session=session.session_id)
    later = now + timedelta(seconds=30)
    assert _refused(later, "sun", PASSWORD, _code(secret, later)) == "bad_totp"
    assert _sign_in(later, "sun", PASSWORD, _code(new, later)).second_factor


def test_a_lost_factor_is_taken_away_on_request(
    hire: Hire, as_actor: Callable[..., Actor], now: datetime
) -> None:
    user = hire("li", "ops", "acceptor")
    session = verbs.start_session(user, now=now, method="link", browser=FROM)
    secret, _ = verbs.begin_totp(as_actor(user), now=now)
    verbs.confirm_totp(as_actor(user), now=now, code=_code(secret, now), session=session.session_id)
    security = as_actor(hire("sun", "ops", "security_admin"))
    verbs.reset_sign_in(security, now=now, user=user.id)
    user.refresh_from_db()
    assert user.enrolled
    verbs.reset_sign_in(security, now=now, user=user.id, second_factor=True)
    user.refresh_from_db()
    assert not user.enrolled
    assert user.recovery_codes.count() == 0


def test_enrolling_over_http(hire: Hire, enter: Callable[..., Client], now: datetime) -> None:
    user = hire("sun", "ops", "security_admin")
    client = enter(user, second_factor=False)
    secret = _post(client, "/session/totp/begin").json()["secret"]
    user.refresh_from_db()
    assert not user.enrolled
    assert _post(client, "/session/totp/confirm", code="000000").status_code == 422
    answer = _post(client, "/session/totp/confirm", code=_code(secret, now))
    assert len(answer.json()["recovery_codes"]) == 10
    assert client.get(f"{HERE}/session").json()["user"]["second_factor"]


def test_changing_a_password_needs_the_present_one(
    hire: Hire, with_password: WithPassword, as_actor: Callable[..., Actor], now: datetime
) -> None:
    user = with_password(hire("li", "ops", "acceptor"))
    here = verbs.start_session(user, now=now, method="link", browser=FROM)
    there = verbs.start_session(user, now=now, method="link", browser=FROM)
    new = "eleven cranes above the harbour"

    def change(current: str | None) -> None:
        verbs.set_password(
            as_actor(user), now=now, password=new, current=current, session=here.session_id
        )

    for wrong in (None, "", "wrong"):
        with pytest.raises(Forbidden):
            change(wrong)
    change(PASSWORD)
    assert _sign_in(now, "li", new).user == user
    assert _refused(now, "li", PASSWORD) == "bad_credentials"
    assert reads.signed_in(here.token, now=now) is not None
    assert reads.signed_in(there.token, now=now) is None


def test_guessing_the_present_password_makes_wait(
    hire: Hire, with_password: WithPassword, as_actor: Callable[..., Actor], now: datetime
) -> None:
    user = with_password(hire("li", "ops", "acceptor"))
    here = verbs.start_session(user, now=now, method="link", browser=FROM)
    for _ in range(throttle.ACCOUNT.free):
        with pytest.raises(Forbidden):
            verbs.set_password(
                as_actor(user), now=now, password="x", current="wrong", session=here.session_id
            )
    with pytest.raises(TooMany):
        verbs.set_password(
            as_actor(user), now=now, password="x", current=PASSWORD, session=here.session_id
        )


@pytest.mark.parametrize(
    ("password", "code"),
    [("short", "too_short"), ("password12345", "common"), ("li-li-li-li-li", "pattern")],
)
def test_weak_passwords_are_refused(
    hire: Hire, enter: Callable[..., Client], password: str, code: str
) -> None:
    user = hire("li", "ops", "acceptor")
    answer = _post(enter(user), "/session/password", password=password)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_weak_password_is_named_not_repeated(
    hire: Hire, as_actor: Callable[..., Actor], now: datetime
) -> None:
    user = hire("li", "ops", "acceptor")
    session = verbs.start_session(user, now=now, method="link", browser=FROM)
    with pytest.raises(Invalid) as caught:
        verbs.set_password(
            as_actor(user),
            now=now,
            password="iloveyou1234",
            current=None,
            session=session.session_id,
        )
    assert "iloveyou" not in str(caught.value.as_dict())


def test_every_sign_in_is_in_the_audit(
    hire: Hire, with_password: WithPassword, now: datetime
) -> None:
    user = with_password(hire("li", "ops", "acceptor"))
    AuditEntry.objects.all().delete()
    _refused(now, "li", "wrong")
    _sign_in(now, "li", PASSWORD)
    kept = AuditEntry.objects.filter(verb="people.sign_in").values_list("outcome", "actor_id")
    assert set(kept) == {("bad_credentials", None), ("done", user.id)}


def test_keys_and_the_system_have_no_password(db: None, now: datetime) -> None:
    with pytest.raises(Forbidden):
        verbs.begin_totp(SYSTEM, now=now)
