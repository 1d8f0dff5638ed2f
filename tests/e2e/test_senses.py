"""A thing taken on, its signal on another screen and the reasons; a rule rewritten, a pack off."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screen import Screen
from tests.e2e.test_pages import check

pytestmark = pytest.mark.e2e
RULE = "flood.ponding"


def send(page: Page, thing: str, **values: float) -> None:
    """Readings of a thing, as whoever is signed in."""
    at = datetime.now(UTC).isoformat()
    items = [
        {"thing": thing, "stream": stream.replace("_", "-"), "value": value, "at": at}
        for stream, value in values.items()
    ]
    said = page.evaluate(
        """async (body) => {
            const csrf = document.cookie.match(/csrftoken=([^;]+)/)[1];
            const answer = await fetch("/api/v1/observations", {
              method: "POST", body: JSON.stringify(body),
              headers: {"Content-Type": "application/json", "X-CSRFToken": csrf}});
            return answer.json();
        }""",
        {"items": items},
    )
    assert said["stored"] == len(items), said


def register(page: Page, *things: dict[str, object]) -> None:
    """Things, as whoever is signed in."""
    said = page.evaluate(
        """async (body) => {
            const csrf = document.cookie.match(/csrftoken=([^;]+)/)[1];
            const answer = await fetch("/api/v1/things/batch", {
              method: "POST", body: JSON.stringify(body),
              headers: {"Content-Type": "application/json", "X-CSRFToken": csrf}});
            return answer.json();
        }""",
        {"items": list(things)},
    )
    assert said["rejects"] == [], said


def take_on(page: Page, code: str, spot: tuple[float, float]) -> None:
    """A ponding point by the form, its code out of the QR code."""
    page.goto(
        page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + f"/senses/new?code={code}"
    )
    form = page.locator("form")
    expect(form.locator("input").first).to_have_value(code)
    form.locator("select").select_option("ponding-point")
    numbers = form.locator("input[type=number]")
    numbers.nth(0).fill(str(spot[0]))
    numbers.nth(1).fill(str(spot[1]))
    form.locator("button[type=submit]").click()
    expect(page.locator(".key-panel")).to_be_visible()


def test_a_thing_is_taken_on_and_sets_off_a_signal_that_is_answered(screen: Screen) -> None:
    inbox = screen.home("shift_leader")
    inbox.goto(screen.node.address + "/signals")
    expect(inbox.locator("h1")).to_be_visible()
    keeper = screen.home("shift_leader")
    code = f"pond-{datetime.now(UTC):%H%M%S}"
    take_on(keeper, code, screen.node.spot())
    check(keeper, "senses-new")
    keeper.locator(".key-panel button").click()
    expect(keeper.locator(".key-panel .secret")).to_have_text(re.compile(r"\S{20}"))

    send(keeper, code, ponding_depth=30.0, ponding_area=500.0)
    # It comes by the stream, onto a page that was open before.
    row = inbox.locator(".rows li", has_text=code)
    expect(row).to_be_visible()
    row.get_by_role("link").click()
    pane = inbox.locator(".signal-pane")
    expect(pane.locator("code").first).to_contain_text("depth")
    expect(pane).to_contain_text("30")
    expect(pane.locator(".read a").first).to_have_attribute("href", re.compile("/senses/streams/"))
    expect(pane.get_by_role("link", name=re.compile("案件"))).to_be_visible()
    check(inbox, "signals")
    inbox.keyboard.press("a")
    expect(pane.locator("header")).to_contain_text("已确认")

    keeper.goto(f"{screen.node.address}/senses/things/{code}")
    expect(keeper.locator(".stream-pane")).to_have_count(2)
    expect(keeper.get_by_role("link", name=RULE)).to_be_visible()
    check(keeper, "thing")
    # The stream's own page: the rule's figure as a line, its signal, the time in the address.
    keeper.locator(".stream-pane h2 a").filter(has_text="深").click()
    stream = keeper.locator(".stream-page")
    expect(stream.locator(".figure text")).to_have_text(f"{RULE} deep")
    expect(stream.locator(".signals a")).to_have_text(RULE)
    stream.get_by_role("button", name="7 天").click()
    keeper.wait_for_url("**/senses/streams/*?span=week")
    expect(stream).to_contain_text("色带")
    stream.locator("details.rows summary").click()
    expect(stream.locator("details.rows tbody tr")).to_have_count(1)
    numbers = stream.locator(".calibration-form input[type=number]")
    numbers.nth(0).fill("30")
    numbers.nth(1).fill("31.5")
    stream.locator(".calibration-form button").click()
    expect(stream.locator(".calibration-form li")).to_contain_text("1.5")
    check(keeper, "stream")
    stream.locator("header a").click()
    # What the QR code says opens the thing, also by the address that older labels carry.
    said = f"{screen.node.address}/senses/things/{code}"
    expect(keeper.locator(".qr-address")).to_have_attribute("href", said)
    keeper.goto(f"{screen.node.address}/senses/new?code={code}")
    keeper.locator(".there a").click()
    keeper.wait_for_url(said)

    send(keeper, code, ponding_depth=0.0, ponding_area=0.0)
    expect(pane.locator("header")).to_contain_text("已结束")


def test_blind_grids_and_shares(screen: Screen) -> None:
    page = screen.home("shift_leader")
    page.goto(screen.node.address + "/senses/siting?kind=ponding-point")
    expect(page.locator(".sited")).to_contain_text("200 米")
    check(page, "senses-siting")
    page.goto(screen.node.address + "/senses/shares")
    expect(page.locator(".shares-page form")).to_be_visible()
    check(page, "senses-shares")


def test_a_rule_is_rewritten_with_a_trial_beside_it_and_taken_back(screen: Screen) -> None:
    page = screen.home("leader", locale="en")
    page.goto(f"{screen.node.address}/rules/{RULE}")
    expect(page.locator(".trial-pane")).to_contain_text("fired")
    check(page, "rule")
    page.get_by_role("button", name="Rewrite").click()
    condition = page.locator(".level-table textarea").first
    sound = condition.input_value()
    condition.fill("depht > 1")
    expect(page.locator(".level-table .cy-error").first).to_contain_text("depht")
    condition.fill(sound.replace("deep", "deep * 2"))
    expect(page.locator(".level-table .cy-error")).to_have_count(0)
    page.locator(".keep input").fill("twice as deep for a trial")
    page.locator(".keep button").click()
    versions = page.locator(".version-list li")
    expect(versions).to_have_count(2)
    versions.first.get_by_role("button").click()
    expect(versions.first).to_contain_text("in force")
    versions.last.get_by_role("button").click()
    expect(versions.last).to_contain_text("in force")


def test_a_pack_is_switched_off_for_the_city_and_on_again(screen: Screen) -> None:
    page = screen.home("leader", locale="en", scheme="dark")
    page.goto(f"{screen.node.address}/packs/noise")
    pane = page.locator(".pack-pane")
    expect(pane.locator("tbody tr").first).to_be_visible()
    check(page, "packs")
    for act, words in (("off", ": off"), ("on", "The newest version is in use everywhere")):
        page.get_by_role("button", name="Change its use").click()
        dialog = page.get_by_role("dialog")
        dialog.locator("select").nth(1).select_option(act)
        expect(dialog.get_by_role("status")).to_contain_text("rules")
        dialog.locator("button[type=submit]").click()
        expect(dialog).to_have_count(0)
        expect(pane).to_contain_text(words)
    page.goto(f"{screen.node.address}/packs/noise/dashboards/noise")
    expect(page.locator(".dashboard-page .grid section").first).to_be_visible()
    check(page, "dashboard")


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "light"), ("en", "dark")])
def test_list_and_map_of_things_are_in_step(screen: Screen, locale: str, scheme: str) -> None:
    page = screen.home("shift_leader", locale=locale, scheme=scheme)
    lon, lat = screen.node.spot()
    stamp = f"{datetime.now(UTC):%H%M%S}"
    one, other = f"near-{stamp}", f"far-{stamp}"
    kind = {"kind": "ponding-point"}
    register(
        page,
        {"code": one, "name": one, "lon": lon, "lat": lat, **kind},
        {"code": other, "name": other, "lon": lon + 0.004, "lat": lat, **kind},
    )
    page.goto(f"{screen.node.address}/senses?e2e=1")
    page.get_by_role("searchbox").fill(one)
    page.get_by_role("searchbox").press("Enter")
    rows = page.locator(".senses-page tbody tr")
    expect(rows).to_have_count(1)
    expect(page.locator(".age")).to_have_text({"zh-CN": "从未", "en": "never"}[locale])
    # A reading comes in: the open page says so by itself.
    send(page, one, ponding_depth=0.0, ponding_area=0.0)
    expect(page.locator(".age")).to_have_text({"zh-CN": "刚刚", "en": "just now"}[locale])
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").press("Enter")
    page.locator("html[data-map-ready]").wait_for()
    # From the map to the list.
    page.wait_for_function(
        "code => window.__map.queryRenderedFeatures({layers: ['marks']})"
        ".some((one) => one.properties.says.startsWith(code))",
        arg=other,
    )
    spot = page.evaluate(
        "([lon, lat]) => { const {x, y} = window.__map.project([lon, lat]); return [x, y]; }",
        [lon + 0.004, lat],
    )
    page.locator(".mark-map .canvas").click(position={"x": spot[0], "y": spot[1]})
    expect(page.locator("tr[aria-current]")).to_contain_text("-")
    # From the list to the map; the same row again opens the thing.
    row = rows.filter(has_text=one)
    row.locator("td").last.click()
    expect(page.locator(".chosen")).to_contain_text(one)
    check(page, "senses")
    row.locator("td").last.click()
    page.wait_for_url(f"{screen.node.address}/senses/things/{one}")


def test_on_a_phone_the_list_comes_first_and_the_map_when_asked(screen: Screen) -> None:
    page = screen.home("shift_leader", phone=True)
    page.goto(f"{screen.node.address}/senses")
    expect(page.locator("table")).to_be_visible()
    expect(page.locator(".mark-map")).to_have_count(0)
    check(page, "senses on a phone")
    page.locator(".map-asked").click()
    expect(page.locator(".mark-map")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
