"""The demo's made-up footprints: towers on podiums in the middle, slabs and lanes farther out."""

import math
from dataclasses import dataclass
from random import Random
from typing import Any

import shapely

from chengyun.kernel.text import JsonObject
from chengyun.sdk.solids import SolidsFile

Made = list[tuple[Any, JsonObject]]


@dataclass(frozen=True, slots=True)
class _Plot:
    """A free rectangle: its middle, half its width and depth, metres."""

    x: float
    y: float
    across: float
    along: float


def buildings(file: SolidsFile) -> Made:
    """Footprints in metres, and OSM's words for each: height, levels, where it begins."""
    dice = Random(file.seed)  # noqa: S311, a demo
    found: Made = []
    half = file.span_m / 2
    across, along = file.block_m
    for column in range(int(file.span_m / across)):
        for row in range(int(file.span_m / along)):
            x, y = -half + (column + 0.5) * across, -half + (row + 0.5) * along
            if dice.random() >= file.parks:
                inner = (across - file.street_m) / 2, (along - file.street_m) / 2
                found += _block(file, _Plot(x, y, *inner), dice)
    return found


def _block(file: SolidsFile, plot: _Plot, dice: Random) -> Made:
    middle = math.exp(-math.hypot(plot.x, plot.y) / (file.span_m * 0.22))
    fate = dice.random()
    if fate < 0.12 + 0.4 * middle:
        return _tower(file, plot, middle, dice)
    return _slabs(plot, dice) if fate < 0.6 else _lanes(plot, dice)


def _tower(file: SolidsFile, plot: _Plot, middle: float, dice: Random) -> Made:
    """Two plots, each a tower on a podium."""
    found: Made = []
    for side in (-1, 1):
        x, y = plot.x + side * plot.across / 2, plot.y
        podium = dice.randint(3, 6)
        ground = _box(x, y, plot.across * 0.44, plot.along * dice.uniform(0.7, 0.95))
        found.append((ground, _said(podium * 4.5, podium, 0.0, "商业裙房")))
        top = max(40.0, file.tallest_m * (0.15 + 0.85 * middle) * dice.uniform(0.5, 1.0))
        size = dice.uniform(13.0, 18.0)
        shape = dice.choice((_box, _octagon, _corner))(x, y, size, size * dice.uniform(0.8, 1.1))
        levels = max(podium + 4, round(top / 4.0))
        found.append((shape, _said(levels * 4.0, levels, podium * 4.5, "塔楼")))
    return found


def _slabs(plot: _Plot, dice: Random) -> Made:
    """Rows of housing that face south."""
    levels = dice.choice((6, 6, 7, 11, 14, 18, 24))
    rows = 3 if levels < 12 else 2
    found: Made = []
    for row in range(rows):
        y = plot.y - plot.along + (row + 0.5) * 2 * plot.along / rows
        for side in (-1, 1):
            own = max(3, levels + dice.randint(-1, 1))
            shape = _box(
                plot.x + side * plot.across * 0.5, y, plot.across * dice.uniform(0.36, 0.44), 6.5
            )
            found.append((shape, _said(own * 2.9, own, 0.0, "住宅")))
    return found


def _lanes(plot: _Plot, dice: Random) -> Made:
    """Small houses wall to wall along lanes."""
    found: Made = []
    for row in range(4):
        y = plot.y - plot.along + (row + 0.5) * plot.along / 2
        x = plot.x - plot.across + 1.0
        while x < plot.x + plot.across - 9.0:
            wide = dice.uniform(9.0, 22.0)
            wide = min(wide, plot.x + plot.across - x)
            levels = dice.choice((2, 2, 3, 3, 4, 5))
            deep = dice.uniform(5.5, 7.5)
            shape = _box(x + wide / 2, y, wide / 2 - 0.4, deep)
            # Some know their levels only, as in many files.
            height = None if dice.random() < 0.3 else levels * 3.1
            found.append((shape, _said(height, levels, 0.0, "里弄")))
            x += wide + (3.0 if dice.random() < 0.2 else 0.0)
    return found


def _said(height: float | None, levels: int, base: float, use: str) -> JsonObject:
    said: JsonObject = {"building:levels": levels, "use": use}
    if height is not None:
        said["height"] = round(height, 1)
    if base:
        said["min_height"] = base
    return said


def _box(x: float, y: float, across: float, along: float) -> Any:
    return shapely.box(x - across, y - along, x + across, y + along)


def _octagon(x: float, y: float, across: float, along: float) -> Any:
    cut = 0.42
    corners = [(1, cut), (cut, 1), (-cut, 1), (-1, cut), (-1, -cut), (-cut, -1), (cut, -1)]
    return shapely.Polygon([(x + a * across, y + b * along) for a, b in [*corners, (1, -cut)]])


def _corner(x: float, y: float, across: float, along: float) -> Any:
    corners = [(-1, -1), (1, -1), (1, 0.1), (0.1, 0.1), (0.1, 1), (-1, 1)]
    return shapely.Polygon([(x + a * across, y + b * along) for a, b in corners])
