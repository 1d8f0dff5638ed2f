"""The desk in Chromium with 100,000 open cases: memory, first rows, how late keys are answered.

Product: p99 from a key (J, K, or a letter typed in the search) to the next painted frame.
Reference: J and K on a page that is nothing but a virtual list of as many rows, in the same
browser; beside it the same desk when the city has sixty cases. Limit: a frame of the screen.
Copies of the sixty are as whole as they are: each has its events. Needs its own node.
"""

import json
import os
import shutil
import time
from datetime import timedelta
from typing import Any

import psycopg
from playwright.sync_api import Page, sync_playwright

from _loading import Line, as_bodies, conditions, reports, token
from chengyun.app.supervisor.node import Node
from chengyun.kernel.clock import system_clock
from chengyun.people import verbs as people
from chengyun.people.models import Appointment

NAME = "desk"
UNIT = "ms"
SEEDS = 60
OPEN = 100_000
STEPS = 60
FRAME_MS = 16.7
_ARGS = (
    *("--no-sandbox", "--disable-dev-shm-usage", "--use-angle=gl-egl", "--ignore-gpu-blocklist"),
    *("--disable-background-networking", "--no-first-run"),
)

# Every key's time until the frame after it has been painted, whatever else the page does.
_WATCH = """
window.__late = [];
addEventListener("keydown", (event) => {
  const at = event.timeStamp;
  requestAnimationFrame(() => {
    const line = new MessageChannel();
    line.port1.onmessage = () => window.__late.push(performance.now() - at);
    line.port2.postMessage(0);
  });
}, true);
"""
# A list and its selection, no words to translate, no server, no map: what the browser itself takes.
_BARE = """
<style>.row { position: absolute; inset-inline: 0; height: 84px; border-bottom: 1px solid #ccc }
.on { background: #cdf }</style>
<div id="box" style="height: 600px; width: 340px; overflow: auto">
<div id="list" style="position: relative; height: 8400000px"></div></div>
<script>
const box = document.getElementById("box"), list = document.getElementById("list");
let at = -1;
function row(n) {
  const made = document.createElement("div");
  made.className = n === at ? "row on" : "row";
  made.style.transform = `translateY(${n * 84}px)`;
  made.innerHTML = `<b>Kind ${n}</b><p>Text of case ${n}</p><p>Place ${n}</p>`;
  return made;
}
function draw() {
  const first = Math.max(0, Math.floor(box.scrollTop / 84) - 6);
  list.replaceChildren(...Array.from({ length: 20 }, (_, n) => row(first + n)));
}
box.onscroll = draw;
addEventListener("keydown", ({ key }) => {
  at = Math.max(0, at + (key === "j" ? 1 : -1));
  if (at * 84 < box.scrollTop) box.scrollTop = at * 84;
  else if (at * 84 + 84 > box.scrollTop + 600) box.scrollTop = at * 84 - 516;
  draw();
});
draw();
</script>
"""
_COPY_OF = """
CREATE TEMP TABLE made AS
SELECT seed.id AS was, gen_random_uuid() AS id, seed.no AS old_no,
    'B' || lpad((copy * 1000 + seed.at)::text, 12, '0') AS no, copy
FROM (SELECT id, no, row_number() OVER (ORDER BY no) AS at FROM cases_case WHERE open) AS seed,
    generate_series(1, %(copies)s) AS copy
"""
# The events stand before everything the followers and the stream have read: copies are no news.
_EVENTS = """
INSERT INTO kernel_event (id, seq, xid, name, subject_id, subject_version, area_no, unit_ids,
    actor_id, actor_kind, actor_name, occurred_at, recorded_at, data)
SELECT gen_random_uuid(), -row_number() OVER (), 0, e.name, m.id, e.subject_version, e.area_no,
    e.unit_ids, e.actor_id, e.actor_kind, e.actor_name, e.occurred_at, e.recorded_at,
    replace(replace(e.data::text, m.was::text, m.id::text), m.old_no, m.no)::jsonb
FROM made m JOIN kernel_event e ON e.subject_id = m.was
"""


def run(node: Node) -> dict[str, object]:
    """Measure the desk of a city with sixty cases, then with a hundred thousand."""
    _seed(node)
    small = _measured(node)
    began = time.perf_counter()
    count = _fill(node)
    filled = time.perf_counter() - began
    large = _measured(node)
    return {
        "product": large["jk_p99_ms"],
        "reference": large["bare_p99_ms"],
        "reference_name": f"J and K on a bare virtual list of {OPEN} rows",
        "limit": FRAME_MS,
        "limit_name": "one frame at 60 Hz",
        "lower_is_better": True,
        "p50_ms": large["jk_p50_ms"],
        "p99_ms": large["jk_p99_ms"],
        "times_the_desk_with_60": round(large["key_p99_ms"] / small["key_p99_ms"], 2),
        "open_cases": count,
        "filled_seconds": round(filled, 1),
        "with_60": small,
        "with_100_000": large,
        **conditions(),
    }


