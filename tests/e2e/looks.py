"""Every screen in every dress: pictures to look at, and to compare with those of another time.

    python -m tests.e2e.looks --out FOLDER [--against FOLDER] [--only NAME] [--quick]

Pictures of two times are compared as they are seen from afar (64 parts across), so that a clock or
a number that moved on is no difference and a broken page is one.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page, sync_playwright

from tests.e2e.node import Node, cy, start
from tests.e2e.screen import Screen

SIZES = {"hd": (1280, 720), "full": (1920, 1080), "phone": None}
Dress = tuple[str, str, str]
LOCALES = ("zh-CN", "en")
SCHEMES = ("light", "dark")
SEEN = (64, 36)
# Mean difference of a part, of 255, above which two pictures are not of the same page.
UNLIKE = 10.0


@dataclass(frozen=True)
class View:
    """A screen: its address, who looks at it, and what is done before the picture is taken."""

    name: str
    path: str
    who: str | None = None
    ready: str = "main"
    act: Callable[[Page], None] | None = None


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")


def _first_case(page: Page) -> None:
    page.locator(".queue-pane").wait_for()
    page.keyboard.press("j")
    page.wait_for_timeout(600)


VIEWS = (
    View("landing", "/"),
    View("signin", "/signin"),
    View("report", "/report"),
    View("track", "/track"),
    View("map", "/map"),
    View("design", "/design"),
    View("desk", "/desk", "acceptor", ".queue-pane", _first_case),
    View("desk-palette", "/desk", "dispatcher", ".queue-pane", _palette),
)


def dresses(quick: bool) -> Iterator[Dress]:
    """Size, language, colours; `quick` keeps one of each that differs most."""
    if quick:
        yield from (("hd", "zh-CN", "light"), ("phone", "en", "dark"))
        return
    yield from product(SIZES, LOCALES, SCHEMES)


def unlike(one: Path, other: Path) -> float:
    """How much two pictures differ from afar: 0 the same, 255 black against white."""
    pictures = [Image.open(path).convert("RGB").resize(SEEN) for path in (one, other)]
    return sum(ImageStat.Stat(ImageChops.difference(*pictures)).mean) / 3


def enter(screen: Screen, who: str | None, dress: Dress) -> Page:
    """A page in a dress; a person comes in by a link of their own."""
    size, locale, scheme = dress
    viewport = SIZES[size]
    more = {"viewport": dict(zip(("width", "height"), viewport, strict=True))} if viewport else {}
    page = screen.context(locale=locale, scheme=scheme, phone=viewport is None, **more).new_page()
    if who:
        page.goto(screen.node.link(who))
        page.wait_for_url(lambda url: "/signin" not in url)
    return page


def take(page: Page, address: str, view: View, path: Path) -> None:
    """One picture."""
    page.goto(address + view.path)
    page.locator(view.ready).first.wait_for()
    page.wait_for_timeout(500)
    if view.act:
        view.act(page)
    page.wait_for_timeout(500)
    page.screenshot(path=path)


def run(node: Node, out: Path, against: Path | None, only: str, quick: bool) -> list[str]:
    """Take the pictures; what differs from the folder they are held against, or failed."""
    out.mkdir(parents=True, exist_ok=True)
    wrong = []
    views = [one for one in VIEWS if only in one.name]
    with sync_playwright() as playwright:
        screen = Screen(playwright, node)
        try:
            for who, dress in product(dict.fromkeys(one.who for one in views), dresses(quick)):
                page = enter(screen, who, dress)
                for view in (one for one in views if one.who == who):
                    path = out / f"{view.name}.{'.'.join(dress)}.png"
                    take(page, node.address, view, path)
                    before = against / path.name if against else None
                    if before and before.exists() and unlike(before, path) > UNLIKE:
                        wrong.append(f"{path.name}: {unlike(before, path):.1f}")
                page.context.close()
        finally:
            screen.close()
    return wrong + screen.faults


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    data = Path(tempfile.mkdtemp(prefix="cy-looks-")) / "data"
    try:
        wrong = run(start(data), given.out, given.against, given.only, given.quick)
    finally:
        cy("down", data=data)
    sys.stdout.write(json.dumps({"pictures": len(list(given.out.glob("*.png"))), "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
