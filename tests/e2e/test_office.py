"""The chief: the worst thing in the city in one look, down to the case, and an eye kept on it."""

import http.client
import json
import uuid
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.node import Node, cy
from tests.e2e.screen import Screen

pytestmark = pytest.mark.e2e
LITTER = "GBT30428.2/event/0110"


@pytest.fixture(scope="session")
def office_key(node: Node) -> str:
    """A script's key with an acceptor's rights."""
    return cy("token", "--post", "acceptor", "--area", "310101", data=node.data).strip()


def report(node: Node, key: str, text: str, shift: float) -> dict:
    place = urlsplit(node.address)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "application/json",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    body = {"kind": LITTER, "text": text, "lon": 121.005 + shift, "lat": 31.005}
    line.request("POST", "/api/v1/cases", json.dumps(body), headers)
    answer = line.getresponse()
    told = json.load(answer)
    assert answer.status == 201, told
    return told


def home(screen: Screen, who: str, **how: object) -> Page:
    page = screen.desk(who, **how)
    page.goto(screen.node.address + "/")
    expect(page.locator(".staff-home h1")).to_be_visible()
    return page


def test_a_leader_finds_drills_down_and_supervises(screen: Screen, node: Node, office_key: str):
    made = report(node, office_key, "领导要看的", 0.011)
    page = home(screen, "leader")
    worst = page.locator(".case-line").first
    expect(worst).to_be_in_viewport()
    board = page.locator(".board-section")
    for area in ("区310101", "区310101001"):
        board.get_by_role("row").filter(has_text=area).get_by_role("link", name=area).click()
        expect(board.get_by_role("navigation")).to_contain_text(area)
    board.locator(".totals a").first.click()
    page.wait_for_url("**/desk**area=**")
    page.locator(".queue-pane [role=option]", has_text=made["no"][-6:]).click()
    pane = page.locator(".case-pane")
    pane.get_by_role("button", name="督办", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="确定").click()
    expect(dialog).to_have_count(0)
    expect(pane.locator(".timeline")).to_contain_text("督办")
