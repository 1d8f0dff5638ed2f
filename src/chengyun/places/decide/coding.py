"""The two codes of an address, as a city's rules say (GB/T 39609 asks for an area-style and a
coordinate-style code).

Known is the order: area, then street/lane/compound, then building/number, then unit/room. How many
digits each has, and how a coordinate is written, are rules: dated data of packs, unverified until a
city confirms them. Without rules there are no codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chengyun.kernel.text import Json

AREA_DIGITS = 12
SEGMENTS = (
    ("road", "lane", "sub_lane", "compound", "cross", "poi"),
    ("number", "building"),
    ("unit", "floor", "room"),
)
"""The parts that each segment behind the area stands for."""


@dataclass(frozen=True, slots=True)
class CodeRules:
    """Digits of the three segments behind the 12-digit area code; decimals of degrees and metres
    in the coordinate-style code."""

    widths: tuple[int, int, int]
    degree_decimals: int
    height_decimals: int


def segment_names(state: Mapping[str, Json]) -> tuple[str, str, str]:
    """What each segment numbers, "" where the address does not go that deep."""
    first, second, third = (
        "".join(str(state.get(part) or "") for part in parts) for parts in SEGMENTS
    )
    return first, second, third


def segment(ordinal: int, width: int) -> str:
    """An ordinal (0 = none) in its digits; "" where it does not fit."""
    said = str(ordinal).zfill(width)
    return said if len(said) == width else ""


def point_code(rules: CodeRules, lon: float | None, lat: float | None, height: float | None) -> str:
    """The coordinate-style code; "" without a point. Hemispheres by letter."""
    if lon is None or lat is None:
        return ""
    scale = 10**rules.degree_decimals
    east, north = round(abs(lon) * scale), round(abs(lat) * scale)
    up = round((height or 0.0) * 10**rules.height_decimals)
    return (
        f"{'E' if lon >= 0 else 'W'}{east:0{3 + rules.degree_decimals}d}"
        f"{'N' if lat >= 0 else 'S'}{north:0{2 + rules.degree_decimals}d}"
        f"H{'-' if up < 0 else ''}{abs(up):0{4 + rules.height_decimals}d}"
    )
