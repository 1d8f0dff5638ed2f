"""A day at the desk by keys alone: from the report to the closed case, and what comes between."""

import http.client
import json
import re
import time
import uuid
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.hands import Hands
from tests.e2e.node import Node
from tests.e2e.screen import Screen
from tests.e2e.test_desk import key, report

__all__ = ["key"]  # the fixture
pytestmark = pytest.mark.e2e


def hands(screen: Screen, who: str, **how: object) -> Hands:
    return Hands(screen.desk(who, **how))  # type: ignore[arg-type]


def test_a_case_from_accepting_to_closing_by_keys_alone(
    screen: Screen, node: Node, key: str
) -> None:
    no = report(node, key, "键盘走完全程的案件")["no"]
    hands(screen, "acceptor").opens(no).starts("受理").says("属实").decides("待立案")

    leader = hands(screen, "shift_leader").opens(no).starts("立案")
    leader.to("[role=combobox]").says("暴露生活垃圾")
    expect(leader.dialog.get_by_role("option").first).to_contain_text("暴露生活垃圾")
    leader.press("Enter")
    expect(leader.dialog.locator("form select option").nth(1)).to_be_attached()
    leader.to("form select").press("ArrowDown").decides("待处置")

    unit = hands(screen, "department").opens(no)
    name = unit.pane.locator("dt:text-is('责任单位') + dd").inner_text()
    unit.starts("回退").says("不属本单位").decides("")
    dispatcher = hands(screen, "dispatcher").opens(no)
    expect(dispatcher.pane).to_contain_text("回退中")
    fresh = dispatcher.pane.locator(".candidate-list li")
    expect(fresh.first).not_to_contain_text("已回退此案")
    expect(fresh.last).to_contain_text("回退理由：不属本单位")
    dispatcher.press("d")
    expect(dispatcher.dialog).to_have_attribute("aria-label", "改派")
    expect(dispatcher.dialog.locator("form select option").nth(1)).to_be_attached()
    dispatcher.to("form select").picks(name).to("textarea").says("仍属该单位").decides("待处置")

    # The unit's people stand as candidates, with reasons: one key assigns.
    unit.page.reload()
    expect(unit.page.locator(".queue-pane")).to_be_visible()
    unit.opens(no)
    expect(unit.pane.get_by_role("heading", name="建议人员")).to_be_visible()
    unit.press("1").sends("")
    expect(unit.pane.locator(".facts")).to_contain_text("handler")
    handler = hands(screen, "handler").opens(no).starts("开始处置").decides("处置中")
    handler.starts("处置完成").photographs(2).decides("")
    unit.opens(no).starts("确认反馈").decides("核查")
    collector = hands(screen, "collector").opens(no).starts("核查反馈")
    collector.to("input[type=radio]").press("Space").decides("待结案")
    leader.opens(no).starts("结案").decides("结案")


def test_a_decision_is_taken_back_and_nothing_is_said_to_be_done(
    screen: Screen, node: Node, key: str
) -> None:
    no = report(node, key, "撤销一步")["no"]
    sent: list[str] = []
    me = hands(screen, "acceptor").opens(no)
    me.page.on("request", lambda asked: sent.append(asked.url) if "/moves" in asked.url else None)
    me.starts("受理").press("Control+Enter")
    expect(me.pane).to_contain_text("待提交")
    expect(me.pane).to_contain_text("待受理")
    me.press("z")
    expect(me.undo).to_have_count(0)
    expect(me.page.locator(".toast-list")).to_contain_text("已撤销")
    assert sent == []
    # Going elsewhere sends what waits, and says so.
    me.starts("受理").press("Control+Enter")
    expect(me.undo).to_be_visible()
    me.command("我要上报")
    expect(me.page.locator(".toast-list")).to_contain_text("离开工作台，正在提交")
    assert call_state(node, key, no) == "pending_file"


def call_state(node: Node, key: str, no: str) -> str:
    """The state of a case as the server has it, once it has it."""
    place = urlsplit(node.address)
    found = ""
    for _ in range(40):
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
        line.request("GET", f"/api/v1/cases?q={no}", headers={"Authorization": f"Bearer {key}"})
        found = json.load(line.getresponse())["items"][0]["state"]
        if found == "pending_file":
            break
        time.sleep(0.25)
    return found


def test_closing_the_page_sends_what_waits_and_the_next_page_tells(
    screen: Screen, node: Node, key: str
) -> None:
    no = report(node, key, "关页面也提交")["no"]
    me = hands(screen, "acceptor").opens(no)
    me.starts("受理").press("Control+Enter")
    expect(me.undo).to_be_visible()
    me.page.reload()
    expect(me.page.locator(".toast-list")).to_contain_text("✓ 受理")
    assert call_state(node, key, no) == "pending_file"


def test_colleagues_see_who_is_on_a_case_and_that_they_left(
    screen: Screen, node: Node, key: str
) -> None:
    no = report(node, key, "谁在办")["no"]
    me = hands(screen, "acceptor").opens(no)
    other = hands(screen, "shift_leader").opens(no)
    expect(other.pane).to_contain_text("acceptor正在查看")
    expect(me.pane).to_contain_text("shift_leader正在查看")
    me.starts("受理")
    expect(other.pane).to_contain_text("acceptor正在处理")
    me.page.close()
    expect(other.pane).not_to_contain_text("acceptor正在", timeout=30_000)


