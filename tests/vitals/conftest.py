"""The small city of the case loop, its desk, and its evaluation kept up to date on demand."""

from collections.abc import Callable

import pytest

from chengyun.cases.models import Case
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import bind
from chengyun.vitals.verbs import keep_cases
from tests.cases.conftest import city, clock, desk, world
from tests.cases.desk import NOBODY, Desk

__all__ = ["city", "clock", "desk", "world"]


@pytest.fixture
def follow(desk: Desk) -> Callable[[], None]:
    """Fold every case, as the follower does: tests' own events never commit, so it sees none."""

    def run() -> None:
        bind(SYSTEM.scope())
        keep_cases(Case.objects.values_list("id", flat=True))
        bind(NOBODY)

    return run
