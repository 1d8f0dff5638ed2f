"""How a layer's features stand in space: what its entry says, and what that makes of a feature.

An entry's style may hold `space`: {"is": "building"} or {"is": "pipe"} with the names of the
columns that say how high, how deep, how thick. A file's own words stay as they are; heights in
metres above the ground, depths in metres below it and diameters in millimetres are told from them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chengyun.kernel.text import Json, JsonObject

PIPES: Mapping[str, tuple[str, ...]] = {
    "water": ("water", "给水", "供水", "上水", "自来水", "js"),
    "rain": ("rain", "storm", "rainwater", "雨水", "ys"),
    "sewage": ("sewage", "sewer", "wastewater", "污水", "合流", "排水", "ws", "hs", "ps"),
    "gas": ("gas", "燃气", "天然气", "煤气", "rq", "tr"),
    "power": ("power", "electricity", "cable", "电力", "供电", "dl"),
    "telecom": (
        "telecom",
        "communication",
        "telecommunication",
        "通信",
        "电信",
        "通讯",
        "dx",
        "tx",
    ),
    "heat": ("heat", "heating", "热力", "供热", "rl"),
}
"""What runs in a pipe, and the words files have for it (whole words, any case)."""

STOREY_M = 3.0
"""Metres taken for a level where only levels are known; an entry may say another. OSM's advice."""
TALLEST_M = 1_000.0
DEEPEST_M = 100.0
MOST_LEVELS = 200
THICKEST_MM = 20_000.0

_COLUMN = re.compile(r"[\w.: -]{1,64}")
_COLUMNS = {
    "building": {"height": "height", "levels": "building:levels", "base": "min_height"},
    "pipe": {"depth": "depth", "depth_end": "", "diameter": "diameter", "kind": "kind"},
}
_MORE = {"building": ("storey_m",), "pipe": ("always", "diameter_in")}
_NUMBER = re.compile(
    r"([+-]?\d+(?:[.,]\d+)?)\s*(m|米|meters?|metres?|mm|毫米|ft|feet|')?", re.IGNORECASE
)
_SIZES = {"": 1.0, "mm": 0.001, "毫米": 0.001, "ft": 0.3048, "feet": 0.3048, "'": 0.3048}
_DN = re.compile(r"^\s*(?:dn|d|φ|ø)\s*(?=\d)", re.IGNORECASE)


class Unsound(ValueError):
    """A feature cannot stand as it says; the message says why, `field` which column."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Space:
    """How a layer stands: what it is, its columns, and what holds for every feature of it.

    `always` is the kind of every pipe of the layer ("": each says its own).
    """

    kind: str
    columns: Mapping[str, str]
    storey_m: float = STOREY_M
    always: str = ""
    diameter_in: str = "mm"


def space_faults(said: Json) -> list[str]:
    """What is wrong with an entry's `space`."""
    if not isinstance(said, dict) or said.get("is") not in _COLUMNS:
        return [f"space must say what it is: one of {', '.join(_COLUMNS)}"]
    kind = str(said["is"])
    found = []
    for name, value in said.items():
        if name == "is":
            continue
        if name in _COLUMNS[kind]:
            good = isinstance(value, str) and bool(_COLUMN.fullmatch(value))
        elif name not in _MORE[kind]:
            good = False
        elif name == "storey_m":
            good = type(value) in (int, float) and 2.0 <= float(str(value)) <= 10.0
        else:
            good = value in (tuple(PIPES) if name == "always" else ("mm", "m"))
        if not good:
            found.append(f"space: {name[:40]!r} cannot be {str(value)[:40]!r}")
    return found


def space_of(style: Mapping[str, Any]) -> Space | None:
    """How a layer with this style stands; None for one that lies flat."""
    said = style.get("space")
    if said is None or space_faults(said):
        return None
    usual = _COLUMNS[said["is"]]
    return Space(
        kind=said["is"],
        columns={name: str(said.get(name, column)) for name, column in usual.items()},
        storey_m=float(said.get("storey_m", STOREY_M)),
        always=str(said.get("always", "")),
        diameter_in=str(said.get("diameter_in", "mm")),
    )


