"""The evaluation in a real browser: from a score down to one case."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.app.world import LITTER
from tests.e2e.node import cy
from tests.e2e.screen import Screen

_LAST_MONTH = "import runpy; runpy.run_path('tests/e2e/last_month.py')"

pytestmark = pytest.mark.e2e


def report(page: Page, spot: tuple[float, float]) -> str:
    """A case of a place of its own, as the acceptor who is signed in; its number."""
    lon, lat = spot
    said = page.evaluate(
        """async (body) => {
            const csrf = document.cookie.match(/csrftoken=([^;]+)/)[1];
            const answer = await fetch("/api/v1/cases", {method: "POST", body: JSON.stringify(body),
              headers: {"Content-Type": "application/json", "X-CSRFToken": csrf}});
            return answer.json();
        }""",
        {"kind": LITTER, "text": "垃圾", "lon": lon, "lat": lat},
    )
    return str(said["no"])


def sound(page: Page) -> None:
    """No WCAG 2.2 AA violation on the page as it stands."""
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    assert found.violations_count == 0, found.generate_report()


def test_a_leader_opens_a_score_down_to_one_case(screen: Screen) -> None:
    number = report(screen.desk("acceptor"), screen.node.spot())
    page = screen.desk("leader", locale="en")
    page.get_by_role("link", name="Evaluation").first.click()
    expect(page.get_by_role("heading", name="Evaluation")).to_be_visible()
    page.get_by_role("button", name="Area", exact=True).click()
    # Other tests' cases without a place count for the whole city.
    rows = page.locator(".figure-table tbody tr", has_text="区310101")
    expect(rows.first).to_be_visible()
    sound(page)
    rows.first.locator("button.name").click()
    score = page.get_by_role("dialog")
    expect(score.get_by_text("How the score comes about")).to_be_visible()
    expect(score.get_by_text("Closed on schedule").first).to_be_visible()
    sound(page)
    score.get_by_role("button", name="Reports", exact=False).first.click()
    cases = page.get_by_role("dialog")
    link = cases.get_by_role("link", name=number)
    expect(link).to_be_visible()
    sound(page)
    link.click()
    page.wait_for_url("**/desk/**")
    expect(page.get_by_text(number).first).to_be_visible()


def test_a_month_is_published_objected_to_and_corrected(screen: Screen) -> None:
    told = json.loads(
        cy("manage", "shell", "--no-imports", "-c", _LAST_MONTH, data=screen.node.data)
    )
    first, second = told["numbers"]
    page = screen.desk("evaluator", scheme="dark")
    page.goto(f"{screen.node.address}/evaluation?period={told['period']}&by=unit")
    rows = page.locator(".figure-table tbody tr")
    rows.first.locator("button.name").click()
    trend = page.get_by_role("dialog").get_by_role("region", name="近几个月")
    expect(trend.get_by_role("link", name=told["period"])).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="公布", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="公布").click()
    page.wait_for_url("**/evaluation/published/*")
    expect(rows.first).to_be_visible()
    sound(page)
    rows.first.get_by_role("button", name="超时处置").click()
    cases = page.get_by_role("dialog")
    for number in (first, second):
        expect(cases.get_by_role("link", name=number)).to_be_visible()
    published = page.url

    unit = screen.desk("department")
    unit.goto(published)
    unit.get_by_role("button", name="提出异议").click()
    said = unit.get_by_role("dialog")
    said.get_by_label(first).check()
    said.locator("textarea").fill("当天暴雨")
    sound(unit)
    said.get_by_role("button", name="提交").click()
    expect(unit.locator(".objections li").first).to_contain_text("当天暴雨")

    page.goto(published)
    page.get_by_role("button", name="采纳").click()
    page.get_by_role("dialog").locator("textarea").fill("情况属实")
    page.get_by_role("dialog").get_by_role("button", name="采纳").click()
    changes = page.get_by_role("region", name="与上一版的差异")
    expect(changes.get_by_role("row", name="超时处置").first).to_contain_text(first)
    expect(changes).not_to_contain_text(second)
    sound(page)

    page.goto(f"{screen.node.address}/evaluation/findings")
    page.get_by_label("月份").select_option(told["period"])
    page.get_by_role("button", name="立即检查本月").click()
    finding = page.locator(".list > li", has_text="同一照片重复使用")
    finding.locator("summary").click()
    for number in (first, second):
        expect(finding.get_by_role("link", name=number)).to_be_visible()
    sound(page)
    finding.get_by_role("button", name="确认").click()
    page.get_by_role("dialog").locator("textarea").fill("两处同一张照片")
    page.get_by_role("dialog").get_by_role("button", name="确认").click()
    expect(finding).to_contain_text("已确认")


def test_an_evaluator_finds_the_pages_of_judging(screen: Screen) -> None:
    page = screen.desk("evaluator", scheme="dark")
    for path, heading in (
        ("/evaluation/findings", "疑似弄虚作假"),
        ("/evaluation/published", "已公布的评价表"),
    ):
        page.goto(screen.node.address + path)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        sound(page)
