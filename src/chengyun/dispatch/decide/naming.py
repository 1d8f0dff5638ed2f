"""Roles, levels and conditions in words, zh and en."""

from chengyun.dispatch.decide.duties import DAY_MINUTES, Entry, Target
from chengyun.dispatch.decide.writing import clock_text
from chengyun.kernel.areas import Level
from chengyun.kernel.text import Text, text

LEVEL_NAMES: dict[Level, Text] = {
    "city": text("市级", "city"),
    "district": text("区级", "district"),
    "street": text("街镇级", "street"),
    "community": text("居村级", "community"),
    "grid": text("网格", "grid"),
}
ROLE_NAMES: dict[str, Text] = {
    "sanitation": text("市容环卫", "sanitation"),
    "landscaping": text("绿化", "landscaping"),
    "municipal_works": text("市政养护", "municipal works"),
    "drainage": text("排水", "drainage"),
    "water_supply": text("供水", "water supply"),
    "gas_heat": text("燃气热力", "gas and heat"),
    "urban_enforcement": text("城管执法", "urban enforcement"),
    "subdistrict": text("街镇", "subdistrict"),
    "traffic_police": text("交警", "traffic police"),
    "power": text("电力", "power"),
    "telecom": text("通信", "telecom"),
    "river_water": text("河道水务", "river and water"),
    "housing_construction": text("住房建设", "housing and construction"),
    "ecology": text("生态环境", "ecology"),
    "asset_owner": text("权属单位", "asset owner"),
    "street_center": text("街镇城运中心", "street operations centre"),
}
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def role_name(role: str) -> Text:
    """A role's name; an unknown role is shown as its id."""
    return ROLE_NAMES.get(role, text(role, role))


def target_name(target: Target) -> Text:
    """A target in words."""
    if target.org is not None:
        return text(f"单位 {target.org}", f"organisation {target.org}")
    role = role_name(target.role or "")
    level = LEVEL_NAMES[target.level or "city"]
    return text(f"{level['zh']}“{role['zh']}”单位", f"{role['en']} unit at {level['en']} level")


def conditions_in_words(entry: Entry) -> Text:
    """Area, time, attributes and sources of an entry."""
    zh, en = [], []
    if entry.area is not None:
        zh.append(f"区域 {entry.area}")
        en.append(f"in area {entry.area}")
    if entry.when is not None:
        if len(entry.when.weekdays) < 7:
            days = sorted(entry.when.weekdays)
            zh.append("周" + "、".join(_WEEKDAYS_ZH[day - 1] for day in days))
            en.append("on " + ", ".join(_WEEKDAYS_EN[day - 1] for day in days))
        if (entry.when.start, entry.when.end) != (0, DAY_MINUTES):
            hours = f"{clock_text(entry.when.start)}–{clock_text(entry.when.end)}"
            zh.append(hours)
            en.append(f"between {hours}")
    for name, values in entry.where.items():
        zh.append(f"{name} 为 {'或'.join(map(str, values))}")
        en.append(f"with {name} {' or '.join(map(str, values))}")
    if entry.sources:
        zh.append(f"来源 {'、'.join(sorted(entry.sources))}")
        en.append(f"from {', '.join(sorted(entry.sources))}")
    return text("，".join(zh), ", ".join(en))


def levels_in_words(passed: tuple[Level, ...]) -> Text:
    """Levels in a row."""
    return text(
        "、".join(LEVEL_NAMES[level]["zh"] for level in passed),
        " or ".join(LEVEL_NAMES[level]["en"] for level in passed),
    )
