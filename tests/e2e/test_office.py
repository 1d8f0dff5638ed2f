"""Homes by post, the chief's five seconds, and a day on paper typed afterwards.

Each person's story: the leader's, and a request decided, here; dispatcher, acceptor, shift leader,
handler and checker in test_desk_stories (one case, by keys alone); the resident's in
test_resident_story.
"""

import http.client
import json
import uuid
from datetime import UTC, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import Hands
from tests.e2e.node import Node, cy
from tests.e2e.screen import Screen
from tests.e2e.test_pages import check

pytestmark = pytest.mark.e2e
LITTER = "GBT30428.2/event/0110"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="session")
def office_key(node: Node) -> str:
    """A script's key with an acceptor's rights."""
    return cy("token", "--post", "acceptor", "--area", "310101", data=node.data).strip()


def report(node: Node, key: str, text: str) -> dict:
    place = urlsplit(node.address)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    lon, lat = node.spot()
    body = {"kind": LITTER, "text": text, "lon": lon, "lat": lat}
    line.request("POST", "/api/v1/cases", json.dumps(body), headers)
    answer = line.getresponse()
    told = json.load(answer)
    assert answer.status == 201, told
    return told


def home(screen: Screen, who: str, **how: object) -> Page:
    return screen.home(who, **how)


def test_story_of_the_leader(screen: Screen, node: Node, office_key: str):
    made = report(node, office_key, "领导要看的")
    page = home(screen, "leader")
    worst = page.locator(".case-line").first
    expect(worst).to_be_in_viewport()
    board = page.locator(".board-section")
    for area in ("区310101", "区310101001"):
        board.get_by_role("row").filter(has_text=area).get_by_role("link", name=area).click()
        expect(board.get_by_role("navigation")).to_contain_text(area)
    board.locator(".totals a").first.click()
    page.wait_for_url("**/desk**area=**")
    page.keyboard.press("/")
    page.keyboard.insert_text(made["no"])
    page.locator(".queue-pane [role=option]", has_text=made["no"][-6:]).click()
    pane = page.locator(".case-pane")
    pane.get_by_role("button", name="督办", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea").fill("今天必须有人到场")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    expect(pane.locator(".timeline")).to_contain_text("督办")
    expect(pane.locator(".timeline")).to_contain_text("今天必须有人到场")


@pytest.mark.parametrize(
    ("who", "there", "not_there"),
    [
        ("leader", ".board-section", ".stops"),
        ("acceptor", ".lanes", ".board-section"),
        ("handler", ".stops", ".board-section"),
        ("department", ".decisions", ".board-section"),
        ("dispatcher", ".decisions", ".stops"),
        ("collector", ".stops", ".decisions"),
        ("auditor", ".tools", ".lanes"),
    ],
)
def test_homes_differ_by_post(screen: Screen, who: str, there: str, not_there: str):
    page = home(screen, who, phone=who == "handler")
    expect(page.locator(there).first).to_be_attached()
    expect(page.locator(not_there)).to_have_count(0)
    check(page, who)


def test_a_request_is_decided_on_the_home(screen: Screen, node: Node, office_key: str):
    made = report(node, office_key, "要延期的")
    asker = Hands(screen.desk("department")).opens(made["no"])
    asker.starts("申请延期").says("连日下雨，无法施工").decides("")
    page = home(screen, "dispatcher")
    card = page.locator(".decisions")
    card.get_by_role("button", name=f"审批 {made['no']}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("连日下雨，无法施工")
    check(page, "decision")
    dialog.get_by_role("button", name="同意延期", exact=True).click()
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    expect(card).to_contain_text("已提交")
    expect(card.get_by_role("button", name=f"审批 {made['no']}")).to_have_count(0)


def test_a_day_on_paper(screen: Screen, node: Node, office_key: str):
    made = report(node, office_key, "停电时的案件")
    page = screen.desk("acceptor", locale="en", scheme="dark")
    page.goto(f"{node.address}/paper/list?queue=all")
    expect(page.locator(".list-sheet")).to_contain_text(made["no"])
    check(page, "list")
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    page.goto(f"{node.address}/paper/blank?sheets=3")
    expect(page.locator(".paper-no")).to_have_count(6)
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 3
    page.goto(f"{node.address}/paper/case/{made['id']}")
    expect(page.locator(".case-sheet .qr-code")).to_be_visible()
    check(page, "sheet")
    page.goto(f"{node.address}/paper/entry")
    at = datetime.now(UTC).astimezone(SHANGHAI).replace(second=0)
    sheet = f"P-{uuid.uuid4().hex[:6]}"
    page.get_by_label("Paper no.", exact=True).fill(sheet)
    page.get_by_label("Original time").fill(f"{at:%Y-%m-%d %H:%M}")
    page.get_by_label("Report", exact=True).fill("a lamp is out")
    page.keyboard.press("Control+Enter")
    result = page.locator(".result").first
    expect(result).to_contain_text("Entered")
    check(page, "entry")
    page.reload()
    page.get_by_label("Paper no.", exact=True).fill(sheet)
    page.get_by_label("Original time").fill(f"{at:%Y-%m-%d %H:%M}")
    page.get_by_label("Report", exact=True).fill("another")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".result").first).to_contain_text("Entered before by acceptor")
