"""The bell rings on another person's screen while they look, and is answered."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.screen import Screen
from tests.e2e.test_pages import check

pytestmark = pytest.mark.e2e
LITTER = "GBT30428.2/event/0110"


def report(page: Page, spot: tuple[float, float]) -> str:
    """A report of the signed-in person, by the door the desk uses; its number."""
    said = page.evaluate(
        """async ([kind, lon, lat]) => {
          const token = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
          const answer = await fetch("/api/v1/cases", {
            method: "POST",
            headers: {
              "Content-Type": "application/json",
              "X-CSRFToken": token.slice("csrftoken=".length),
            },
            body: JSON.stringify({
              kind,
              text: "垃圾",
              lon,
              lat,
            }),
          });
          return await answer.json();
        }""",
        [LITTER, *spot],
    )
    assert said["state"] == "pending_handle", said
    number: str = said["no"]
    return number


def test_the_bell_rings_at_once_and_supervision_is_acknowledged(screen: Screen) -> None:
    department = screen.desk("department")
    bell = department.locator(".notice-bell")
    expect(bell).to_be_visible()
    expect(bell).to_have_attribute("aria-label", re.compile(r"\d"))
    before = bell.get_attribute("aria-label") or ""
    acceptor = screen.desk("acceptor")
    number = report(acceptor, screen.node.spot())
    expect(bell).not_to_have_attribute("aria-label", before)

    # Clocks of earlier tests' cases may ring meanwhile: only the direction is this case's own.
    bell.click()
    item = department.locator(".notice-item", has_text=number)
    expect(item).to_be_visible()
    unread = bell.get_attribute("aria-label") or ""
    item.get_by_role("link").click()
    expect(department.locator(".case-pane")).to_contain_text(number)
    expect(bell).not_to_have_attribute("aria-label", unread)

    leader = screen.desk("leader")
    leader.goto(screen.node.address + f"/desk?queue=all&q={number}")
    leader.get_by_role("searchbox").fill(number)
    leader.locator(".queue-pane [role=option]", has_text=number[-6:]).click()
    leader.locator(".case-pane").get_by_role("button", name="督办", exact=True).click()
    dialog = leader.get_by_role("dialog")
    for select in dialog.locator("select").all():
        select.select_option(index=1)
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)

    bell.click()
    asked = department.locator(".notice-item", has_text=f"督办 {number}")
    button = asked.get_by_role("button", name="确认")
    button.focus()
    department.keyboard.press("Enter")
    expect(asked).to_contain_text("department 于")
    expect(button).to_have_count(0)


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "dark"), ("en", "light")])
def test_its_pages_are_free_of_accessibility_faults(
    screen: Screen, locale: str, scheme: str
) -> None:
    page = screen.desk("department", locale=locale, scheme=scheme)
    for path, sight in (("/notices", ".cy-tabs"), ("/notices/settings", "form")):
        page.goto(screen.node.address + path)
        expect(page.locator(sight).first).to_be_visible()
        check(page, path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("form")).to_be_visible()
    # The bar folds its places away once it has measured them.
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth")