def _seed(node: Node) -> None:
    line = Line(node.address, token(node))
    for number, body in enumerate(as_bodies(reports(SEEDS, seed=3))):
        status, answer = line.ask("POST", "/api/v1/cases", body, key=f"desk-bench-{number}")
        assert status == 201, answer[:300]
    line.close()


def _fill(node: Node) -> int:
    with psycopg.connect(node.database_url("owner")) as connection:
        found = connection.execute("SELECT count(*) FROM cases_case WHERE open").fetchone()
        connection.execute(_COPY_OF, {"copies": OPEN // max(1, found[0] if found else 1)})
        rows = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'cases_case'"
            " ORDER BY ordinal_position"
        ).fetchall()
        # Spread over a few hundred metres, so that no copy hides another.
        changed = {
            "id": "m.id",
            "no": "m.no",
            "lon": "c.lon + 0.00002 * (m.copy % 97 - 48)",
            "lat": "c.lat + 0.00002 * (m.copy % 89 - 44)",
            "cell": "NULL",
            "next_tick_at": "NULL",
            "sort_at": "c.sort_at + m.copy * interval '1 second'",
            "external_id": "NULL",
            "external_source": "NULL",
        }
        names = [row[0] for row in rows]
        values = ", ".join(changed.get(name, f"c.{name}") for name in names)
        connection.execute(_EVENTS)
        # Names of the table's own columns, and constants.
        connection.execute(
            f"INSERT INTO cases_case ({', '.join(names)}) SELECT {values}"  # noqa: S608
            " FROM made m JOIN cases_case c ON c.id = m.was"
        )
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE cases_case")
        connection.execute("VACUUM ANALYZE kernel_event")
        count = connection.execute("SELECT count(*) FROM cases_case WHERE open").fetchone()
        return int(count[0]) if count else 0


def _link(node: Node) -> str:
    """A one-time link of somebody who sees the whole city."""
    now = system_clock.now()
    held = Appointment.objects.held_at(now).filter(post="leader", user__is_active=True)
    chief = held.select_related("user").order_by("area_no", "pk").first()
    assert chief is not None, "the node has no leader"
    sent = people.issue_link(chief.user, now, timedelta(hours=1))
    return f"{node.address}/signin?token={sent}&next=/desk"


def _measured(node: Node) -> dict[str, Any]:
    link = _link(node)  # the database is asked before the browser's own loop begins
    with sync_playwright() as playwright:
        found = os.environ.get("CHENGYUN_CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=list(_ARGS))
        page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        page.set_default_timeout(60_000)
        page.add_init_script(_WATCH)
        page.goto(link)
        page.wait_for_url("**/desk**")
        page.wait_for_timeout(3_000)  # the scripts are in the browser's cache from here on
        began = time.perf_counter()
        page.goto(f"{node.address}/desk?queue=all")
        page.wait_for_selector(".queue-pane [role=option]")
        first = time.perf_counter() - began
        page.wait_for_timeout(2_500)
        steps = _keys(page, ["j"] * STEPS + ["k"] * 10)
        page.keyboard.press("/")
        typed = _keys(page, list("renmin road 12 light"))
        page.wait_for_timeout(2_000)
        heap = _heap(page)
        rows = page.locator(".queue-pane [role=option]").count()
        bare = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
        bare.set_content(_BARE)
        bare.evaluate(_WATCH)
        plain = _keys(bare, ["j"] * STEPS + ["k"] * 10)
        browser.close()
    both = steps + typed
    return {
        "heap_mib": round(heap / 2**20, 1),
        "first_rows_ms": round(first * 1000),
        "rows_in_page": rows,
        "key_p50_ms": _part(both, 50),
        "key_p99_ms": _part(both, 99),
        "jk_p50_ms": _part(steps, 50),
        "jk_p99_ms": _part(steps, 99),
        "typing_p50_ms": _part(typed, 50),
        "typing_p99_ms": _part(typed, 99),
        "bare_p50_ms": _part(plain, 50),
        "bare_p99_ms": _part(plain, 99),
    }


def _keys(page: Page, keys: list[str]) -> list[float]:
    page.evaluate("window.__late = []")
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(120)  # a quick hand
    page.wait_for_timeout(300)
    found: list[float] = json.loads(page.evaluate("JSON.stringify(window.__late)"))
    return found


def _heap(page: Page) -> float:
    line = page.context.new_cdp_session(page)
    line.send("HeapProfiler.enable")
    line.send("HeapProfiler.collectGarbage")
    line.send("Performance.enable")
    told = {one["name"]: one["value"] for one in line.send("Performance.getMetrics")["metrics"]}
    return float(told["JSHeapUsedSize"])


def _part(found: list[float], percent: int) -> float:
    return round(sorted(found)[min(len(found) - 1, len(found) * percent // 100)], 1)
