"""Which posts exclude each other, for any set of posts and times."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.kernel.actor import ADMIN_POSTS, POSTS
from chengyun.people.decide.posts import (
    COMMAND_POSTS,
    NAMES,
    ORGANISATION_KINDS,
    SUPERVISION_POSTS,
    Term,
    clash,
    clashes,
    fits,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
posts = st.sampled_from(sorted(POSTS))
instants = st.integers(0, 100).map(lambda days: START + timedelta(days=days))


@st.composite
def terms(draw: st.DrawFn) -> Term:
    start = draw(instants)
    days = draw(st.none() | st.integers(1, 60))
    return Term(draw(posts), start, None if days is None else start + timedelta(days=days))


def test_every_post_has_a_name_and_a_side() -> None:
    assert set(NAMES) == POSTS
    assert SUPERVISION_POSTS | COMMAND_POSTS | ADMIN_POSTS | {"leader"} == POSTS


@given(posts, posts)
def test_clashing_is_mutual_and_never_with_itself(one: str, other: str) -> None:
    assert (clash(one, other) is None) == (clash(other, one) is None)
    assert clash(one, one) is None


@given(posts, posts)
def test_a_clash_says_why_in_both_languages(one: str, other: str) -> None:
    found = clash(one, other)
    if found is not None:
        assert found.reason["zh"].endswith("。")
        assert NAMES[one]["en"] in found.reason["en"]
        assert NAMES[other]["en"] in found.reason["en"]


@given(st.lists(terms(), max_size=8))
def test_whoever_is_appointed_step_by_step_never_holds_both_sides(wanted: list[Term]) -> None:
    held: list[Term] = []
    for term in wanted:
        if not clashes(term, held):
            held.append(term)
    for one, other in combinations(held, 2):
        if not one.overlaps(other) or one.post == other.post:
            continue
        together = {one.post, other.post}
        assert not together & ADMIN_POSTS
        assert not (together & SUPERVISION_POSTS and together & COMMAND_POSTS)


@given(terms(), terms())
def test_posts_held_one_after_the_other_never_clash(one: Term, other: Term) -> None:
    if not one.overlaps(other):
        assert clashes(one, [other]) == []


@given(terms(), terms(), instants)
def test_overlapping_means_a_common_instant(one: Term, other: Term, at: datetime) -> None:
    def holds(term: Term) -> bool:
        return term.start <= at and (term.end is None or at < term.end)

    if holds(one) and holds(other):
        assert one.overlaps(other)
        assert other.overlaps(one)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("system_admin", "security_admin", "administrators_exclusive"),
        ("audit_admin", "security_admin", "administrators_exclusive"),
        ("audit_admin", "leader", "administrator_handles_no_cases"),
        ("system_admin", "handler", "administrator_handles_no_cases"),
        ("collector", "handler", "supervision_and_command_separate"),
        ("shift_leader", "dispatcher", "supervision_and_command_separate"),
        ("evaluator", "department", "supervision_and_command_separate"),
        ("acceptor", "dispatcher", "supervision_and_command_separate"),
    ],
)
def test_forbidden_pairs(one: str, other: str, code: str) -> None:
    found = clash(one, other)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("acceptor", "shift_leader"),
        ("collector", "evaluator"),
        ("department", "handler"),
        ("dispatcher", "department"),
        ("leader", "shift_leader"),
        ("leader", "dispatcher"),
    ],
)
def test_allowed_pairs(one: str, other: str) -> None:
    assert clash(one, other) is None


@pytest.mark.parametrize("kind", ORGANISATION_KINDS)
@pytest.mark.parametrize("post", sorted(ADMIN_POSTS | {"leader"}))
def test_any_organisation_may_have_a_leader_and_administrators(kind: str, post: str) -> None:
    assert fits(post, kind)


@pytest.mark.parametrize(
    ("post", "kind", "fitting"),
    [
        ("dispatcher", "supervision_center", False),
        ("acceptor", "command_center", False),
        ("shift_leader", "department", False),
        ("collector", "company", False),
        ("handler", "department", True),
        ("dispatcher", "ops_center", True),
        ("collector", "committee", True),
    ],
)
def test_centres_of_one_side_give_no_post_of_the_other(post: str, kind: str, fitting: bool) -> None:
    assert fits(post, kind) is fitting
