"""Old sessions, links and failures go; what may still count stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chengyun.kernel import housekeeping
from chengyun.people.models import SignInAttempt, SignInLink, User, UserSession

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_ran_out_a_week_ago_goes(hire: Callable[..., User], now: datetime) -> None:
    user = hire("li", "ops")
    day = timedelta(days=1)

    def session(token: bytes, **times: Any) -> None:
        UserSession.objects.create(
            user=user,
            token_hash=token,
            method="link",
            device="d",
            network="n",
            created_at=now - day * 30,
            last_seen_at=now - day * 8,
            **times,
        )

    session(b"over", expires_at=now - day * 8)
    session(b"ended", expires_at=now + day, ended_at=now - day * 8)
    session(b"lately", expires_at=now - day)
    session(b"live", expires_at=now + day)
    for age in (8, 1):
        SignInLink.objects.create(
            user=user,
            token_hash=b"%d" % age,
            created_at=now - day * 30,
            expires_at=now - day * age,
        )
        SignInAttempt.objects.create(subject=b"%d" % age, last_at=now - day * age)
    removed = housekeeping.run(now)
    assert (removed["people.sessions"], removed["people.links"], removed["people.attempts"]) == (
        2,
        1,
        1,
    )
    left = UserSession.objects.values_list("token_hash", flat=True)
    assert {bytes(token) for token in left} == {b"lately", b"live"}
