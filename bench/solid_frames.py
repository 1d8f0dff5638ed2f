"""The city in 3D in Chromium at 1280 × 720: how long one picture takes while the view turns.

Product: median and p95 from one painted frame to the next, over the demo's buildings above ground
and its pipes below, by the browser's own drawing (software where there is no graphics card).
Reference: the same turning in the same page with all of it hidden: ground and names alone. No
limit: the figure is the machine's. Needs a node with the demo.
"""

import json
import os
import shutil
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, sync_playwright

from _loading import conditions
from chengyun.app.supervisor.node import Node
from chengyun.kernel.clock import system_clock
from chengyun.people import verbs as people
from chengyun.people.models import Appointment

NAME = "solid"
UNIT = "ms"
FRAMES = 40
_ARGS = (
    *("--no-sandbox", "--disable-dev-shm-usage", "--use-angle=gl-egl", "--ignore-gpu-blocklist"),
    *("--disable-background-networking", "--no-first-run"),
)
_VIEWS = {
    "buildings": "z=15.6&p=60&b=-28",
    "pipes": "z=17.4&p=60&b=-28&mode=under",
}
_TURN = """
(frames) => new Promise((done) => {
  const map = window.__map, times = [];
  let last = 0;
  const step = () => {
    const now = performance.now();
    if (last) times.push(now - last);
    last = now;
    if (times.length >= frames) { map.off("render", step); done(JSON.stringify(times)); return; }
    map.setBearing(map.getBearing() + 2);
  };
  map.on("render", step);
  map.setBearing(map.getBearing() + 2);
})
"""
_HIDE = """
() => ["buildings", "shadows", "footprints", "plates", "pipes", "floor", "veil"].forEach(
  (id) => window.__map.getLayer(id) && window.__map.removeLayer(id))
"""


def run(node: Node) -> dict[str, Any]:
    """Measure both views and the bare ground."""
    link = _link(node)  # the database is asked before the browser's own loop begins
    with sync_playwright() as playwright:
        found = os.environ.get("CHENGYUN_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=list(_ARGS))
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.set_default_timeout(60_000)
        page.goto(link)
        page.locator(".staff-home h1").wait_for()
        told: dict[str, Any] = {}
        for name, view in _VIEWS.items():
            page.goto(f"{node.address}/places/solid?e2e=1&{view}")
            page.locator("html[data-map-ready='1']").wait_for(state="attached")
            page.wait_for_timeout(2_000)
            told["solids"] = int(page.locator(".solid-page").get_attribute("data-solids") or 0)
            told |= _turned(page, name)
        page.evaluate(_HIDE)
        page.wait_for_timeout(1_000)
        told |= _turned(page, "bare")
        told["drawn_by"] = page.evaluate(_RENDERER)
        browser.close()
    return {
        "product": told["buildings_p50_ms"],
        "reference": told["bare_p50_ms"],
        "reference_name": "the same page turning without buildings and pipes",
        "lower_is_better": True,
        **told,
        **conditions(),
    }


_RENDERER = """
() => {
  const gl = document.createElement("canvas").getContext("webgl2");
  const more = gl.getExtension("WEBGL_debug_renderer_info");
  return more ? gl.getParameter(more.UNMASKED_RENDERER_WEBGL) : "";
}
"""


def _turned(page: Page, name: str) -> dict[str, float]:
    times = sorted(json.loads(page.evaluate(_TURN, FRAMES)))
    return {
        f"{name}_p50_ms": round(times[len(times) // 2], 1),
        f"{name}_p95_ms": round(times[len(times) * 95 // 100], 1),
    }


def _link(node: Node) -> str:
    """A one-time link of somebody who sees the whole city."""
    now = system_clock.now()
    held = Appointment.objects.held_at(now).filter(post="leader", user__is_active=True)
    chief = held.select_related("user").order_by("area_no", "pk").first()
    assert chief is not None, "the node has no leader"
    return f"{node.address}/signin?token={people.issue_link(chief.user, now, timedelta(hours=1))}"
