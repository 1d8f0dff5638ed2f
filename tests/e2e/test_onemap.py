"""The map workbench in a real browser: by keyboard, as a list, by link, on paper, for anybody."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e
SPOT = "m=15/31.0075/121.0012"


def sound(page: Page) -> None:
    """No WCAG 2.2 AA violation on the page as it stands."""
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    assert found.violations_count == 0, found.generate_report()


def ready(page: Page) -> None:
    """The map has drawn what it has."""
    page.locator('html[data-map-ready="1"]').wait_for(state="attached")


def test_the_map_by_keyboard_list_and_link(screen: Screen) -> None:
    page = screen.desk("dispatcher")
    page.goto(f"{screen.node.address}/places/map?{SPOT}&l=communities,streets&list=1")
    ready(page)
    listed = page.get_by_role("table", name="画面中的内容")
    expect(listed.get_by_role("cell", name="居村").first).to_be_visible()
    page.get_by_role("checkbox", name="居村", exact=True).uncheck()
    expect(listed.get_by_role("cell", name="居村")).to_have_count(0)
    expect(listed.get_by_role("cell", name="街道（镇）", exact=True).first).to_be_visible()
    page.get_by_role("checkbox", name="在办案件").check()
    canvas = page.locator(".maplibregl-canvas")
    canvas.focus()
    canvas.press("Enter")
    here = page.get_by_role("region", name="这里有什么").last
    expect(here.get_by_role("heading", name="区域与网格")).to_be_visible()
    sound(page)
    expect(page).to_have_url(re.compile(r"l=cases[,%2C]+streets.*p=121\.00"))
    page.reload()
    expect(here.get_by_role("heading", name="区域与网格")).to_be_visible()
    expect(page.get_by_role("checkbox", name="在办案件")).to_be_checked()
    page.get_by_role("button", name="量距离").click()
    canvas.focus()
    canvas.press("Enter")
    canvas.press("ArrowRight")
    page.wait_for_timeout(800)
    canvas.press("Enter")
    expect(page.get_by_text(re.compile(r"长度 [1-9][\d,.]* "))).to_be_visible()
    canvas.press("Escape")
    page.get_by_role("combobox", name="对比").select_option("swipe")
    expect(page.locator(".maplibregl-canvas")).to_have_count(2)
    page.get_by_role("tab", name="图例").click()
    sound(page)
    page.get_by_role("link", name="打印").click()
    expect(page.get_by_role("heading", name="数据来源")).to_be_visible()
    ready(page)
    sound(page)


def test_everybody_sees_public_layers_alone(screen: Screen) -> None:
    page = screen.context(locale="en", scheme="dark", phone=True).new_page()
    page.goto(f"{screen.node.address}/places/map?m=10/31.005/121.005")
    ready(page)
    expect(page.get_by_role("checkbox", name="Districts")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Open cases")).to_have_count(0)
    page.get_by_role("checkbox", name="Districts").check()
    page.get_by_role("button", name="List").click()
    expect(page.get_by_role("cell", name="Districts").first).to_be_visible()
    sound(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
