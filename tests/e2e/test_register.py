"""The address register in a real browser: proposed by one, approved and published by another."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e


def sound(page: Page) -> None:
    """No WCAG 2.2 AA violation on the page as it stands."""
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    assert found.violations_count == 0, found.generate_report()


def test_an_address_from_proposed_to_published_and_its_street_renamed(screen: Screen) -> None:
    lon, lat = screen.node.spot()
    page = screen.desk("collector")
    page.goto(screen.node.address + "/places/addresses")
    expect(page.get_by_role("heading", name="标准地址")).to_be_visible()
    sound(page)
    page.get_by_role("button", name="提出新地址").click()
    form = page.get_by_role("dialog")
    form.get_by_label("道路", exact=True).fill("试验甲路")
    form.get_by_label("号", exact=True).fill("7")
    form.get_by_label("经度").fill(str(lon))
    form.get_by_label("纬度").fill(str(lat))
    sound(page)
    form.get_by_role("button", name="提出新地址").click()
    expect(page.get_by_role("heading", name="试验甲路7号")).to_be_visible()
    address = page.url

    page = screen.desk("leader", scheme="dark")
    page.goto(address)
    for name, then in (("审核通过", "已审核"), ("发布", "已发布")):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("h1").get_by_text(then)).to_be_visible()
    sound(page)
    page.goto(screen.node.address + "/places/addresses")
    page.get_by_role("button", name="改名、拆分、合并").click()
    form = page.get_by_role("dialog")
    form.get_by_role("group", name="现在的").get_by_label("道路").fill("试验甲路")
    form.get_by_role("group", name="改为").get_by_label("道路").fill("试验乙路")
    form.get_by_label("变更单名称").fill("试验甲路更名")
    form.get_by_role("button", name="写成变更单").click()
    expect(page.locator("ins", has_text="试验乙路").first).to_be_visible()
    page.get_by_role("button", name="提交审核").click()
    expect(page.get_by_text("起草的人不能自己批准")).to_be_visible()
    expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    sound(page)
