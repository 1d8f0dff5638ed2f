"""The desk at work: live, by keyboard, in conflict, and when a session ends."""

import http.client
import json
import uuid
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.e2e.node import Node, cy
from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="session")
def key(node: Node) -> str:
    """A script's key with an acceptor's rights."""
    return cy("token", "--post", "acceptor", "--area", "310101", data=node.data).strip()


def call(node: Node, key: str, path: str, body: dict[str, object]) -> dict:
    place = urlsplit(node.address)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    line.request("POST", f"/api/v1{path}", json.dumps(body), headers)
    answer = line.getresponse()
    told = json.load(answer)
    assert answer.status < 300, told
    return told


def report(node: Node, key: str, text: str) -> dict:
    body = {"text": text, "lon": 121.005, "lat": 31.005, "source": "hotline"}
    return call(node, key, "/cases", body)


def test_a_new_case_appears_on_the_open_desk_by_itself(screen: Screen, node: Node, key: str):
    page = screen.desk("acceptor")
    expect(page.locator(".desk-page")).to_contain_text("实时")
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    made = report(node, key, "刚刚发生的事")
    row = page.locator(".queue-pane [role=option]", has_text=made["no"][-6:])
    expect(row).to_contain_text("刚刚发生的事")
    assert loads == []


def test_the_desk_works_by_keyboard_alone(screen: Screen, node: Node, key: str):
    words = f"键盘案件{uuid.uuid4().hex[:6]}"
    for n in range(2):
        report(node, key, f"{words}第{n}件")
    page = screen.desk("acceptor")
    options = page.locator(".queue-pane [role=option]")
    expect(options.nth(1)).to_be_visible()
    page.keyboard.press("j")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("j")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("k")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    expect(page.locator(".case-pane")).to_be_visible()
    dialog = page.get_by_role("dialog")
    for pressed, title in (("1", "受理"), ("n", "代为上报"), ("?", "快捷键")):
        page.keyboard.press(pressed)
        expect(dialog).to_have_attribute("aria-label", title)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.insert_text(f"{words}第1件")
    page.keyboard.press("Enter")
    expect(options).to_have_count(1)
    assert "q=" in page.url


def test_a_decision_on_an_old_state_is_refused_and_the_new_state_shown(
    screen: Screen, node: Node, key: str
):
    made = report(node, key, "两个人同时办理")
    page = screen.desk("acceptor")
    # The live stream is cut, as it is when a line is bad: the page cannot know better.
    page.context.route("**/stream**", lambda route: route.abort())
    page.goto(f"{node.address}/desk/{made['id']}")
    page.get_by_role("button", name="受理", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="确定")).to_be_visible()
    call(node, key, f"/cases/{made['id']}/moves", {"move": "urge", "version": None, "params": {}})
    dialog.get_by_role("button", name="确定").click()
    page.get_by_role("button", name="立即提交").click()
    expect(dialog).to_contain_text("已被他人更新")
    expect(dialog).to_contain_text("催办")
    dialog.get_by_role("button", name="再办一次").click()
    expect(dialog).to_have_attribute("aria-label", "受理")
    dialog.get_by_role("button", name="确定").click()
    page.get_by_role("button", name="立即提交").click()
    expect(page.locator(".case-pane")).to_contain_text("待立案")
    expect(page.locator(".case-pane .timeline")).to_contain_text("催办")
    screen.faults[:] = [one for one in screen.faults if "net::ERR_FAILED" not in one]


def test_a_revoked_session_leads_back_to_sign_in(screen: Screen):
    page = screen.desk("evaluator")
    other = screen.desk("evaluator")
    other.goto(screen.node.address + "/account")
    others = other.locator(".session-list li").filter(has_not_text="当前")
    expect(others.first).to_be_visible()
    for left in reversed(range(others.count())):
        others.first.get_by_role("button", name="退出登录").click()
        expect(others).to_have_count(left)
    # Nobody touches the desk: its stream ends, and it asks who it is.
    page.wait_for_url("**/signin**")
    expect(page.get_by_label("用户名")).to_be_visible()
