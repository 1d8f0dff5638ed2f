"""A standard address, purely: its parts (GB/T 23705), its text, what it is, what is wrong with it.

Parts are kept as people write them ("358弄", "81号", "302室"); a bare number gets the word that
belongs to its part. Which area an address lies in is told by its point or by an area's code.
"""

import re
import unicodedata
from collections.abc import Mapping

from chengyun.kernel.text import Json, JsonObject, text
from chengyun.places.decide.changing import Problem

PARTS = (
    *("road", "lane", "sub_lane", "number", "compound", "building", "unit", "floor", "room"),
    *("poi", "cross"),
)
_WORDS = {
    "lane": "弄",
    "sub_lane": "支弄",
    "number": "号",
    "building": "幢",
    "unit": "单元",
    "floor": "层",
    "room": "室",
}
_BARE = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?")
NAME_KINDS = ("alias", "old_name", "landmark", "auxiliary")
STATES = ("proposed", "approved", "published", "retired")
DATUMS = ("WGS84", "CGCS2000", "GCJ02")
# What a change may change; everything else about an address is worked out from these.
FIELDS = (
    *PARTS,
    *("names", "main_id", "area_code", "lon", "lat", "height", "datum", "accuracy_m"),
    *("position_source", "state", "valid_from"),
)
MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "approve": (("proposed",), "approved"),
    "publish": (("approved",), "published"),
    "retire": (("proposed", "approved", "published"), "retired"),
}
_LONGEST = 100
_MOST_NAMES = 50
_DEEPEST_M, _HIGHEST_M, _WORST_M = -1_000.0, 10_000.0, 100_000.0


def clean(part: str, value: Json) -> str:
    """A part as it is kept: half width, without spaces around, a bare number with its word."""
    said = unicodedata.normalize("NFKC", str(value or "")).strip()
    word = _WORDS.get(part)
    return said + word if word and _BARE.fullmatch(said) else said


def completed(given: Mapping[str, Json]) -> JsonObject:
    """A whole state: cleaned parts, and what was left open as its default."""
    state: JsonObject = {part: clean(part, given.get(part)) for part in PARTS}
    state["names"] = [
        {"kind": str(one.get("kind") or "alias"), "name": clean("", one.get("name"))}
        for one in given.get("names") or []
        if isinstance(one, Mapping)
    ]
    state["main_id"] = given.get("main_id") or None
    state["area_code"] = str(given.get("area_code") or "")
    for name in ("lon", "lat", "height", "accuracy_m"):
        state[name] = given.get(name)
    state["datum"] = given.get("datum") or ("WGS84" if state["lon"] is not None else "")
    state["position_source"] = str(given.get("position_source") or "")
    state["state"] = given.get("state") or "published"
    state["valid_from"] = given.get("valid_from")
    return state


def written(state: Mapping[str, Json]) -> str:
    """The text of an address below its areas: 鹤庆路358弄81号302室, A路近B路, or a landmark."""
    if state.get("cross"):
        return f"{state.get('road', '')}近{state['cross']}"
    said = "".join(str(state.get(part) or "") for part in PARTS[:-2])
    return said or str(state.get("poi") or "")


def kind_of(state: Mapping[str, Json]) -> str:
    """What an address is: the finest part it has."""
    if state.get("cross"):
        return "crossing"
    for kind, parts in (
        ("room", ("room", "floor", "unit")),
        ("building", ("building", "number")),
        ("lane", ("sub_lane", "lane")),
        ("compound", ("compound",)),
        ("road", ("road",)),
        ("landmark", ("poi",)),
    ):
        if any(state.get(part) for part in parts):
            return kind
    return ""


def searched(state: Mapping[str, Json]) -> str:
    """All an address is found by: its text, its landmark and its other names."""
    names = [one["name"] for one in state.get("names") or []]
    return " ".join([written(state), str(state.get("poi") or ""), *names]).strip().lower()


def problems(state: Mapping[str, Json]) -> list[Problem]:
    """What is wrong with a state by itself."""
    found = [*_words(state), *_position(state)]
    if state.get("state") not in STATES[:3]:
        said = text("状态无效。", f"must be one of {', '.join(STATES[:3])}")
        found.append(Problem("bad_state", said, "state"))
    names = state.get("names") or []
    if len(names) > _MOST_NAMES or any(one["kind"] not in NAME_KINDS for one in names):
        said = text(
            "别名种类无效或过多。", f"at most {_MOST_NAMES}, each of {', '.join(NAME_KINDS)}"
        )
        found.append(Problem("bad_names", said, "names"))
    return found


def _words(state: Mapping[str, Json]) -> list[Problem]:
    found = [
        Problem("bad_part", text("过长或含不可见字符。", f"at most {_LONGEST} printable"), part)
        for part in PARTS
        if len(str(state.get(part) or "")) > _LONGEST
        or not str(state.get(part) or "").isprintable()
    ]
    if not written(state):
        said = text("没有任何地址成分。", "has no part of an address")
        found.append(Problem("no_address", said, "road"))
    if (state.get("lane") or state.get("cross")) and not state.get("road"):
        found.append(Problem("no_road", text("缺少道路名。", "needs its road"), "road"))
    return found


def _position(state: Mapping[str, Json]) -> list[Problem]:
    found = []
    lon, lat = state.get("lon"), state.get("lat")
    if (lon is None) != (lat is None):
        said = text("经度和纬度必须同时给出。", "longitude and latitude go together")
        found.append(Problem("half_point", said, "lon" if lon is None else "lat"))
    for name, low, high in (
        ("lon", -180.0, 180.0),
        ("lat", -90.0, 90.0),
        ("height", _DEEPEST_M, _HIGHEST_M),
        ("accuracy_m", 0.0, _WORST_M),
    ):
        value = state.get(name)
        right = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (right and low <= value <= high):
            said = text(f"须为 {low:g} 至 {high:g} 的数。", f"must be a number {low:g} … {high:g}")
            found.append(Problem("bad_number", said, name))
    if state.get("lon") is not None and state.get("datum") not in DATUMS:
        said = text("坐标系无效。", f"must be one of {', '.join(DATUMS)}")
        found.append(Problem("bad_datum", said, "datum"))
    return found
