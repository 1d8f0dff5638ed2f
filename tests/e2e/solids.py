"""A few buildings and pipes in the small city, brought in from files as anybody would."""

import json
from pathlib import Path
from typing import Any

from tests.e2e.node import Node, cy

LON, LAT = 121.005, 31.005


def bring_in(node: Node) -> None:
    """Import both layers; done twice it changes nothing."""
    for name, kind, features, words in (
        ("houses", "building", _houses(), {"name_zh": "试验建筑", "name_en": "Test buildings"}),
        ("pipes", "pipe", _pipes(), {"name_zh": "试验管线", "name_en": "Test pipes"}),
    ):
        path = Path(node.data) / f"{name}.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        options = {"space": kind, **words}
        flags = [part for one in options.items() for part in ("--option", "=".join(one))]
        cy(
            "import",
            "places",
            str(path),
            "--kind",
            "layer",
            "--source",
            "试验",
            *flags,
            data=node.data,
        )


def _feature(key: int, shape: str, coordinates: Any, **said: Any) -> dict[str, Any]:
    geometry = {"type": shape, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"id": key, **said}, "geometry": geometry}


def _houses() -> list[dict[str, Any]]:
    found = []
    for at in range(12):
        x, y = LON + 0.0006 * (at % 4 - 1.5), LAT + 0.0006 * (at // 4 - 1)
        corners = [(0, 0), (3e-4, 0), (3e-4, 3e-4), (0, 3e-4), (0, 0)]
        ring = [[x + dx, y + dy] for dx, dy in corners]
        levels = {"building:levels": 4 + 3 * at}
        found.append(_feature(at, "Polygon", [ring], name=f"试验楼{at + 1}", **levels))
    return found


def _pipes() -> list[dict[str, Any]]:
    kinds = ("给水", "雨水", "污水", "燃气", "电力", "通信", "热力")
    found = []
    for at, kind in enumerate(kinds):
        y = LAT + 0.0003 + 0.00002 * at
        line = [[LON - 0.002, y], [LON + 0.002, y]]
        said = {"name": f"试验{kind}管", "kind": kind, "depth": 1 + 0.4 * at, "diameter": 300}
        found.append(_feature(at, "LineString", line, **said))
    return found
