"""Gauges to look at, in a transaction that is rolled back, and really committed."""

from collections.abc import Iterator

import pytest

from chengyun.rules.verbs import forget_engine


@pytest.fixture(autouse=True)
def fresh_engine() -> Iterator[None]:
    forget_engine()
    yield
    forget_engine()
