"""The city in 3D in a browser: drawn, cut, picked, seen from below, and without WebGL2."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.screen import Screen
from tests.e2e.solids import bring_in

pytestmark = pytest.mark.e2e
NO_WEBGL2 = """
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind === "webgl2" ? null : given.call(this, kind, ...more);
};
"""
PATH = "/places/solid?e2e=1&c=121.005,31.005&z=16.5"


def sound(page: Page) -> None:
    """No WCAG 2.2 AA violation on the page as it stands."""
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    assert found.violations_count == 0, found.generate_report()


def drawn(page: Page) -> None:
    """The picture stands, with the twelve buildings and seven pipes in it."""
    expect(page.locator(".solid-page[data-solids='19']")).to_be_visible()
    page.locator("html[data-map-ready='1']").wait_for(state="attached")


def test_buildings_are_drawn_cut_and_picked_and_pipes_lie_below(screen: Screen) -> None:
    bring_in(screen.node)
    page = screen.home("leader", scheme="dark")
    page.goto(screen.node.address + PATH)
    drawn(page)
    heights = "() => window.__map.queryRenderedFeatures({layers: ['buildings']}).map(one => one.id)"
    assert len(set(page.evaluate(heights))) == 12
    sound(page)

    page.get_by_test_id("cut-by").select_option("level")
    page.get_by_role("slider").fill("5")
    expect(page.get_by_text("剖到第 5 层")).to_be_visible()
    page.get_by_text("视野内").click()
    page.get_by_role("button", name="试验楼12 · 111 米").click()
    card = page.get_by_test_id("solid-card")
    expect(card).to_contain_text("按层数，每层 3 米")
    card.get_by_label("楼层").select_option("3")
    page.wait_for_url("**cut=f5**pick=houses**floor=3**")

    page.get_by_test_id("under").click()
    expect(page.get_by_role("checkbox", name="燃气")).to_be_checked()
    page.get_by_role("button", name="试验燃气管 · 燃气 · 埋深 2.2 米").click()
    expect(card).to_contain_text("300 毫米")
    page.get_by_role("button", name="向左转").click()
    page.wait_for_url("**b=-58**mode=under**pick=pipes**")
    drawn(page)
    sound(page)
    # The address says all of it.
    page.reload()
    drawn(page)
    expect(card).to_contain_text("试验燃气管")


def test_without_webgl2_the_same_is_there_in_words(screen: Screen) -> None:
    bring_in(screen.node)
    context = screen.context(locale="en-US", phone=True)
    page = context.new_page()
    page.goto(screen.node.link("leader"))
    page.wait_for_url(screen.node.address + "/")
    page.add_init_script(NO_WEBGL2)
    page.goto(screen.node.address + PATH)
    expect(page.get_by_text("This browser cannot draw in 3D")).to_be_visible()
    page.get_by_role("button", name="试验楼12 · 111 m").click()
    expect(page.get_by_test_id("solid-card")).to_contain_text("from its levels, 3 m each")
    sound(page)
    wide = "() => document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)
