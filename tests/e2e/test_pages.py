"""Every page for everybody: no accessibility fault in either language, light or dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.line import Line
from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e
LOOKS = [("zh-CN", "light"), ("zh-CN", "dark"), ("en", "light"), ("en", "dark")]


def check(page: Page, name: str) -> None:
    """No violation of WCAG 2.2 A and AA, nor of axe's own good practice."""
    found = Axe().run(page).response["violations"]
    told = [
        (
            one["id"],
            [node["target"] for node in one["nodes"]][:3],
            one["nodes"][0]["failureSummary"],
        )
        for one in found
    ]
    assert told == [], f"{name}: {told}"


@pytest.mark.parametrize(("locale", "scheme"), LOOKS)
def test_public_pages_are_free_of_accessibility_faults(screen: Screen, locale: str, scheme: str):
    page = screen.context(locale=locale, scheme=scheme).new_page()
    for path, sight in (
        ("/", ".home"),
        ("/signin", "form"),
        ("/report", ".maplibregl-canvas"),
        ("/track", "form"),
        ("/design", ".figures"),
    ):
        page.goto(screen.node.address + path)
        expect(page.locator(sight).first).to_be_visible()
        assert "Chengyun" in page.title()
        check(page, path)


@pytest.mark.parametrize(("locale", "scheme"), LOOKS)
def test_staff_pages_are_free_of_accessibility_faults(screen: Screen, locale: str, scheme: str):
    lon, lat = screen.node.spot()
    said = {"text": "无障碍检查", "source": "hotline", "lon": lon, "lat": lat}
    Line(screen.node).call("POST", "/cases", said, "acceptor")
    page = screen.desk("acceptor", locale=locale, scheme=scheme)
    page.goto(screen.node.address + "/desk?queue=all")
    page.locator(".queue-pane [role=option]").first.click()
    expect(page.locator(".case-pane .timeline")).to_be_visible()
    check(page, "desk")
    page.keyboard.press("n")
    expect(page.get_by_role("dialog").locator("form")).to_be_visible()
    check(page, "new report")
    page.goto(screen.node.address + "/account")
    expect(page.locator(".session-list li").first).to_be_visible()
    check(page, "account")


def test_a_report_needs_no_mouse(screen: Screen):
    page = screen.context(locale="en").new_page()
    page.goto(screen.node.address + "/report")
    page.get_by_label("What is wrong?").focus()
    page.keyboard.type("A lamp is out")
    page.get_by_label("Address or landmark").focus()
    page.keyboard.type("1 Test Road")
    page.get_by_role("button", name="Send report").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("track-code")).to_be_visible()
