"""Every screen of the product as it is looked at: where, by whom, and what is done first."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw
from playwright.sync_api import Page

KIND = "GBT30428.2/event/0110"
SPOT = (121.005, 31.005)


@dataclass(frozen=True)
class View:
    """A screen: its address, who looks at it, and what is done before the picture is taken.

    `{case}`, `{code}` and `{no}` in the address are the id, the tracking code and the number of a
    case that the node has.
    """

    name: str
    path: str
    who: str | None = None
    ready: str = "main"
    act: Callable[[Page], None] | None = None


def press(*keys: str) -> Callable[[Page], None]:
    """Press keys one after the other."""

    def act(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(400)

    return act


def click(*places: str) -> Callable[[Page], None]:
    """Click on the first of each of the places, once it is there."""

    def act(page: Page) -> None:
        for place in places:
            page.locator(place).first.click()
            page.wait_for_timeout(400)

    return act


def photo() -> dict[str, object]:
    """A picture as a phone would give it, the same every time."""
    drawn = Image.new("RGB", (640, 480), "#7a8a99")
    ImageDraw.Draw(drawn).rectangle((160, 200, 480, 440), fill="#5b4636")
    out = io.BytesIO()
    drawn.save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def map_there(page: Page) -> None:
    """Wait for the map; a phone draws it only when it is asked for, or when a place is chosen."""
    asked, size = page.locator(".lazy-map button"), page.viewport_size
    asked.or_(page.locator(".maplibregl-canvas")).first.wait_for()
    if size and size["width"] <= 720 and asked.count():
        asked.click()
    page.locator(".maplibregl-canvas").wait_for()


def fill_report(page: Page) -> None:
    """A resident who gives a photo, a place and words."""
    map_there(page)
    page.get_by_test_id("photo").set_input_files(photo())  # type: ignore[arg-type]
    page.locator(".report-page .place button").first.click()
    page.locator(".report-page textarea").first.fill(
        "纸箱和袋子堆在路边 Boxes and bags by the road"
    )
    page.wait_for_timeout(1_500)


def send_report(page: Page) -> None:
    """The same, sent."""
    fill_report(page)
    page.locator(".report-page button[type=submit]").click()
    page.get_by_test_id("track-code").wait_for()


PUBLIC = (
    View("landing", "/", None, ".home"),
    View("signin", "/signin", None, "form"),
    View("report", "/report", None, ".report-page", map_there),
    View("report-filled", "/report", None, ".report-page", fill_report),
    View("report-sent", "/report", None, ".report-page", send_report),
    View("track", "/track", None, "form"),
    View("track-wrong", "/track/NOTACODE", None, "form"),
    View("track-found", "/track/{code}", None, ".found"),
    View("map", "/map", None, ".around-page .map", map_there),
    View("design", "/design", None, ".figures"),
)
HOMES = tuple(
    View(f"home-{name}", "/", who, ".staff-home h1")
    for name, who in (
        ("city", "leader"),
        ("district", "warden"),
        ("shift", "shift_leader"),
        ("street", "street"),
        ("community", "neighbour"),
        ("dispatcher", "dispatcher"),
        ("acceptor", "acceptor"),
        ("department", "department"),
        ("handler", "handler"),
        ("collector", "collector"),
        ("evaluator", "evaluator"),
        ("administrator", "root"),
        ("auditor", "auditor"),
    )
)
DESK = (
    View("desk", "/desk", "acceptor", ".queue-pane"),
    View("desk-case", "/desk/{case}", "acceptor", ".case-pane .timeline"),
    View("desk-new", "/desk", "acceptor", ".queue-pane", press("n")),
    View("desk-keys", "/desk", "acceptor", ".queue-pane", press("?")),
    View("desk-bulk", "/desk?queue=all", "shift_leader", "[role=option]", press("j", "x")),
    View("desk-palette", "/desk", "dispatcher", ".queue-pane", press("Control+k")),
    View("desk-map", "/desk/map", "dispatcher", "canvas"),
    View("moderation", "/moderation", "acceptor", "[role=tabpanel]"),
)
DIRECTORY = (
    View("duties", "/duties", "planner", ".entries-tab tbody tr"),
    View(
        "duties-entry",
        "/duties",
        "planner",
        ".entries-tab tbody tr",
        click(".entries-tab tbody button"),
    ),
    View("organisations", "/organisations", "root", "[role=treeitem]"),
    View("users", "/users", "root", "tbody tr"),
    View("user", "/users", "guard", "tbody a", click("tbody a")),
    View("shifts", "/shifts?post=shift_leader", "night"),
    View("shifts-roster", "/shifts?tab=roster&post=shift_leader", "night", ".roster-grid"),
)
EVALUATION = (
    View("evaluation", "/evaluation", "leader", ".facts"),
    View("evaluation-area", "/evaluation?by=area", "evaluator", ".facts"),
    View("findings", "/evaluation/findings", "evaluator", ".findings-page .bar"),
    View("published", "/evaluation/published", "evaluator", ".published-page"),
)
OWN = (
    View("notices", "/notices", "acceptor", "h1"),
    View("notices-settings", "/notices/settings", "acceptor", "h1"),
    View("notices-log", "/notices/log", "root", "h1"),
    View("account", "/account", "acceptor", ".session-list li"),
)
PAPER = (
    View("paper", "/paper", "acceptor", "h1"),
    View("paper-list", "/paper/list?queue=all", "acceptor", ".list-sheet"),
    View("paper-sheet", "/paper/case/{case}", "acceptor", ".case-sheet .qr-code"),
    View("paper-blank", "/paper/blank?sheets=1", "acceptor", ".paper-no"),
    View("paper-entry", "/paper/entry", "acceptor", "h1"),
)
SOLID = (
    View("solid", "/places/solid?c=121.005,31.005&z=16.5", "leader", ".solid-page canvas"),
    View(
        "solid-under",
        "/places/solid?c=121.005,31.005&z=17.5&mode=under",
        "leader",
        ".solid-page canvas",
    ),
)
MAP = (
    View("onemap", "/places/map", "dispatcher", ".layer-map canvas"),
    View(
        "onemap-here",
        "/places/map?m=14/31.005/121.005&p=121.005,31.005&l=cases,components,grids,streets&list=1",
        "dispatcher",
        ".here-pane h3",
    ),
    View("onemap-split", "/places/map?split=swipe*50&l=case-heat,streets*b", "leader", ".slider"),
    View("onemap-print", "/places/map/print?l=cases,districts", "leader", ".sheet canvas"),
)
SENSES = (
    View("signals", "/signals", "shift_leader", "h1"),
    View("senses", "/senses", "shift_leader", "h1"),
    View("senses-new", "/senses/new", "shift_leader", "form"),
    View("senses-shares", "/senses/shares", "shift_leader", "form"),
    View("senses-siting", "/senses/siting?kind=ponding-point", "shift_leader", ".sited"),
    View("rules", "/rules", "leader", "tbody a"),
    View("rule", "/rules/flood.ponding", "leader", ".trial-pane"),
    View("rule-rewrite", "/rules/flood.ponding", "leader", ".trial-pane", click(".acts .main")),
    View("packs", "/packs", "leader", ".cards li"),
    View("pack", "/packs/flood", "leader", ".pack-pane tbody a"),
    View("dashboard", "/packs/flood/dashboards/flood", "leader", ".dashboard-page .grid"),
)
VIEWS = PUBLIC + HOMES + DESK + DIRECTORY + EVALUATION + OWN + PAPER + SOLID + MAP + SENSES
