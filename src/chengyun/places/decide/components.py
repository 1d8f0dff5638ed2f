"""A component's state as changes see it, what can be wrong with it, and what a census makes of it.

States are 完好 intact, 破损 damaged, 丢失 missing, 废弃 abandoned.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chengyun.kernel.text import Json, JsonObject, Text, text
from chengyun.places.decide.changing import Problem
from chengyun.places.decide.component_codes import ComponentCode, read_code

STATES = ("intact", "damaged", "missing", "abandoned")
FINDINGS = ("intact", "new", "moved", "missing", "damaged", "abandoned")
UNITS = ("manager", "owner", "maintainer")
TEXTS: Mapping[str, int] = {
    "kind_id": 200,
    "code": 40,
    "name": 200,
    "note": 2_000,
    "datum": 20,
    **dict.fromkeys(UNITS, 200),
    **{f"{unit}_code": 64 for unit in UNITS},
    "position_source": 200,
}
"""The text fields and the longest each may be."""
_DATUMS = ("", "WGS84", "CGCS2000", "GCJ02")
_EMPTY: JsonObject = {
    **dict.fromkeys(TEXTS, ""),
    **dict.fromkeys(("lon", "lat", "accuracy_m", "address_id", "valid_from"), None),
    "state": "intact",
    "photos": [],
}
MOST_PHOTOS = 20


@dataclass(frozen=True, slots=True)
class KindInfo:
    """A class of components: its codes, and how its scheme writes components' codes."""

    id: str
    scheme: str
    major_code: str
    minor_code: str
    name: Text
    major: Text
    layout: str
    near_m: float | None

    @property
    def numbers(self) -> tuple[int, int]:
        """Major and minor class as numbers. Raises ValueError where they are none."""
        return int(self.major_code), int(self.minor_code)


def completed(given: Mapping[str, Json]) -> JsonObject:
    """The whole state: what is not given is empty; unknown names are left out, texts trimmed."""
    state = {name: given.get(name, empty) for name, empty in _EMPTY.items()}
    for name in TEXTS:
        value = state[name]
        state[name] = value.strip() if isinstance(value, str) else ("" if value is None else value)
    state["photos"] = state["photos"] if state["photos"] is not None else []
    return state


def problems(state: JsonObject, kinds: Mapping[str, KindInfo]) -> list[Problem]:
    """What is wrong with a whole state, by itself."""
    found = [
        Problem("bad_text", text("文字无效或过长。", f"must be text of at most {most}"), name)
        for name, most in TEXTS.items()
        if not isinstance(state[name], str) or len(state[name]) > most or "\0" in state[name]
    ]
    if state["state"] not in STATES:
        said = f"is none of {', '.join(STATES)}"
        found.append(Problem("bad_state", text("状态无效。", said), "state"))
    found += _place_problems(state)
    if not _day(state["valid_from"]):
        said = "is no day (YYYY-MM-DD)"
        found.append(Problem("bad_day", text("日期无效。", said), "valid_from"))
    photos = state["photos"]
    if not isinstance(photos, list) or len(photos) > MOST_PHOTOS or not all(map(_text, photos)):
        said = f"must be at most {MOST_PHOTOS} ids of photos"
        found.append(Problem("bad_photos", text("照片列表无效。", said), "photos"))
    kind = kinds.get(state["kind_id"]) if isinstance(state["kind_id"], str) else None
    if kind is None:
        said = "is no class of components here"
        found.append(Problem("unknown_kind", text("部件类别不存在。", said), "kind_id"))
    elif isinstance(state["code"], str) and state["code"]:
        found += _code_problems(state["code"], kind)
    return found


def kind_of_code(said: str, scheme: str, kinds: Mapping[str, KindInfo]) -> str:
    """The class that a code of a scheme stands for, "" when there is none."""
    for kind in kinds.values():
        if kind.scheme == scheme and kind.layout and not _code_problems(said, kind):
            return kind.id
    return ""


def county_of_code(said: str, kind: KindInfo) -> str:
    """The six digits of the county, "" where the scheme's codes have none."""
    try:
        return read_code(kind.layout, said).county
    except ValueError:
        return ""


def census_change(
    finding: str, before: JsonObject | None, given: Mapping[str, Json]
) -> tuple[str, JsonObject] | None:
    """(action, the fields that shall differ) of what a census found; None: all is as known.

    Raises:
        ValueError: the finding does not fit what is known.
    """
    if finding not in FINDINGS:
        raise ValueError(f"is none of {', '.join(FINDINGS)}")
    if (finding == "new") != (before is None):
        raise ValueError("is known already" if before else "is no known component")
    told = {name: value for name, value in given.items() if name in _EMPTY and value is not None}
    if before is None:
        return "add", told
    if finding == "moved":
        if told.get("lon") is None or told.get("lat") is None:
            raise ValueError("needs the new place")
    else:
        told["state"] = finding
    differing = {name: value for name, value in told.items() if before.get(name) != value}
    if not differing:
        return None
    return ("move" if finding == "moved" else "change"), differing


def _place_problems(state: JsonObject) -> list[Problem]:
    found = []
    for name, most in (("lon", 180.0), ("lat", 90.0)):
        value = state[name]
        if not _number(value) or not -most <= value <= most:
            said = "must be degrees"
            found.append(Problem("bad_place", text("坐标无效或缺失。", said), name))
    off = state["accuracy_m"]
    if off is not None and (not _number(off) or not 0 <= off <= 100_000):
        said = "must be metres"
        found.append(Problem("bad_accuracy", text("精度无效。", said), "accuracy_m"))
    if state["datum"] not in _DATUMS:
        said = f"is none of {', '.join(_DATUMS[1:])}"
        found.append(Problem("bad_datum", text("坐标基准无效。", said), "datum"))
    return found


def _code_problems(said: str, kind: KindInfo) -> list[Problem]:
    if not kind.layout:
        return []
    try:
        code: ComponentCode = read_code(kind.layout, said)
        same = (code.major, code.minor) == kind.numbers
    except ValueError as error:
        return [Problem("bad_code", text(f"不是 {kind.layout} 位部件编码。", str(error)), "code")]
    if not same:
        other = text("编码属于另一类别。", "is the code of another class")
        return [Problem("code_of_another_kind", other, "code")]
    return []


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text(value: Json) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64


def _day(value: Json) -> bool:
    if value is None:
        return True
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True
