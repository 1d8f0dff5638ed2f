"""Ids, clocks, texts, actors: the kernel's small values."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.kernel import areas
from chengyun.kernel.actor import PUBLIC, SYSTEM, Actor, Grant, Scope
from chengyun.kernel.clock import FixedClock, system_clock
from chengyun.kernel.ids import CODE_LENGTH, new_code, new_id
from chengyun.kernel.text import as_text, text

CITY = areas.pack(1)
DISTRICT = areas.pack(1, 2)
STREET = areas.pack(1, 2, 3)
ELSEWHERE = areas.pack(1, 9)
ORG, OTHER = UUID(int=1), UUID(int=2)


def test_ids_are_version_7_and_sorted_by_time() -> None:
    ids = [new_id() for _ in range(500)]
    assert {i.version for i in ids} == {7}
    assert ids == sorted(ids)
    assert len(set(ids)) == 500


def test_codes_can_be_read_out_over_the_telephone() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {CODE_LENGTH}
    assert not set("".join(codes)) & set("01OIL")


def test_clocks() -> None:
    fixed = datetime(2026, 2, 28, tzinfo=UTC)
    assert FixedClock(fixed).now() == fixed
    assert system_clock.now().utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ({"zh": "井盖", "en": "manhole cover"}, text("井盖", "manhole cover")),
        ({"zh": "井盖"}, text("井盖", "井盖")),
        ({"en": "cover"}, text("cover", "cover")),
        ("both", text("both", "both")),
        ({}, text("", "")),
    ],
)
def test_a_text_has_both_languages(given_text: dict[str, str] | str, expected: object) -> None:
    assert as_text(given_text) == expected


def test_area_posts_see_their_area_and_unit_posts_their_unit() -> None:
    dispatcher = Actor("user", ORG, "d", (Grant("dispatcher", OTHER, DISTRICT),))
    assert dispatcher.scope().sees(STREET)
    assert not dispatcher.scope().sees(ELSEWHERE)
    assert not dispatcher.scope().sees(ELSEWHERE, (OTHER,))
    handler = Actor("user", ORG, "h", (Grant("handler", OTHER, DISTRICT),))
    assert handler.scope().sees(ELSEWHERE, (OTHER,))
    assert not handler.scope().sees(STREET)
    assert not handler.scope().sees(STREET, (ORG,))


@pytest.mark.parametrize("post", ["system_admin", "security_admin", "audit_admin"])
def test_administrators_see_no_case(post: str) -> None:
    scope = Actor("user", ORG, "a", (Grant(post, OTHER, CITY),)).scope()
    assert not scope.sees(STREET, (OTHER,))
    assert scope == Scope()


def test_nested_areas_are_told_once() -> None:
    grants = tuple(Grant("leader", ORG, area) for area in (STREET, CITY, DISTRICT, CITY))
    assert Actor("user", ORG, "l", grants).scope().areas == (areas.span(CITY),)


def test_the_system_sees_all_and_the_public_what_is_public() -> None:
    assert SYSTEM.scope().sees(None)
    assert not PUBLIC.scope().sees(STREET)
    assert PUBLIC.scope().public


def test_two_actors_of_equal_rights_share_a_scope(somebody: Callable[..., Actor]) -> None:
    one, other = (somebody(("acceptor", DISTRICT), name=n) for n in "ab")
    assert one.scope() == other.scope()
    assert hash(one.scope()) == hash(other.scope())


@given(st.lists(st.sampled_from([CITY, DISTRICT, STREET, ELSEWHERE]), max_size=4))
def test_dropping_nested_areas_loses_nothing(held: list[int]) -> None:
    scope = Actor("user", ORG, "x", tuple(Grant("leader", ORG, a) for a in held)).scope()
    for area in (CITY, DISTRICT, STREET, ELSEWHERE):
        assert scope.sees(area) is any(areas.contains(h, area) for h in held)
