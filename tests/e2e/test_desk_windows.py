"""The desk beside its map, on a phone, and with links that are not one's own."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import Hands
from tests.e2e.node import Node
from tests.e2e.screen import Screen
from tests.e2e.test_desk import call, key, report

__all__ = ["key"]  # the fixture
pytestmark = pytest.mark.e2e
# Nothing else is reported here, so that a dot stands alone.
ALONE = (121.0123, 31.0311)


def beside(page: Page, node: Node) -> Page:
    """The desk's map in another window of the same browser."""
    opened = page.context.new_page()
    opened.goto(f"{node.address}/desk/map?e2e=1")
    expect(opened.locator(".map-page")).to_contain_text("与工作台同步")
    return opened


def drawn(page: Page, at: tuple[float, float]) -> None:
    """Go near, and wait until a dot is drawn in the middle."""
    page.wait_for_function("() => document.documentElement.dataset.mapReady === '1'")
    page.evaluate("(at) => window.__map.jumpTo({ center: at, zoom: 17 })", list(at))
    page.wait_for_function(
        """() => {
          const box = window.__map.getCanvas().getBoundingClientRect();
          const at = [box.width / 2, box.height / 2];
          return window.__map.queryRenderedFeatures(at, { layers: ["dots"] }).length > 0;
        }"""
    )


def test_one_selection_and_one_filter_in_two_windows(screen: Screen, node: Node, key: str) -> None:
    lon, lat = ALONE
    body = {"text": "地图上单独一件", "lon": lon, "lat": lat, "source": "hotline"}
    alone = call(node, key, "/cases", body)
    other = report(node, key, "桌面选中")
    me = Hands(screen.desk("acceptor"))
    wall = beside(me.page, node)
    bar = wall.locator(".map-page .bar")
    me.opens(other["no"])
    expect(bar).to_contain_text(other["no"])
    # The map opens on the post's area once its outlines are there, whatever was shown before.
    for _ in range(5):
        drawn(wall, ALONE)
        box = wall.locator(".map-page canvas").bounding_box()
        assert box is not None
        wall.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        wall.wait_for_timeout(1_500)
        if alone["no"] in bar.inner_text():
            break
    expect(me.pane).to_contain_text(alone["no"])
    expect(bar).to_contain_text(alone["no"])
    with wall.expect_request(
        lambda asked: "/cases/map" in asked.url and "state=pending_file" in asked.url
    ):
        me.press("]", "]")
    # Either may go: the map says that it is alone, and finds the next desk by itself.
    desk = me.page.context.new_page()
    me.page.close()
    expect(bar).to_contain_text("未发现打开的工作台")
    desk.goto(f"{node.address}/desk/{other['id']}")
    expect(bar).to_contain_text(other["no"])
    wall.close()
    desk.keyboard.press("j")
    expect(desk.locator(".case-pane")).to_be_visible()


@pytest.mark.parametrize("width", [390, 820])
def test_from_the_list_to_a_move_and_back_by_touch(
    screen: Screen, node: Node, key: str, width: int
) -> None:
    no = report(node, key, f"手机办理 {width}")["no"]
    size: dict[str, Any] = {"viewport": {"width": width, "height": 800}, "has_touch": True}
    page = screen.desk("acceptor", **size)
    page.goto(f"{node.address}/desk?queue=all&q={no}")
    page.locator(".queue-pane [role=option]", has_text=no[-6:]).tap()
    pane = page.locator(".case-pane")
    expect(pane).to_contain_text(no)
    expect(page.locator(".queue-pane")).to_be_hidden()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    button = pane.get_by_role("button", name="受理", exact=True)
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= (44 if width < 500 else 24)
    button.tap()
    page.get_by_role("dialog").get_by_role("button", name="确定").tap()
    page.get_by_role("button", name="立即提交").tap()
    expect(pane).to_contain_text("待立案")
    page.get_by_role("link", name="案件队列").or_(page.locator(".right .back")).first.tap()
    expect(page.locator(".queue-pane")).to_be_visible()
    expect(pane).to_be_hidden()
    assert page.evaluate(wide) <= 0


def test_links_used_twice_and_links_of_others_say_so_in_words(
    screen: Screen, node: Node, key: str
) -> None:
    link = node.link("acceptor")
    for failed in (False, True):
        page = screen.context().new_page()
        page.goto(link)
        if failed:
            expect(page.get_by_role("alert")).to_contain_text("链接")
            assert "token" not in page.url
        else:
            page.wait_for_url(node.address + "/")
    made = report(node, key, "别区看不到的案件")
    other = screen.desk("stranger")
    other.goto(f"{node.address}/desk/{made['id']}")
    said = other.locator(".right [role=alert]")
    expect(said).to_be_visible()
    expect(other.locator(".desk-page")).not_to_contain_text("别区看不到的案件")
    expect(other.locator(".queue-pane")).to_be_visible()
