"""A resident on a phone: seen near by, a promise, a link, not fixed, open again; and what goes
wrong on the way."""

import io
import re
import uuid

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.line import Line
from tests.e2e.node import Node
from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e
SPOT = (121.005, 31.005)
KIND = "GBT30428.2/event/0110"
# The browser reports a refused line beside the page's own words.
CUT = "net::ERR_"


def picture() -> dict[str, object]:
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def line(node: Node) -> Line:
    return Line(node)


def new_case(line: Line, words: str = "x", **more: object) -> dict:
    body = {"kind": KIND, "text": words, "lon": SPOT[0], "lat": SPOT[1], "source": "hotline"}
    return line.call("POST", "/cases", body | more, "acceptor")


def close(line: Line, case: str) -> None:
    """Close a case by the least moves its state allows."""
    told = line.call("GET", f"/cases/{case}", post="shift_leader")
    filed = {"kind_id": KIND, "condition_id": "hazard"}
    for kind in line.call("GET", "/kinds", post="shift_leader"):
        if kind["id"] == KIND:
            filed["condition_id"] = kind["conditions"][0]["id"]
    steps = [("force_close", {"reason": "done by hand"})]
    if told["state"] in ("reported", "pending_accept"):
        steps = [("accept", {}), ("file", filed), *steps]
    for move, params in steps:
        post = "acceptor" if move == "accept" else "shift_leader"
        line.call("POST", f"/cases/{case}/moves", {"move": move, "params": params}, post)


def send(phone: Page) -> None:
    phone.get_by_role("button", name="上报", exact=True).click()


def test_a_resident_reports_follows_and_says_that_it_is_not_fixed(
    screen: Screen, line: Line
) -> None:
    known = new_case(line)
    phone = screen.context(phone=True).new_page()
    phone.goto(screen.node.address + "/report")
    expect(phone.get_by_role("link", name="拨打 119")).to_be_visible()
    phone.get_by_test_id("photo").set_input_files(picture())  # type: ignore[arg-type]
    phone.get_by_role("button", name=re.compile("我的位置")).click()
    same = phone.get_by_role("button", name=re.compile("是同一件")).first
    expect(same).to_be_visible()
    same.click()
    expect(phone.get_by_text("您会有自己的查询码")).to_be_visible()
    send(phone)
    code = phone.get_by_test_id("track-code").inner_text()
    expect(phone.locator(".report-done")).to_contain_text("负责")
    expect(phone.get_by_role("img", name="查询链接的二维码")).to_be_visible()
    phone.get_by_role("link", name="查看进展").click()
    found = phone.locator(".track-page .found")
    expect(found).to_contain_text("人反映了同一问题")
    no = re.search(r"\d{14}", found.inner_text())
    assert no is not None
    assert known["track_code"] != code

    rows = line.call("GET", f"/cases?q={no[0]}&queue=all", post="acceptor")["items"]
    case = rows[0]["id"]
    close(line, case)
    phone.reload()
    phone.get_by_text("问题没有解决？").click()
    phone.locator("form textarea").fill("还在那里，没有清理")
    phone.locator(".track-answer").get_by_test_id("photo").set_input_files(picture())  # type: ignore[arg-type]
    expect(phone.locator(".track-answer .photo-field img")).to_have_count(1)
    phone.get_by_role("button", name="要求重新办理").click()
    expect(phone.get_by_text("已要求重新办理")).to_be_visible()
    told = line.call("GET", f"/cases/{case}", post="acceptor")
    assert told["state"] == "pending_accept"


def test_a_link_that_is_wrong_is_answered_kindly(screen: Screen) -> None:
    phone = screen.context(phone=True).new_page()
    for code in ("NOSUCHCODE12", "a-b_c", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "x" * 90):
        phone.goto(f"{screen.node.address}/track/{code}")
        expect(phone.get_by_text("欢迎重新上报")).to_be_visible()


def test_without_a_line_the_report_waits_and_arrives_once(screen: Screen, line: Line) -> None:
    context = screen.context(phone=True)
    phone = context.new_page()
    phone.goto(screen.node.address + "/report")
    words = f"断网上报{uuid.uuid4().hex[:6]}"
    phone.get_by_label("发生了什么？").fill(words)
    phone.get_by_role("button", name=re.compile("我的位置")).click()
    expect(phone.get_by_text("已选位置")).to_be_visible()
    # The answer is lost on the way back: the server has it, the phone does not know.
    phone.route("**/public/reports", lambda route: (route.fetch(), route.abort()))
    send(phone)
    expect(phone.get_by_text("没有网络")).to_be_visible()
    phone.unroute("**/public/reports")
    phone.reload()
    expect(phone.get_by_test_id("track-code")).to_be_visible()
    items = line.call("GET", f"/cases?q={words[-6:]}&queue=all", post="acceptor")["items"]
    assert len(items) == 1
    screen.faults[:] = [one for one in screen.faults if CUT not in one]


def test_words_are_words_on_every_public_page(screen: Screen, line: Line) -> None:
    evil = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>{{7*7}}'
    made = new_case(line, evil, address=evil)
    page = screen.desk("acceptor")
    for path, sight in (
        (f"/track/{made['track_code']}", ".found .said"),
        ("/map", ".around-list li"),
        ("/moderation", ".moderation-card"),
        (f"/desk/{made['id']}", ".case-pane"),
    ):
        page.goto(screen.node.address + path)
        expect(page.locator(sight).first).to_be_visible()
        assert page.evaluate("window.hit") is None, path
        assert "49" not in page.locator(sight).first.inner_text()[:0]
    feed = page.request.get(screen.node.address + "/feeds/310101.atom").text()
    assert "<script" not in feed


def test_a_moderator_covers_a_face_by_keyboard(screen: Screen, line: Line) -> None:
    phone = screen.context(phone=True).new_page()
    phone.goto(screen.node.address + "/report")
    words = f"人脸{uuid.uuid4().hex[:6]} 电话13912345678"
    phone.get_by_test_id("photo").set_input_files(picture())  # type: ignore[arg-type]
    phone.get_by_label("发生了什么？").fill(words)
    phone.get_by_role("button", name=re.compile("我的位置")).click()
    expect(phone.get_by_text("已选位置")).to_be_visible()
    send(phone)
    code = phone.get_by_test_id("track-code").inner_text()
    desk = screen.desk("acceptor")
    desk.goto(screen.node.address + "/moderation")
    desk.get_by_role("tab", name="疑似个人信息").click()
    card = desk.locator(".moderation-card", has_text=words)
    expect(card).to_contain_text("手机号")
    before = card.locator("img").get_attribute("src")
    card.get_by_role("button", name="遮盖").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("button", name="添加区域").click()
    expect(dialog.locator("rect")).to_be_focused()
    for pressed in ("ArrowLeft", "ArrowUp", "Shift+ArrowRight", "Shift+ArrowDown"):
        desk.keyboard.press(pressed)
    assert float(dialog.locator("rect").get_attribute("x") or 0) == pytest.approx(0.38)
    assert float(dialog.locator("rect").get_attribute("width") or 0) == pytest.approx(0.22)
    dialog.get_by_label("照片中可辨认出个人").check()
    dialog.get_by_role("button", name="确定").click()
    expect(card).to_contain_text("已遮盖")
    assert card.locator("img").get_attribute("src") != before
    phone.goto(f"{screen.node.address}/track/{code}")
    expect(phone.locator(".found .said")).to_contain_text("＊＊＊")
    expect(phone.locator(".found")).not_to_contain_text("13912345678")
