"""A case put in the wrong place, corrected by keys alone; its component named by one key."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.node import cy
from tests.e2e.screen import Screen
from tests.e2e.test_register import sound

pytestmark = pytest.mark.e2e
DOOR = (121.0052, 31.0252)


@pytest.fixture
def register(screen: Screen, tmp_path: Path) -> tuple[float, float]:
    """A door in the northern street, and a cover beside the place given back."""
    lon, lat = screen.node.spot()
    addresses = tmp_path / "a.csv"
    addresses.write_text(f"address,lon,lat\n改位路77号,{DOOR[0]},{DOOR[1]}\n", encoding="utf-8")
    covers = tmp_path / "c.csv"
    head = "code,scheme,class,name,state,lon,lat"
    line = f",GBT30428.2,0101,试验井盖,intact,{lon + 0.00003},{lat}"
    covers.write_text(f"{head}\n{line}\n", encoding="utf-8")
    for path, kind in ((addresses, "addresses"), (covers, "components")):
        cy("import", "places", str(path), "--kind", kind, "--source", "test", data=screen.node.data)
    return lon, lat


def reported(page: Page, lon: float, lat: float) -> str:
    """A manhole case at a place; its page."""
    body = {"kind": "GBT30428.2/component/0101", "text": "井盖缺失", "lon": lon, "lat": lat}
    found = page.evaluate(
        """async (body) => {
          const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
          const answer = await fetch("/api/v1/cases", {
            method: "POST",
            headers: { "Content-Type": "application/json", "X-CSRFToken": token },
            body: JSON.stringify(body),
          });
          return await answer.json();
        }""",
        body,
    )
    return f"/desk/{found['id']}"


def test_a_wrong_place_is_corrected_by_keys_alone(
    screen: Screen, register: tuple[float, float]
) -> None:
    page = screen.desk("acceptor")
    page.goto(screen.node.address + reported(page, *register))
    pane = page.locator(".case-pane")
    panel = pane.locator(".component-panel")
    expect(panel).to_contain_text("试验井盖")
    page.keyboard.press("c")
    expect(panel).to_contain_text("已认定")
    page.keyboard.press("c")
    expect(panel.get_by_text("已认定")).to_have_count(0)
    page.keyboard.press("g")
    form = page.get_by_role("dialog")
    expect(form.get_by_label("查找地址")).to_be_focused()
    page.keyboard.insert_text("改位路77号")
    expect(form.get_by_role("button", name=re.compile("改位路77号"))).to_be_visible()
    sound(page)
    page.keyboard.press("Enter")
    expect(form.get_by_label("为什么改")).to_be_focused()
    page.keyboard.insert_text("上报人说错了路")
    page.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    expect(page.locator(".undo-bar")).to_contain_text("改位置")
    page.keyboard.press("s")
    expect(pane.get_by_role("link", name="改位路77号")).to_be_visible()
    expect(pane.locator(".timeline")).to_contain_text("改位路77号”，原因：上报人说错了路")
    expect(panel).to_have_count(0)


def test_what_hangs_on_an_address_is_kept_by_form(
    screen: Screen, register: tuple[float, float]
) -> None:
    page = screen.desk("collector", scheme="dark")
    page.goto(screen.node.address + "/places/addresses?q=改位路77号")
    page.get_by_role("link", name="改位路77号").click()
    expect(page.get_by_role("heading", name="挂在此地址的案件")).to_be_visible()
    page.get_by_role("button", name="登记实体").click()
    form = page.get_by_role("dialog")
    form.get_by_label("统一社会信用代码").fill("91350100M000100Y44")
    form.get_by_role("button", name="登记实体").click()
    expect(form.get_by_text("最后一位是校验位")).to_be_visible()
    expect(form.get_by_text("此项必填")).to_be_visible()
    sound(page)
    form.get_by_label("名称").fill("试验公司")
    form.get_by_label("统一社会信用代码").fill("91350100M000100Y43")
    form.get_by_role("button", name="登记实体").click()
    expect(form).to_have_count(0)
    page.get_by_role("button", name="变更 试验公司").click()
    form.get_by_label("名称").fill("试验有限公司")
    form.get_by_role("button", name="变更").click()
    page.get_by_role("button", name="历史 试验有限公司").click()
    expect(form.get_by_role("listitem")).to_have_count(2)
    sound(page)
