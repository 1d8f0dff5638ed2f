"""Things to read, in a transaction that is rolled back."""

from collections.abc import Iterator

import pytest
from django.db import connection

from chengyun.sensing.reads.streams import forget_streams
from chengyun.sensing.verbs.storing import forget_days
from tests.sensing.senses import declare, gauges


@pytest.fixture
def things(db: None) -> Iterator[list[str]]:
    """Three gauges."""
    forget_streams()
    forget_days()
    declare()
    yield gauges(3)
    forget_streams()
    forget_days()


@pytest.fixture
def committed_things(transactional_db: None) -> Iterator[list[str]]:
    """Three gauges, really committed; the store is emptied afterwards."""
    forget_streams()
    forget_days()
    declare()
    yield gauges(3)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE sensing_observation, sensing_batch, sensing_newest")
    forget_streams()
    forget_days()
