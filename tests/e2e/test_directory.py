"""Who keeps the lists, the people and the watch: in a browser, by those whose work it is."""

import http.client
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.app.world import LITTER
from tests.e2e.node import Node, cy, start
from tests.e2e.screen import Screen
from tests.e2e.test_desk import call
from tests.e2e.test_pages import LOOKS, check

pytestmark = pytest.mark.e2e
_OFFICE = "import runpy; runpy.run_path('tests/e2e/office.py')"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node of its own: it activates another duty list, by which other tests' cases would go."""
    data = tmp_path_factory.mktemp("directory") / "data"
    try:
        yield start(data)
    finally:
        cy("down", data=data)


@pytest.fixture(scope="module")
def tokens(node: Node) -> dict[str, str]:
    """Sessions of those who keep the directory, with a second factor."""
    return json.loads(cy("manage", "shell", "--no-imports", "-c", _OFFICE, data=node.data))


@pytest.fixture(scope="module")
def key(node: Node) -> str:
    return cy("token", "--post", "acceptor", "--area", "310101", data=node.data).strip()


def ask(node: Node, key: str, path: str) -> Any:
    """What a script reads."""
    place = urlsplit(node.address)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    line.request("GET", f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"})
    return json.load(line.getresponse())


def enter(screen: Screen, token: str, path: str, **how: object) -> Page:
    """A page of somebody who is signed in."""
    context = screen.context(**how)  # type: ignore[arg-type]
    context.add_cookies([{"name": "cy_session", "value": token, "url": screen.node.address}])
    page = context.new_page()
    page.goto(screen.node.address + path)
    return page


def pick(page: Page, label: str, typed: str) -> None:
    """Choose the first hit in a field found by typing."""
    field = page.get_by_role("dialog").last.get_by_label(label, exact=True)
    field.fill(typed)
    page.locator("[role=listbox] [role=option]", has_text=typed).first.click()


def test_somebody_new_gets_an_account_a_post_and_comes_in_by_link(
    screen: Screen, tokens: dict[str, str]
):
    name = f"new.{uuid.uuid4().hex[:6]}"
    root = enter(screen, tokens["root"], "/users")
    root.get_by_role("button", name="新建人员").click()
    dialog = root.get_by_role("dialog")
    dialog.get_by_label("姓名").fill("新来的人")
    dialog.get_by_label("用户名").fill("x")
    pick(root, "单位 *", "310101-sup")
    dialog.get_by_role("button", name="建立账号").click()
    # The fault stands beside its field, in the reader's language.
    expect(dialog.get_by_role("alert").filter(has_text="用户名为 2 至 64 个")).to_have_count(2)
    dialog.get_by_label("用户名").fill(name)
    dialog.get_by_role("button", name="建立账号").click()
    expect(root.get_by_role("img", name="登录链接的二维码")).to_be_visible()
    link = root.get_by_test_id("sign-in-link").inner_text()
    person = re.search(r"/users/([0-9a-f-]+)", root.url)
    assert person

    guard = enter(screen, tokens["guard"], f"/users/{person[1]}")
    guard.get_by_role("button", name="授予岗位", exact=True).click()
    pick(guard, "岗位 *", "受理员")
    guard.get_by_role("dialog").get_by_role("button", name="授予岗位").click()
    expect(guard.locator(".user-pane .rows").first).to_contain_text("受理员")
    # Supervision and command are separate, and the screen says why.
    guard.get_by_role("button", name="授予岗位", exact=True).click()
    pick(guard, "岗位 *", "派遣员")
    pick(guard, "单位 *", "310101-cmd")
    guard.get_by_role("dialog").get_by_role("button", name="授予岗位").click()
    expect(guard.get_by_role("dialog").get_by_role("alert")).to_contain_text("监督与指挥分离")

    page = screen.context().new_page()
    page.goto(link)
    page.wait_for_url(lambda url: "/signin" not in url)
    expect(page.locator(".app-bar")).to_contain_text("新来的人")


def test_a_draft_is_tried_and_activated_by_a_colleague_and_routes_the_next_case(
    screen: Screen, node: Node, tokens: dict[str, str], key: str
):
    condition = next(
        one["conditions"][0]["id"] for one in ask(node, key, "/kinds") if one["id"] == LITTER
    )

    def litter() -> str:
        lon, lat = node.spot()
        body = {
            "text": "垃圾堆在路边",
            "source": "hotline",
            "kind": LITTER,
            "condition": condition,
            "lon": lon,
            "lat": lat,
        }
        made = call(node, key, "/cases", body)
        return str(ask(node, key, f"/cases/{made['id']}")["lead_unit"]["name"]["zh"])

    assert litter() == "单位310101001-san"
    page = enter(screen, tokens["planner"], "/duties")
    page.get_by_role("button", name="复制为新草稿").click()
    dialog = page.get_by_role("dialog")
    version = f"试{uuid.uuid4().hex[:4]}"
    dialog.get_by_label("版本号").fill(version)
    dialog.get_by_role("button", name="保存").click()
    expect(page.locator(".list-head")).to_contain_text(version)
    page.get_by_role("searchbox", name="按编号").fill("sanitation-events")
    page.get_by_role("button", name="sanitation-events").click()
    expect(page.get_by_test_id("kind-count")).to_contain_text("共匹配")
    dialog.locator(".target-fields").first.get_by_label("指定单位").first.check()
    unit = dialog.locator(".target-fields").first.get_by_role("combobox")
    unit.fill("310101-mun")
    page.locator("[role=listbox] [role=option]", has_text="310101-mun").click()
    dialog.get_by_role("button", name="保存").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".entries-tab tbody")).to_contain_text("单位310101-mun")

    page.get_by_role("tab", name="试跑").click()
    page.get_by_role("button", name="试跑", exact=True).click()
    move = page.locator(".moves > li", has_text="单位310101-mun")
    expect(move).to_contain_text("单位310101001-san → 单位310101-mun")
    move.get_by_role("button").click()
    expect(move.locator(".dry-run-case").first).to_contain_text(
        f"{version} 版条目 sanitation-events"
    )
    page.get_by_role("tab", name="版本对比").click()
    expect(page.locator("[data-entry=sanitation-events]")).to_contain_text("单位310101-mun")
    # Its author cannot put it into force.
    expect(page.get_by_role("button", name="启用这一版")).to_have_count(0)

    chief = enter(screen, tokens["chief"], page.url.removeprefix(node.address))
    chief.get_by_role("button", name="启用这一版").click()
    expect(chief.locator(".list-head")).to_contain_text("生效中")
    assert litter() == "单位310101-mun"


