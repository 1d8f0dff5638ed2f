"""Every screen in every dress: pictures to look at, and to compare with those of another time.

    python -m tests.e2e.looks --out FOLDER [--against FOLDER] [--only NAME …] [--quick]

Pictures of two times are compared as they are seen from afar (64 parts across), so that a clock or
a number that moved on is no difference and a broken page is one. With `--keep` the pictures of a
few screens become the thumbnails that tests/e2e/test_looks.py holds the product against.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Page, sync_playwright

from tests.e2e import afar
from tests.e2e.line import Line
from tests.e2e.node import Node, cy, start
from tests.e2e.screen import Screen
from tests.e2e.solids import bring_in
from tests.e2e.views import KIND, SPOT, VIEWS, View

SIZES = {"hd": (1280, 720), "full": (1920, 1080), "phone": None}
Dress = tuple[str, str, str]
LOCALES = ("zh-CN", "en")
SCHEMES = ("light", "dark")
QUICK: tuple[Dress, ...] = (("hd", "zh-CN", "light"), ("phone", "en", "dark"))
_OFFICE = "import runpy; runpy.run_path('tests/e2e/office.py')"


def dresses(quick: bool) -> Iterator[Dress]:
    """Size, language, colours; `quick` keeps one of each that differs most."""
    if quick:
        yield from QUICK
        return
    yield from product(SIZES, LOCALES, SCHEMES)


class Gallery:
    """A node with something to see in it, and pictures of its screens."""

    def __init__(self, screen: Screen, node: Node) -> None:
        self.screen = screen
        self.node = node
        self._tokens = json.loads(
            cy("manage", "shell", "--no-imports", "-c", _OFFICE, data=node.data)
        )
        bring_in(node)
        made, *_ = [self._case(shift) for shift in range(3)]
        self._words = {"case": made["id"], "code": made["track_code"], "no": made["no"]}

    def _case(self, shift: int) -> dict[str, str]:
        body = {"kind": KIND, "text": "路边堆放杂物", "source": "hotline"}
        place = {"lon": SPOT[0] + 0.003 * shift, "lat": SPOT[1] + 0.011}
        return Line(self.node).call("POST", "/cases", body | place, "acceptor")

    def enter(self, who: str | None, dress: Dress) -> Page:
        """A page in a dress; a person comes in by a link or a session of their own."""
        size, locale, scheme = dress
        wanted = SIZES[size]
        more = {"viewport": {"width": wanted[0], "height": wanted[1]}} if wanted else {}
        context = self.screen.context(locale=locale, scheme=scheme, phone=not wanted, **more)
        page = context.new_page()
        if who in self._tokens:
            cookie = {"name": "cy_session", "value": self._tokens[who], "url": self.node.address}
            context.add_cookies([cookie])  # type: ignore[list-item]
        elif who:
            page.goto(self.node.link(who))
            page.wait_for_url(lambda url: "/signin" not in url)
        return page

    def take(self, page: Page, view: View, path: Path) -> None:
        """One picture."""
        self.go(page, view)
        page.wait_for_timeout(500)
        if view.act:
            view.act(page)
        page.wait_for_timeout(500)
        page.screenshot(path=path)

    def go(self, page: Page, view: View) -> None:
        """Open a screen and wait until it is there."""
        page.goto(self.node.address + view.path.format(**self._words))
        page.locator(view.ready).first.wait_for()

    def show(self, views: Iterable[View], wanted: Iterable[Dress], out: Path) -> list[str]:
        """Pictures of all views in all dresses, `NAME.SIZE.LANGUAGE.COLOURS.png`; what failed."""
        out.mkdir(parents=True, exist_ok=True)
        wrong = []
        views = tuple(views)
        for who, dress in product(dict.fromkeys(one.who for one in views), tuple(wanted)):
            page = self.enter(who, dress)
            for view in (one for one in views if one.who == who):
                name = f"{view.name}.{'.'.join(dress)}"
                try:
                    self.take(page, view, out / f"{name}.png")
                except BrowserError as error:
                    wrong.append(f"{name}: {error.message.splitlines()[0]}")
                    continue
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                if wide > 0:
                    wrong.append(f"{name} is {wide} px too wide")
            page.context.close()
        return wrong


def run(node: Node, out: Path, against: Path | None, only: list[str], quick: bool) -> list[str]:
    """Take the pictures; what failed, or differs from the folder they are held against."""
    views = [one for one in VIEWS if not only or any(part in one.name for part in only)]
    with sync_playwright() as playwright:
        screen = Screen(playwright, node)
        try:
            wrong = Gallery(screen, node).show(views, dresses(quick), out)
        finally:
            screen.close()
    for path in sorted(out.glob("*.png")) if against else ():
        before = against / path.name if against else path
        if before.exists() and (found := afar.unlike(before, path)) > afar.UNLIKE:
            wrong.append(f"{path.name}: {found:.1f}")
    return wrong + screen.faults


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep", action="store_true", help="renew the thumbnails of the tests")
    given = parser.parse_args()
    quick, only = given.quick or given.keep, list(afar.KEPT) if given.keep else given.only
    data = Path(tempfile.mkdtemp(prefix="cy-looks-")) / "data"
    try:
        wrong = run(start(data), given.out, given.against, only, quick)
    finally:
        cy("down", data=data)
    if given.keep and not wrong:
        afar.keep(given.out)
    sys.stdout.write(json.dumps({"pictures": len(list(given.out.glob("*.png"))), "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