def test_a_line_cut_is_said_and_made_up_for(screen: Screen, node: Node, key: str) -> None:
    page = screen.desk("acceptor")
    expect(page.locator(".desk-page")).to_contain_text("实时")
    # A map still on its way would complain of the cut.
    page.locator("html[data-map-ready]").wait_for(state="attached")
    page.context.set_offline(True)
    expect(page.locator(".desk-page")).to_contain_text(
        re.compile(r"自 .*\d\d:\d\d:\d\d 起不是实时")
    )
    made = report(node, key, "断线期间发生的事")
    page.context.set_offline(False)
    row = page.locator(".queue-pane [role=option]", has_text=made["no"][-6:])
    expect(row).to_be_visible()
    expect(page.locator(".desk-page")).not_to_contain_text("起不是实时")
    screen.faults[:] = [one for one in screen.faults if "net::ERR_" not in one]


def test_a_heap_is_chosen_moved_and_joined_by_keys(screen: Screen, node: Node, key: str) -> None:
    words = f"积水{uuid.uuid4().hex[:6]}"
    made = [report(node, key, f"{words}很深 {n}") for n in range(5)]
    me = hands(screen, "acceptor").press("/").says(words).press("Enter", "Escape")
    rows = me.page.locator(".queue-pane [role=option]")
    expect(rows).to_have_count(5)
    me.press("j", "Shift+J", "x", "x", "a")
    expect(me.page.locator(".bulk-bar")).to_contain_text("已选 5 件")
    expect(me.pane).to_be_visible()
    me.press("b")
    expect(me.dialog).to_contain_text("5")
    _to_button(me, "催办")
    me.press("Enter")
    expect(me.dialog).to_have_attribute("aria-label", "催办")
    expect(me.dialog).to_contain_text("将用于所选 5 件")
    expect(me.dialog.locator("form")).to_be_visible()
    me.to("textarea").says("暴雨，加急").press("Control+Enter")
    expect(me.dialog).to_contain_text("成功 5 件")
    me.press("Escape")
    # Until it is closed the keys are the dialog's.
    expect(me.dialog).to_have_count(0)
    me.press("a")
    expect(me.page.locator(".bulk-bar")).to_contain_text("已选 5 件")
    me.press("b")
    _to_button(me, "全部并入")
    me.press("Enter")
    expect(me.dialog).to_contain_text("成功 4 件")
    me.press("Escape")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("×5")
    assert made


def _to_button(me: Hands, words: str) -> None:
    expect(me.dialog.get_by_role("button", name=re.compile(words))).to_be_visible()
    for _ in range(30):
        here = me.page.evaluate("document.activeElement?.textContent ?? ''")
        if words in here and me.page.evaluate("document.activeElement.tagName") == "BUTTON":
            return
        me.press("Tab")
    raise AssertionError(f"no way by Tab to {words}")


def test_what_was_written_outlives_the_session(screen: Screen, node: Node, key: str) -> None:
    no = report(node, key, "会话过期")["no"]
    me = hands(screen, "acceptor").opens(no).starts("不予受理").says("写到一半的理由")
    me.page.context.clear_cookies()
    me.press("Control+Enter")
    me.press("s")
    me.page.wait_for_url("**/signin**")
    me.page.goto(node.link("acceptor") + "&next=/desk")
    expect(me.page.locator(".queue-pane")).to_be_visible()
    me.opens(no)
    expect(me.dialog).to_have_attribute("aria-label", "不予受理")
    expect(me.dialog.locator("textarea")).to_have_value("写到一半的理由")


def test_the_map_in_its_own_window_follows_the_desk(screen: Screen, node: Node, key: str) -> None:
    no = report(node, key, "地图跟随")["no"]
    me = hands(screen, "acceptor")
    with me.page.expect_popup() as opened:
        me.press("o")
    beside = opened.value
    expect(beside.locator(".map-page")).to_contain_text("与工作台同步")
    expect(beside.locator(".map-page")).to_contain_text("实时")
    me.opens(no)
    expect(beside.locator("header.app-bar")).to_have_count(0)


def test_a_filter_is_kept_by_name_and_found_by_the_command_line(screen: Screen) -> None:
    name = f"超期{uuid.uuid4().hex[:4]}"
    me = hands(screen, "acceptor").press("]", "]", "f")
    expect(me.page).to_have_url(re.compile("state=pending_file"))
    expect(me.dialog).to_have_attribute("aria-label", "常用筛选")
    me.says(name).press("Enter")
    expect(me.dialog.locator("li")).to_contain_text([name])
    me.press("Escape", "[", "[")
    expect(me.page).not_to_have_url(re.compile("state="))
    me.command(name)
    expect(me.page).to_have_url(re.compile("state=pending_file"))


@pytest.mark.parametrize(("scheme", "locale"), [("light", "zh-CN"), ("dark", "en-US")])
def test_dialogs_of_the_desk_hold_against_axe(
    screen: Screen, node: Node, key: str, scheme: str, locale: str
) -> None:
    report(node, key, "无障碍")
    page = screen.desk("acceptor", scheme=scheme, locale=locale)
    expect(page.locator(".queue-pane [role=option]").first).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(".case-pane")).to_be_visible()
    held(page)
    for opened in (":", "f", "?", "1"):
        page.keyboard.press(opened)
        expect(page.get_by_role("dialog")).to_be_visible()
        held(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("x")
    page.keyboard.press("b")
    expect(page.get_by_role("dialog")).to_be_visible()
    held(page)


def held(page: Page) -> None:
    """No violation of WCAG 2.2 A and AA."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    said = [
        (one["id"], [n["html"][:160] for n in one["nodes"]]) for one in found.response["violations"]
    ]
    assert said == []
