"""A browser that watches itself: every error of a page, and every request that leaves the node."""

import os
import shutil
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

from tests.e2e.node import Node

ARGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--use-angle=gl-egl",
    "--ignore-gpu-blocklist",
    "--font-render-hinting=none",
]
# A refused request is the test's own doing: the browser reports it beside the page's own words.
_REFUSED = "Failed to load resource: the server responded with a status of 4"
# Two busy cores draw slowly.
PATIENCE_MS = 25_000
expect.set_options(timeout=PATIENCE_MS)
SPOT = {"longitude": 121.005, "latitude": 31.005, "accuracy": 8}


class Screen:
    """Contexts and pages of one browser; `faults` says what went wrong on any of them."""

    def __init__(self, playwright: Playwright, node: Node) -> None:
        found = os.environ.get("CHENGYUN_CHROMIUM") or shutil.which("chromium")
        self.node = node
        self.faults: list[str] = []
        self._playwright = playwright
        self._browser: Browser = playwright.chromium.launch(executable_path=found, args=ARGS)

    def context(
        self, *, locale: str = "zh-CN", scheme: str = "light", phone: bool = False, **more: Any
    ) -> BrowserContext:
        """A browser of somebody else: own cookies, language, colours."""
        device: dict[str, Any] = (
            dict(self._playwright.devices["Pixel 7"])
            if phone
            else {"viewport": {"width": 1280, "height": 720}}
        )
        made = self._browser.new_context(
            **(device | more),
            locale=locale,
            color_scheme=scheme,
            timezone_id="Asia/Shanghai",
            geolocation=SPOT,
            permissions=["geolocation"],
            reduced_motion="reduce",
        )
        made.set_default_timeout(PATIENCE_MS)
        made.on("page", self._watch)
        return made

    def desk(self, who: str, **how: Any) -> Page:
        """The desk of a person who just came in by a one-time link."""
        page = self.context(**how).new_page()
        page.goto(self.node.link(who) + "&next=/desk")
        expect(page.locator(".queue-pane")).to_be_visible()
        return page

    def home(self, who: str, **how: Any) -> Page:
        """The first page of a person who just came in by a one-time link."""
        page = self.context(**how).new_page()
        page.goto(self.node.link(who))
        page.wait_for_url(self.node.address + "/")
        expect(page.locator(".staff-home h1")).to_be_visible()
        return page

    def close(self) -> None:
        """End the browser."""
        self._browser.close()

    def _watch(self, page: Page) -> None:
        host = urlsplit(self.node.address).hostname
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._heard(page, said))
        page.on(
            "request",
            lambda asked: (
                None
                if urlsplit(asked.url).scheme in {"data", "blob"}
                or urlsplit(asked.url).hostname == host
                else self.faults.append(f"{page.url} asks {asked.url}")
            ),
        )

    def _heard(self, page: Page, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith(_REFUSED):
            self.faults.append(f"{page.url}: {said.text}")