def test_a_shift_is_planned_handed_over_and_accepted(screen: Screen, tokens: dict[str, str]):
    night = enter(screen, tokens["night"], "/shifts?tab=roster&post=shift_leader")
    rows = night.locator(".roster-grid tbody tr")
    today = night.locator(".roster-grid thead th.today")
    expect(today).to_have_count(1)
    for who, (first, last) in {"night": ("0000", "0000"), "morning": ("1200", "0000")}.items():
        row = rows.filter(has=night.get_by_role("rowheader", name=who, exact=True))
        # Planned with the keyboard alone.
        row.locator("td.today").focus()
        night.keyboard.press("Enter")
        dialog = night.get_by_role("dialog")
        dialog.get_by_label("起 *").fill(first)
        dialog.get_by_label("止 *").fill(last)
        dialog.get_by_label("止 *").press("Tab")
        dialog.get_by_role("button", name="保存").click()
        expect(dialog).to_have_count(0)
        expect(row.locator("td.today .shift")).to_have_count(1)

    # The night's shift lasts the whole day, so that it runs whatever the hour of the test.
    night.get_by_role("tab", name="此刻在岗").click()
    words = f"泵站停电{uuid.uuid4().hex[:6]}"
    page = night
    card = page.locator("article", has_text="night")
    card.get_by_role("button", name="到岗").first.click()
    expect(card).to_contain_text("在岗")
    card.get_by_role("button", name="交班").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("已带出")).to_be_visible()
    dialog.get_by_label("交班内容").fill(words)
    dialog.get_by_role("button", name="签字交班").click()
    expect(page.locator(".book-entry", has_text=words)).to_contain_text("待接班")

    morning = enter(screen, tokens["morning"], "/shifts?post=shift_leader")
    waiting = morning.locator(".book-entry", has_text=words)
    waiting.get_by_role("button", name="签字接班").click()
    expect(morning.locator(".book-entry", has_text=words)).to_have_count(0)
    morning.get_by_role("tab", name="交接班记录").click()
    morning.get_by_role("searchbox").fill(words)
    morning.get_by_role("button", name="查找").click()
    expect(morning.locator(".book-entry")).to_have_count(1)
    expect(morning.locator(".book-entry")).to_contain_text("morning 接班于")


@pytest.mark.parametrize(("locale", "scheme"), LOOKS)
def test_the_directory_is_free_of_accessibility_faults(
    screen: Screen, tokens: dict[str, str], locale: str, scheme: str
):
    how = {"locale": locale, "scheme": scheme}
    page = enter(screen, tokens["planner"], "/duties", **how)
    expect(page.locator(".entries-tab tbody tr").first).to_be_visible()
    check(page, "duties")
    page.locator(".entries-tab tbody button").first.click()
    expect(page.get_by_role("dialog").locator("form")).to_be_visible()
    check(page, "entry")
    page = enter(screen, tokens["root"], "/organisations", **how)
    page.locator("[role=treeitem]").nth(1).click()
    expect(page.locator(".org-pane")).to_be_visible()
    check(page, "organisations")
    page = enter(screen, tokens["guard"], "/users", **how)
    page.locator("tbody a").first.click()
    expect(page.locator(".user-pane")).to_be_visible()
    check(page, "users")
    page = enter(screen, tokens["night"], "/shifts?tab=roster&post=shift_leader", **how)
    expect(page.locator(".roster-grid tbody tr").first).to_be_visible()
    check(page, "roster")
    page.locator(".roster-grid td").first.focus()
    page.keyboard.press("+")
    page.get_by_role("dialog").locator(".opener").click()
    expect(page.locator(".calendar")).to_be_visible()
    check(page, "calendar")


def test_the_directory_fits_a_phone(screen: Screen, tokens: dict[str, str]):
    for who, path, sight in (
        ("planner", "/duties", ".entries-tab tbody tr"),
        ("root", "/organisations", "[role=treeitem]"),
        ("root", "/users", "tbody tr"),
        ("night", "/shifts?tab=roster&post=shift_leader", ".roster-grid tbody tr"),
    ):
        page = enter(screen, tokens[who], path, phone=True)
        expect(page.locator(sight).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
