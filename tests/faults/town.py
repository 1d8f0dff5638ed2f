"""Inside a node's own process: the small city of the tests, and a key for each post."""

from datetime import UTC, datetime

from chengyun.people.verbs import issue_key
from tests.app import world

POSTS = ("acceptor", "dispatcher", "department")


def run() -> dict[str, str]:
    """Build the city; keys by post."""
    # The node's clock is the real one; people must be in office by it.
    world.NOW = datetime.now(UTC)
    city = world.build()
    keys = {}
    for who, post, code in world.PEOPLE:
        if who in POSTS:
            unit = city.units[code]
            area = None if post == "department" else unit.area_no
            keys[who] = issue_key(post, unit.id, area, now=world.NOW)
    return keys
