"""Plain sentences, zh and en, for what routing decided."""

from chengyun.dispatch.decide.duties import DAY_MINUTES, Entry, Target
from chengyun.dispatch.decide.parsing import clock_text
from chengyun.dispatch.decide.units import Found, Unit
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


def _conditions(entry: Entry) -> Text:
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


def matched(list_id: str, version: str, entry: Entry, pattern: str) -> Text:
    """Which line of which list covers the case."""
    only = _conditions(entry)
    zh = f"，{only['zh']}" if only["zh"] else ""
    en = f" {only['en']}" if only["en"] else ""
    note = entry.note or text("", "")
    zh_note = f"（{note['zh']}）" if note["zh"] else ""
    en_note = f" ({note['en']})" if note["en"] else ""
    return text(
        f"权责清单 {list_id} {version} 版条目 {entry.id} 适用于 {pattern}{zh}{zh_note}。",
        f"Duty list {list_id} version {version}, entry {entry.id}, covers {pattern}{en}{en_note}.",
    )


def gave_way(count: int) -> Text:
    """Less specific entries also fit."""
    if count == 1:
        return text("另有 1 条较笼统的条目让位。", "1 less specific entry also fits and gives way.")
    return text(
        f"另有 {count} 条较笼统的条目让位。",
        f"{count} less specific entries also fit and give way.",
    )


def _levels(passed: tuple[Level, ...]) -> Text:
    return text(
        "、".join(LEVEL_NAMES[level]["zh"] for level in passed),
        " or ".join(LEVEL_NAMES[level]["en"] for level in passed),
    )


def resolved(target: Target, found: Found, unit: Unit) -> Text:
    """Which unit a target stands for at the place."""
    if target.org is not None or found.level is None:
        return text(f"条目指定{unit.name['zh']}。", f"The entry names {unit.name['en']}.")
    role = role_name(target.role or "")
    level = LEVEL_NAMES[found.level]
    if found.passed:
        none = _levels(found.passed)
        return text(
            f"此地{none['zh']}没有“{role['zh']}”单位，由{level['zh']}的{unit.name['zh']}负责。",
            f"No {role['en']} unit serves this place at {none['en']} level, so the {level['en']} "
            f"level's is responsible: {unit.name['en']}.",
        )
    return text(
        f"此地“{role['zh']}”的最低管辖层级为{level['zh']}：{unit.name['zh']}。",
        f"The lowest competent level for {role['en']} here is the {level['en']}: "
        f"{unit.name['en']}.",
    )


def agreed(entries: list[Entry]) -> Text:
    """Several equally specific entries name the same unit."""
    names = "、".join(entry.id for entry in entries)
    return text(
        f"同等具体的条目 {names} 指向同一单位。",
        f"Equally specific entries {names.replace('、', ', ')} name the same unit.",
    )


def co_missing(target: Target) -> Text:
    """A co-handler of the entry does not exist here."""
    name = target_name(target)
    return text(f"协办{name['zh']}在此地不存在。", f"No co-handler was found here: {name['en']}.")


def tied(units: list[Unit]) -> Text:
    """Several units are equally responsible."""
    return text(
        f"{len(units)} 个单位同等适用（{'、'.join(u.name['zh'] for u in units)}），请人工派遣。",
        f"{len(units)} units fit equally ({', '.join(u.name['en'] for u in units)}); "
        "a dispatcher decides.",
    )


def no_unit(target: Target) -> Text:
    """The entry's unit does not exist."""
    name = target_name(target)
    return text(
        f"条目所指{name['zh']}在此地不存在，请人工派遣。",
        f"The entry's unit does not exist here ({name['en']}); a dispatcher decides.",
    )


def unclear(unit: Unit) -> Text:
    """The place is known too roughly to name the lowest competent unit."""
    return text(
        f"地点不够具体，无法排除更低层级单位；候选：{unit.name['zh']}。",
        "The place is not known precisely enough to rule out a unit at a lower level; "
        f"{unit.name['en']} is a candidate.",
    )


def refused(unit: Unit) -> Text:
    """The responsible unit refused the case before."""
    return text(
        f"{unit.name['zh']}已退单，请人工改派。",
        f"{unit.name['en']} refused the case; a dispatcher decides.",
    )


def unmatched(kind_id: str, list_id: str, version: str) -> Text:
    """No entry fits."""
    return text(
        f"权责清单 {list_id} {version} 版没有适用于 {kind_id} 的条目，请人工受理。",
        f"Duty list {list_id} version {version} has no entry for {kind_id} here and now; "
        "an acceptor decides.",
    )


def less_specific(entry: Entry) -> Text:
    """Why a candidate of a lesser entry is offered."""
    return text(f"较笼统的条目 {entry.id}。", f"The less specific entry {entry.id} names it.")


def higher_level(level: Level) -> Text:
    """Why a unit of a higher level is offered."""
    name = LEVEL_NAMES[level]
    return text(f"同一职责的{name['zh']}单位。", f"It holds the same role at {name['en']} level.")


def equally(entry: Entry) -> Text:
    """Why a tied unit is offered."""
    return text(
        f"条目 {entry.id} 同等适用。", f"Entry {entry.id} names it, as specific as the others."
    )


NO_LIST = text("本市没有生效的权责清单，请人工受理。", "The city has no duty list in force.")
NO_PLACE = text("地点不在本市任何区域内。", "The place lies in no area of this city.")
