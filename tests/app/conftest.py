import pytest

from tests.app.world import World, build


@pytest.fixture
def world(db: None) -> World:
    """A small city in which cases can be handled from end to end."""
    return build()
