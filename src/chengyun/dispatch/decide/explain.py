"""Plain sentences, zh and en, for what routing decided."""

from chengyun.dispatch.decide.duties import Entry, Target
from chengyun.dispatch.decide.naming import (
    LEVEL_NAMES,
    conditions_in_words,
    levels_in_words,
    role_name,
    target_name,
)
from chengyun.dispatch.decide.units import Found, Unit
from chengyun.kernel.areas import Level
from chengyun.kernel.text import Text, text

NO_LIST = text("本市没有生效的权责清单，请人工受理。", "The city has no duty list in force.")
NO_PLACE = text("地点不在本市任何区域内。", "The place lies in no area of this city.")


def matched(list_id: str, version: str, entry: Entry, pattern: str) -> Text:
    """Which line of which list covers the case."""
    only = conditions_in_words(entry)
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


def resolved(target: Target, found: Found, unit: Unit) -> Text:
    """Which unit a target stands for at the place."""
    if target.org is not None or found.level is None:
        return text(f"条目指定{unit.name['zh']}。", f"The entry names {unit.name['en']}.")
    role = role_name(target.role or "")
    level = LEVEL_NAMES[found.level]
    if found.passed:
        none = levels_in_words(found.passed)
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
