"""Where a simulation played, every screen and every page on paper says so."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.line import Line
from tests.e2e.looks import QUICK, Gallery
from tests.e2e.node import Node, cy, start
from tests.e2e.screen import Screen
from tests.e2e.views import KIND, SPOT, VIEWS

pytestmark = pytest.mark.e2e
CASE = {
    "kind": KIND,
    "text": "模拟的案件",
    "source": "hotline",
    "lon": SPOT[0] - 0.003,
    "lat": SPOT[1],
    "simulated": True,
}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node with one simulated case, though nothing is playing now."""
    data = tmp_path_factory.mktemp("simulated") / "data"
    try:
        made = start(data)
        Line(made).call("POST", "/cases", CASE, "acceptor")
        yield made
    finally:
        cy("down", data=data)


def test_every_screen_says_that_a_simulation_played(screen: Screen, node: Node) -> None:
    gallery = Gallery(screen, node)
    views = {one.path: one for one in VIEWS}.values()
    for who in dict.fromkeys(one.who for one in views):
        page = gallery.enter(who, QUICK[0])
        for view in (one for one in views if one.who == who):
            gallery.go(page, view)
            expect(page.get_by_test_id("simulated"), view.name).to_be_visible()
        page.context.close()