def standing(space: Space, properties: Mapping[str, Any]) -> JsonObject:
    """What a feature's own words make of it, in metres and millimetres.

    A building: top_m (None: not known), base_m, levels (counted from the ground, as OSM does;
    None: not known), storey_m, told_by ("height", "levels" or ""). A pipe: pipe, depth_m and
    depth_end_m of its middle line at both ends, diameter_mm (None: not known). Raises Unsound.
    """
    said = {name: properties.get(column) for name, column in space.columns.items() if column}
    return _building(space, said) if space.kind == "building" else _pipe(space, said)


def _building(space: Space, said: Mapping[str, Any]) -> JsonObject:
    height, base = _metres("height", said.get("height")), _metres("base", said.get("base")) or 0.0
    levels = _metres("levels", said.get("levels"))
    if height is not None and not 0.0 < height <= TALLEST_M:
        raise Unsound("height", f"The height is {height:g} m, not above 0 and up to {TALLEST_M:g}.")
    if levels is not None and not 0.0 < levels <= MOST_LEVELS:
        raise Unsound("levels", f"It has {levels:g} levels, not above 0 and up to {MOST_LEVELS}.")
    top = height if height is not None else None if levels is None else levels * space.storey_m
    if base < 0.0 or (top is not None and base >= top):
        raise Unsound("base", f"It begins at {base:g} m, not between the ground and its top.")
    whole = None if levels is None else max(1, round(levels))
    storey = space.storey_m if top is None or whole is None else top / whole
    return {
        "top_m": None if top is None else round(top, 2),
        "base_m": round(base, 2),
        "levels": whole,
        "storey_m": round(storey, 3),
        "told_by": "height" if height is not None else "levels" if levels is not None else "",
    }


def _pipe(space: Space, said: Mapping[str, Any]) -> JsonObject:
    kind = space.always or _kind(said.get("kind"))
    depth = _metres("depth", said.get("depth"))
    if depth is None:
        raise Unsound("depth", "It does not say how deep it lies.")
    end = _metres("depth_end", said.get("depth_end"))
    for name, value in (("depth", depth), ("depth_end", end)):
        if value is not None and not 0.0 <= value <= DEEPEST_M:
            raise Unsound(name, f"The depth is {value:g} m, not from 0 to {DEEPEST_M:g}.")
    diameter = _millimetres(space, said.get("diameter"))
    if diameter is not None and not 0.0 < diameter <= THICKEST_MM:
        why = f"The diameter is {diameter:g} mm, not above 0 and up to {THICKEST_MM:g}."
        raise Unsound("diameter", why)
    return {
        "pipe": kind,
        "depth_m": round(depth, 2),
        "depth_end_m": round(depth if end is None else end, 2),
        "diameter_mm": None if diameter is None else round(diameter, 1),
    }


def _kind(value: Any) -> str:
    word = str(value or "").strip().lower()
    for kind, words in PIPES.items():
        if word in words:
            return kind
    said = "does not say what runs in it" if not word else f"{word[:40]!r} is no kind of pipe"
    raise Unsound("kind", f"It {said}: {', '.join(PIPES)}.")


def _metres(field: str, value: Any) -> float | None:
    """A number, or a number with its unit; None for nothing. Raises Unsound."""
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value == value and abs(value) != float("inf"):
            return float(value)
        raise Unsound(field, f"{field} is no finite number.")
    hit = _NUMBER.fullmatch(str(value).strip())
    if hit is None:
        raise Unsound(field, f"{field} is no number: {str(value)[:40]!r}.")
    return float(hit[1].replace(",", ".")) * _SIZES.get((hit[2] or "").lower(), 1.0)


def _millimetres(space: Space, value: Any) -> float | None:
    """A diameter; `DN300` is 300 mm, a unit that is written counts before the entry's."""
    text = _DN.sub("", value) if isinstance(value, str) else value
    found = _metres("diameter", text)
    if found is None:
        return None
    hit = _NUMBER.fullmatch(text.strip()) if isinstance(text, str) else None
    unit = (hit[2] or "") if hit else ""
    if unit or (space.diameter_in == "m" and text == value):
        return found * 1_000.0
    return found
