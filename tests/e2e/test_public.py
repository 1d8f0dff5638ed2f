"""The public door: few actions, bad files by name, the map on request, what is sealed."""

import re
import uuid

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screen import Screen
from tests.e2e.test_resident_story import picture

pytestmark = pytest.mark.e2e
# Under a minute for a slow thumb: three taps and some words.
ACTIONS = 3


def phone_page(screen: Screen, locale: str = "zh-CN") -> Page:
    page = screen.context(phone=True, locale=locale).new_page()
    page.goto(screen.node.address + "/report")
    expect(page.locator(".stopper-list")).to_be_visible()
    return page


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_resident_reports_with_three_actions(screen: Screen, locale: str) -> None:
    page = phone_page(screen, locale)
    page.evaluate(
        "() => { window.acts = 0; for (const one of ['click', 'change'])"
        " addEventListener(one, (e) => { if (e.isTrusted && !(e.type === 'click' &&"
        " e.target.closest('textarea'))) window.acts++; }, true) }"
    )
    page.locator(".report-page .place button").first.click()
    page.locator(".report-page textarea").fill("x" + uuid.uuid4().hex[:6])
    page.locator(".report-page button[type=submit]").click()
    expect(page.get_by_test_id("track-code")).to_be_visible()
    expect(page.locator(".report-done .promise")).not_to_be_empty()
    assert page.evaluate("window.acts") <= ACTIONS


def test_the_map_comes_when_it_is_asked_for(screen: Screen) -> None:
    page = screen.context(phone=True).new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(screen.node.address + "/report")
    page.wait_for_load_state("networkidle")
    assert not [one for one in asked if "maplibre" in one]
    page.get_by_role("button", name="打开地图").click()
    expect(page.locator(".maplibregl-canvas")).to_be_visible()


def test_bad_files_are_named_and_the_good_one_stays(screen: Screen) -> None:
    page = phone_page(screen)
    words = "坏照片" + uuid.uuid4().hex[:6]
    page.get_by_label("发生了什么？").fill(words)
    evil = {"name": "evil.svg.jpg", "mimeType": "image/jpeg", "buffer": b"<svg onload='x'/>"}
    nothing = {"name": "nothing.jpg", "mimeType": "image/jpeg", "buffer": b""}
    page.get_by_test_id("photo").set_input_files([evil, picture(), nothing])  # type: ignore[list-item]
    fault = page.locator(".photo-field [role=alert]")
    expect(fault).to_contain_text("evil.svg.jpg: 不是完整的")
    expect(fault).to_contain_text("nothing.jpg: 文件是空的")
    expect(page.locator(".photo-field img")).to_have_count(1)
    expect(page.get_by_label("发生了什么？")).to_have_value(words)
    many = [picture() for _ in range(50)]
    page.get_by_test_id("photo").set_input_files(many)  # type: ignore[arg-type]
    expect(fault).to_contain_text("最多 8 张；另外 43 张没有添加")
    expect(page.locator(".photo-field img")).to_have_count(8)


def test_a_leader_opens_the_original_and_removes_the_address(screen: Screen) -> None:
    phone = phone_page(screen)
    words = f"封存{uuid.uuid4().hex[:6]} 电话13912345678"
    phone.get_by_test_id("photo").set_input_files(picture())  # type: ignore[arg-type]
    phone.get_by_label("发生了什么？").fill(words)
    phone.get_by_label("地址", exact=False).last.fill("钥匙弄七号")
    phone.locator(".report-page .place button").first.click()
    expect(phone.get_by_text("已选位置")).to_be_visible()
    phone.locator(".report-page button[type=submit]").click()
    expect(phone.get_by_test_id("track-code")).to_be_visible()
    desk = screen.desk("shift_leader")
    desk.goto(screen.node.address + "/moderation")
    desk.get_by_role("tab", name="疑似个人信息").click()
    card = desk.locator(".moderation-card", has_text=words)
    card.get_by_role("button", name="遮盖").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("button", name="添加区域").click()
    dialog.locator("input[type=radio]").first.check()
    dialog.get_by_role("button", name="确定").click()
    card.get_by_role("button", name="查看原图").click()
    dialog.locator("input[type=radio]").first.check()
    dialog.get_by_role("button", name="查看原图").click()
    expect(dialog.locator("img.original")).to_be_visible()
    assert desk.evaluate("() => document.querySelector('img.original').naturalWidth") == 320
    desk.keyboard.press("Escape")
    card.get_by_role("button", name=re.compile("删除其他内容")).click()
    expect(dialog).to_contain_text("钥匙弄七号")
    dialog.get_by_role("button", name="彻底删除地址").click()
    dialog.locator("input[type=radio]").first.check()
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    card.get_by_role("button", name=re.compile("删除其他内容")).click()
    expect(dialog.locator(".parts-dialog")).to_be_visible()
    expect(dialog).not_to_contain_text("钥匙弄七号")
