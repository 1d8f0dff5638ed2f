"""From a resident's phone to a closed case, by the people whose work it is."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e


def photo(colour: str) -> dict[str, object]:
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "JPEG")
    return {"name": f"{colour}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def do(page: Page, no: str, move: str, state: str, *photos: str) -> None:
    """Open the case, make a move with the least it asks for, see the new state."""
    page.get_by_role("searchbox").fill(no)
    page.locator(".queue-pane [role=option]", has_text=no[-6:]).click()
    pane = page.locator(".case-pane")
    expect(pane).to_contain_text(no)
    pane.get_by_role("button", name=move, exact=True).click()
    dialog = page.get_by_role("dialog")
    for group, colour in zip(dialog.get_by_test_id("photo").all(), photos, strict=False):
        group.set_input_files(photo(colour))  # type: ignore[arg-type]
    expect(dialog.locator(".photo-field img")).to_have_count(len(photos))
    expect(dialog.locator("form")).to_be_visible()
    fill(page)
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="立即提交").click()
    expect(page.locator(".undo-bar")).to_have_count(0)
    if state:
        expect(pane).to_contain_text(state)


def fill(page: Page) -> None:
    """Give every compulsory field of the open form an answer."""
    dialog = page.get_by_role("dialog")
    kind = dialog.get_by_role("combobox", name="类别")
    if kind.count() and not kind.input_value():
        kind.fill("暴露生活垃圾")
        dialog.locator("[role=listbox] [role=option]").first.click()
        expect(kind).to_have_attribute("aria-expanded", "false")
    for select in dialog.locator("form select").all():
        # The conditions come with the kind.
        expect(select.locator("option").nth(1)).to_be_attached()
        if not select.input_value():
            select.select_option(index=1)
    for one in dialog.locator("input[type=radio]").all()[:1]:
        one.check()


def test_a_report_from_the_street_is_closed_by_the_desk_and_rated(screen: Screen) -> None:
    phone = screen.context(phone=True).new_page()
    phone.goto(screen.node.address + "/report")
    phone.get_by_test_id("photo").set_input_files(photo("grey"))  # type: ignore[arg-type]
    phone.get_by_label("发生了什么？").fill("垃圾堆在路边，已经三天了")
    phone.get_by_role("button", name=re.compile("我的位置")).click()
    expect(phone.get_by_text("已选位置")).to_be_visible()
    phone.get_by_role("button", name="上报", exact=True).click()
    code = phone.get_by_test_id("track-code").inner_text()
    phone.get_by_role("link", name="查看进展").click()
    expect(phone.locator(".track-page .found")).to_contain_text("垃圾堆在路边")
    no = phone.locator(".track-page .found .number").first.inner_text().split(" ")[0]

    acceptor = screen.desk("acceptor")
    do(acceptor, no, "受理", "待立案")
    leader = screen.desk("shift_leader")
    do(leader, no, "立案", "待处置")
    unit = screen.desk("department")
    do(unit, no, "指派", "待处置")
    handler = screen.desk("handler")
    do(handler, no, "开始处置", "处置中")
    do(handler, no, "处置完成", "", "before", "after")
    do(unit, no, "确认反馈", "核查")
    collector = screen.desk("collector")
    do(collector, no, "核查反馈", "待结案", "check")
    do(leader, no, "结案", "结案")

    phone.goto(f"{screen.node.address}/track/{code}")
    expect(phone.locator(".track-page .found")).to_contain_text("结案")
    expect(phone.get_by_alt_text("处置后")).to_have_count(1)
    phone.get_by_role("button", name="5 分").click()
    expect(phone.get_by_text("您的评价：5 分")).to_be_visible()
