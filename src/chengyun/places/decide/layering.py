"""What a layer's entry in the catalogue may say."""

import re
from collections.abc import Mapping

from chengyun.kernel.text import Json
from chengyun.places.decide.solids import space_faults

ROLES = ("", "water", "green", "land", "building", "road", "rail", "station", "boundary", "label")
"""What the base map draws a layer as; "" keeps it out of the base map."""
KINDS = ("fill", "line", "circle", "symbol", "fill-extrusion", "heatmap")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}|--[a-z0-9-]{1,40}")
_NUMBERS = {
    "width": (0.1, 50.0),
    "radius": (0.5, 100.0),
    "opacity": (0.0, 1.0),
    "height": (0, 2000),
}
_PROPERTY = re.compile(r"[\w.: -]{1,64}")


def layer_faults(
    code: str,
    grade: int,
    public: bool,
    role: str,
    style: Mapping[str, Json],
    zooms: tuple[float, float],
) -> list[tuple[str, str]]:
    """What is wrong with an entry: field and reason each."""
    found = []
    if not _CODE.fullmatch(code):
        found.append(("code", "lower-case letters, digits, - and _, at most 64"))
    if grade not in (1, 2, 3, 4):
        found.append(("grade", "a data grade from 1 to 4"))
    if public and grade != 1:
        found.append(("public", "only data of grade 1 can be public"))
    if role not in ROLES:
        found.append(("role", f"one of {', '.join(ROLES[1:])}, or nothing"))
    if not 0 <= zooms[0] <= zooms[1] <= 24:
        found.append(("min_zoom", "from 0 to 24, the smallest first"))
    return found + _style_faults(style)


def _style_faults(style: Mapping[str, Json]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in style.items():
        if name == "space":
            found.extend(("style", fault) for fault in space_faults(value))
            continue
        if name == "type":
            good = value in KINDS
        elif name in ("color", "outline"):
            good = isinstance(value, str) and bool(_COLOUR.fullmatch(value))
        elif name in ("label", "height_from"):
            good = isinstance(value, str) and bool(_PROPERTY.fullmatch(value))
        elif name in _NUMBERS:
            low, high = _NUMBERS[name]
            good = type(value) in (int, float) and low <= float(str(value)) <= high
        else:
            good = False
        if not good:
            found.append(("style", f"{name[:40]!r} cannot be {str(value)[:40]!r}"))
    return found
