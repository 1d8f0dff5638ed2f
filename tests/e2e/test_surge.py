"""A flood of reports while somebody works, on a node of its own: other tests count their cases."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.hands import Hands
from tests.e2e.node import Node, cy, start
from tests.e2e.screen import Screen
from tests.e2e.test_desk import call, report

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node that is flooded."""
    data = tmp_path_factory.mktemp("surge") / "data"
    try:
        yield start(data)
    finally:
        cy("down", data=data)


def test_five_hundred_reports_leave_the_selection_alone(screen: Screen, node: Node) -> None:
    key = cy("token", "--post", "acceptor", "--area", "310101", data=node.data).strip()
    mine = report(node, key, "我正在看的案件")
    me = Hands(screen.desk("acceptor")).opens(mine["no"])
    began = time.monotonic()
    for part in range(5):
        items = [
            {"text": f"暴雨积水 {part}-{n}", "lon": 121.015, "lat": 31.012, "source": "hotline"}
            for n in range(100)
        ]
        call(node, key, "/cases/batch", {"items": items})
    flooded = time.monotonic() - began
    me.page.wait_for_timeout(4_000)  # the desk catches up
    expect(me.pane).to_contain_text(mine["no"])
    assert mine["id"] in me.page.url
    late = me.page.evaluate(
        """() => new Promise((done) => {
          const began = performance.now();
          requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
        })"""
    )
    assert late < 1_500, f"two frames took {late} ms after a flood of {flooded} s"
    me.press("z")
    expect(me.page.locator(".toast-list")).to_contain_text("没有待提交的操作")
