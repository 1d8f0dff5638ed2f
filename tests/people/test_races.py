"""Two at the same time: a link, a code, an appointment go to one of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.problems import Conflict, Problem, TooMany
from chengyun.people import verbs
from chengyun.people.decide import throttle
from chengyun.people.models import Appointment, SignInAttempt, SignInLink, UserSession
from tests.people.conftest import City, Hire

pytestmark = pytest.mark.django_db(transaction=True)
FROM = verbs.Browser("203.0.113.7")


@pytest.fixture
def db(transactional_db: None) -> None:
    """The city of these tests is committed, so that other connections see it."""


def _together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run the same act on several connections at once; results and problems."""
    gate = Barrier(count)

    def run(number: int) -> Any:
        try:
            gate.wait(timeout=10)
            return act(number)
        except Problem as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_one_link_opens_one_session(hire: Hire, now: datetime) -> None:
    token = verbs.issue_link(hire("li", "ops", "acceptor"), now)
    found = _together(4, lambda _: verbs.sign_in_by_link(token, now=now, browser=FROM))
    assert sum(isinstance(one, verbs.Entered) for one in found) == 1
    assert UserSession.objects.count() == 1
    assert SignInLink.objects.get().used_at == now


def test_posts_that_exclude_each_other_are_not_both_given(
    hire: Hire, city: City, now: datetime
) -> None:
    user, unit = hire("li", "ops"), city["ops"].id
    pair = ("collector", "handler")

    def give(number: int) -> Any:
        return verbs.appoint(SYSTEM, now=now, user=user.id, post=pair[number], organisation=unit)

    found = _together(2, give)
    assert sum(isinstance(one, Conflict) for one in found) == 1
    assert Appointment.objects.filter(user=user).count() == 1


def test_tries_made_at_once_are_not_all_free(hire: Hire, now: datetime) -> None:
    hire("li", "ops", "acceptor")
    free = throttle.ACCOUNT.free

    def guess(number: int) -> Any:
        return verbs.sign_in(
            now=now, username="li", password=f"guess {number}", totp=None, browser=FROM
        )

    found = _together(free + 3, guess)
    assert sum(isinstance(one, TooMany) for one in found) == 3
    assert set(SignInAttempt.objects.values_list("failures", flat=True)) == {free}
