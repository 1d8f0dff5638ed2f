"""Passwords, throttling, one-time codes, user names, devices, trees, tokens."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.kernel import areas
from chengyun.people.decide import devices, throttle, totp, usernames
from chengyun.people.decide.organisations import (
    DEPTH_MAX,
    Place,
    is_area,
    lies_inside,
    placement_faults,
)
from chengyun.people.decide.passwords import LENGTH_MAX, password_faults
from chengyun.people.decide.tokens import Secret, token_hash

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
COMMON = frozenset({"password", "iloveyou", "letmein", "administrator"})


def _code(password: str) -> str | None:
    about = ("li.wei", "李伟", "Chengyun")
    found = password_faults(password, about=about, is_common=COMMON.__contains__)
    return found[0].code if found else None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too_short"),
        ("x" * (LENGTH_MAX + 1), "too_long"),
        ("Password1234", "common"),
        ("p4$$w0rd!!!!", "common"),
        ("Administrator!", "common"),
        ("aaaaaaaaaaaa", "pattern"),
        ("abcabcabcabcabc", "pattern"),
        ("abcdefghijklmn", "pattern"),
        ("qwertyuiop12", "pattern"),
        ("123456789012345", "pattern"),
        ("chengyun2026", "personal"),
        ("li.wei-li-26", "personal"),
        ("seven lanterns over the canal", None),
        ("春风又绿江南岸，明月何时照我还", None),
        ("Gx7!pQ2#vL9z", None),
    ],
)
def test_passwords(password: str, code: str | None) -> None:
    assert _code(password) == code


@given(st.text(max_size=200))
def test_any_text_gets_an_answer_about_the_password(password: str) -> None:
    faults = password_faults(password, about=("somebody",), is_common=COMMON.__contains__)
    assert all(fault.field == "password" for fault in faults)


def test_secrets_do_not_show() -> None:
    secret = Secret("hunter2 hunter2")
    assert "hunter" not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == "hunter2 hunter2"
    assert not hasattr(secret, "__dict__")


def test_the_free_tries_cost_no_time_and_then_waits_double() -> None:
    rule = throttle.ACCOUNT
    assert throttle.wait(rule, rule.free - 1, NOW, NOW) == timedelta()
    waits = [throttle.wait(rule, rule.free + n, NOW, NOW).total_seconds() for n in range(20)]
    assert waits[:4] == [1, 2, 4, 8]
    assert waits == sorted(waits)
    assert waits[-1] == rule.longest.total_seconds()


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
)
def test_a_wait_is_bounded_and_shrinks_with_time(failures: int, gone: timedelta) -> None:
    rule = throttle.ACCOUNT
    first = throttle.wait(rule, failures, NOW, NOW)
    later = throttle.wait(rule, failures, NOW, NOW + gone)
    assert timedelta() <= later <= first <= rule.longest
    if gone >= rule.longest:
        assert later == timedelta()


def test_failures_are_forgotten_after_a_day() -> None:
    rule = throttle.ACCOUNT
    assert throttle.counted(rule, 50, NOW - rule.forget, NOW) == 0
    assert throttle.counted(rule, 50, NOW - rule.forget + timedelta(seconds=1), NOW) == 50
    assert throttle.counted(rule, 50, None, NOW) == 0


# RFC 6238, appendix B, SHA-1: the last six of the eight digits given there.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # base32 of "12345678901234567890"
    at = datetime.fromtimestamp(seconds, tz=UTC)
    assert totp.matched_step(secret, code, at, None) == seconds // totp.STEP_S


@given(st.integers(-5, 5))
def test_a_code_is_taken_one_step_around_now(steps: int) -> None:
    secret = pyotp.random_base32()
    step = totp.step_of(NOW)
    found = totp.matched_step(secret, totp.code_at(secret, step + steps), NOW, None)
    if abs(steps) <= 1:
        assert found == step + steps


def test_a_code_is_taken_once_and_none_before_it() -> None:
    secret = pyotp.random_base32()
    step = totp.step_of(NOW)
    code = totp.code_at(secret, step)
    assert totp.matched_step(secret, code, NOW, None) == step
    assert totp.matched_step(secret, code, NOW, step) is None
    assert totp.matched_step(secret, totp.code_at(secret, step - 1), NOW, step) is None
    assert totp.matched_step(secret, totp.code_at(secret, step + 1), NOW, step) == step + 1


@pytest.mark.parametrize("code", ["", "abcdef", "12345", "１２３４５６", "1234567", "\ud800"])
def test_what_is_no_code_is_refused(code: str) -> None:
    secret = pyotp.random_base32()
    assert totp.matched_step(secret, code.encode("utf-8", "ignore").decode(), NOW, None) is None


@pytest.mark.parametrize(
    ("typed", "stored"), [(" Li.Wei ", "li.wei"), ("ＡＢＣ", "abc"), ("李伟", "李伟")]
)
def test_one_spelling_for_one_person(typed: str, stored: str) -> None:
    assert usernames.fold(typed) == stored
    assert usernames.well_formed(stored)


@pytest.mark.parametrize("name", ["", "a", ".li", "li wei", "li\nwei", "x" * 65, "li<wei"])
def test_names_that_are_not_taken(name: str) -> None:
    assert not usernames.well_formed(usernames.fold(name) or "")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("", ""),
        ("not an address", ""),
    ],
)
def test_addresses_are_truncated(address: str, kept: str) -> None:
    assert devices.network(address) == kept


def test_devices_are_named_shortly() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140 Safari/537 Edg/140"
    assert devices.device(edge) == "Edge · Windows"
    assert devices.device("curl/8") == ""
    assert len(devices.device(edge * 100)) < 64


@given(st.integers(-(2**63), 2**63 - 1))
def test_any_number_is_an_area_or_not(number: int) -> None:
    if is_area(number):
        assert areas.pack(*areas.unpack(number)) == number


def test_areas_with_gaps_or_outside_are_refused() -> None:
    city, district = areas.pack(1), areas.pack(1, 2)
    assert lies_inside(city, district)
    assert not lies_inside(district, city)
    assert not lies_inside(city, city | 1)
    assert not lies_inside(city, 0)


def test_an_organisation_hangs_only_where_its_area_lies() -> None:
    one, other = uuid4(), uuid4()
    city, east, west = areas.pack(1), areas.pack(1, 1), areas.pack(1, 2)
    above = Place(other, east, (other,))
    assert placement_faults(one, areas.pack(1, 1, 1), above) == []
    assert [f.code for f in placement_faults(one, west, above)] == ["outside_parent"]
    assert [f.code for f in placement_faults(one, areas.pack(2), above)] == ["other_city"]
    assert [f.code for f in placement_faults(other, east, above)] == ["cycle"]
    deep = Place(other, city, tuple(uuid4() for _ in range(DEPTH_MAX)))
    assert [f.code for f in placement_faults(one, city, deep)] == ["too_deep"]
    grid = areas.pack(1, 1, 1, 1, 1)
    assert [f.code for f in placement_faults(one, grid, None)] == ["bad_area"]


def test_tokens_are_hashed_whatever_they_hold() -> None:
    assert len(token_hash("\ud800")) == 32
    assert token_hash("a") != token_hash("b")
