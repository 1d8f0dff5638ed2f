"""The public's pages and the moderators': no accessibility fault, nothing wider than the screen."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e
LOOKS = [("zh-CN", "light"), ("zh-CN", "dark"), ("en", "light"), ("en", "dark")]


def check(page: Page, name: str) -> None:
    found = Axe().run(page).response["violations"]
    told = [
        (one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found
    ]
    assert told == [], f"{name}: {told}"
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name} is {wide} px too wide"


def open_map(page: Page) -> None:
    """A phone draws it when asked; a wide window by itself."""
    if page.viewport_size and page.viewport_size["width"] <= 720:
        page.get_by_role("button", name=re.compile("打开地图|Open the map")).click()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize(("locale", "scheme"), LOOKS)
def test_public_pages(screen: Screen, locale: str, scheme: str, phone: bool) -> None:
    page = screen.context(locale=locale, scheme=scheme, phone=phone).new_page()
    page.goto(screen.node.address + "/report")
    open_map(page)
    expect(page.locator(".maplibregl-canvas")).to_be_visible()
    expect(page.locator(".stopper-list")).to_be_visible()
    page.locator(".report-page .place button").first.click()
    expect(page.locator(".report-page .place [role=status]")).to_be_visible()
    check(page, "/report")
    page.locator(".report-page textarea").fill("x 13912345678")
    page.locator(".report-page button[type=submit]").click()
    code = page.get_by_test_id("track-code").inner_text()
    check(page, "sent")
    for path, sight in (
        (f"/track/{code}", ".found"),
        ("/track/NO", "form"),
        ("/map", ".map canvas"),
    ):
        page.goto(screen.node.address + path)
        if path == "/map":
            open_map(page)
        expect(page.locator(sight).first).to_be_visible()
        check(page, path)


@pytest.mark.parametrize(("locale", "scheme"), LOOKS)
def test_moderation(screen: Screen, locale: str, scheme: str) -> None:
    page = screen.desk("acceptor", locale=locale, scheme=scheme)
    page.goto(screen.node.address + "/moderation")
    expect(page.locator("[role=tabpanel]")).to_be_visible()
    page.get_by_role("tab").nth(1).click()
    expect(page.locator(".moderation-card").first).to_be_visible()
    check(page, "/moderation")
    page.locator(".moderation-card .acts button").first.click()
    expect(page.get_by_role("dialog").locator("input[type=radio]").first).to_be_visible()
    check(page, "reason")
