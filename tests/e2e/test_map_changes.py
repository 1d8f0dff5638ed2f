"""What one process writes, another serves at once, and an open map draws by itself."""

import math
import time
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import pytest

from tests.e2e.node import cy
from tests.e2e.screen import Screen
from tests.e2e.test_onemap import ready

pytestmark = pytest.mark.e2e
LON, LAT = 121.0031, 31.0093
HEAD = "code,scheme,class,name,state,lon,lat\n"
DRAWN = """() => {
  const found = window.__map.querySourceFeatures("d:components", { sourceLayer: "components" });
  return new Set(found.map((one) => one.properties.code)).size;
}"""


def _tile(zoom: int) -> tuple[int, int]:
    wide = 2**zoom
    high = math.asinh(math.tan(math.radians(LAT)))
    return int((LON + 180) / 360 * wide), int((1 - high / math.pi) / 2 * wide)


def _names(page: Any, screen: Screen) -> set[str]:
    city = page.request.get(f"{screen.node.address}/api/v1/public/site").json()["cities"][0][
        "area"
    ]["no"]
    x, y = _tile(17)
    path = f"/api/v1/tiles/components/17/{x}/{y}.mvt?city={city}"
    body = page.request.get(f"{screen.node.address}{path}").body()
    layer = mapbox_vector_tile.decode(body).get("components", {"features": []})
    return {one["properties"]["name"] for one in layer["features"]}


def _bring_in(screen: Screen, path: Path, *names: str) -> None:
    rows = "".join(
        f",CJT214-2007,0101,{name},,{LON + n / 20_000},{LAT}\n" for n, name in enumerate(names)
    )
    path.write_text(HEAD + rows, encoding="utf-8")
    cy("import", "places", str(path), "--kind", "components", data=screen.node.data)


def test_a_component_written_elsewhere_appears_on_an_open_map(
    screen: Screen, tmp_path: Path
) -> None:
    page = screen.desk("dispatcher")
    page.goto(f"{screen.node.address}/places/map?e2e=1&m=17/{LAT}/{LON}&l=components")
    ready(page)
    before = page.evaluate(DRAWN)
    _bring_in(screen, tmp_path / "components.csv", "新甲", "新乙")
    # The import is over: its own process wrote, the server's answers.
    began = time.monotonic()
    while not {"新甲", "新乙"} <= _names(page, screen):
        assert time.monotonic() - began < 2, "two seconds after the commit the tile is still old"
    page.wait_for_function(f"({DRAWN})() === {before + 2}", timeout=10_000)
