"""Generated address text with labels: what the shipped address model learns from.

Real names of areas (a registry package) and made-up roads, estates and shops, put together as
people write addresses, also within complaints and with parts left out. No row of anybody's data.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chengyun.brain.decide.tokens import tokens

Labelled = tuple[list[str], list[str]]
"""Tokens and their labels (B-part, I-part, O)."""

_SIDE = ("东", "西", "南", "北", "中", "新", "后", "")
_ROAD = ("路", "路", "路", "路", "街", "大道", "公路", "支路", "巷", "大街", "胡同", "弄")
_ESTATE = (
    *(
        "新村",
        "花园",
        "苑",
        "家园",
        "公寓",
        "小区",
        "名邸",
        "华庭",
        "广场",
        "大厦",
        "城",
        "一村",
        "二村",
    ),
    *("三村", "雅苑", "湾", "中心", "国际", "工业园", "科技园", "创业园", "商务楼", "宿舍", "坊"),
)
_SHOP = (
    *(
        "超市",
        "幼儿园",
        "小学",
        "中学",
        "医院",
        "菜场",
        "菜鸟驿站",
        "银行",
        "饭店",
        "有限公司",
        "药房",
    ),
    *(
        "理发店",
        "地铁站",
        "公交站",
        "公园",
        "加油站",
        "派出所",
        "居委会",
        "棋牌室",
        "网吧",
        "停车场",
    ),
)
_NEAR = (
    *(
        "对面",
        "旁边",
        "附近",
        "门口",
        "东侧",
        "西侧",
        "南侧",
        "北侧",
        "路口",
        "后面",
        "交叉口",
        "往东50米",
    ),
    *("向北100米", "斜对面", "十字路口", "交界处", "近", "楼下", "东门", "北门", "内", "隔壁"),
)
_BEFORE = (
    *(
        "市民来电反映",
        "你好，",
        "投诉",
        "请问",
        "我住在",
        "居民反映，",
        "昨天晚上",
        "麻烦到",
        "位于",
        "地址：",
    ),
    *("在", "发现", "举报", "家住", "老人经过", "12345您好，我想反映", "今天早上8点"),
)
_AFTER = (
    *(
        "垃圾没人清运",
        "窨井盖破损",
        "，路灯不亮已经2周",
        "有人占道经营",
        "噪音扰民",
        "积水严重，请处理",
    ),
    *(
        "车辆乱停放",
        "，希望尽快解决。谢谢",
        "天然气味很重",
        "墙面脱落",
        "施工到半夜12点",
        "发生拥堵",
    ),
)
_HAN = "一二三四五六七八九十"


@dataclass(frozen=True)
class Names:
    """Names of areas by level; one list a level, full names."""

    provinces: Sequence[str]
    cities: Sequence[str]
    districts: Sequence[str]
    towns: Sequence[str]
    communities: Sequence[str]


def addresses(names: Names, count: int, dice: random.Random) -> Iterator[Labelled]:
    """Labelled texts, as many as asked for."""
    pieces = [name[:2] for name in (*names.towns, *names.communities) if len(name) > 3]
    for _ in range(count):
        yield _labelled(_text(names, pieces, dice))


def _labelled(parts: list[tuple[str, str]]) -> Labelled:
    words: list[str] = []
    labels: list[str] = []
    for label, said in parts:
        own = tokens(said)
        words += own
        if label == "O":
            labels += ["O"] * len(own)
        else:
            labels += [f"{'B' if at == 0 else 'I'}-{label}" for at in range(len(own))]
    return words, labels


def _text(names: Names, pieces: list[str], dice: random.Random) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    free = dice.random() < 0.35
    if free:
        parts.append(("O", dice.choice(_BEFORE)))
    parts += _areas(names, dice)
    sort = dice.random()
    if sort < 0.62:
        parts += _street(pieces, dice)
    elif sort < 0.72:
        parts += [("road", _road(pieces, dice))]
        parts += [("direction", dice.choice(("近", "靠近")))] if dice.random() < 0.6 else []
        parts += [("cross", _road(pieces, dice))]
        parts += (
            [("direction", dice.choice(("路口", "交叉口", "交界处")))]
            if dice.random() < 0.4
            else []
        )
    if sort > 0.55:
        parts += _inside(pieces, dice, poi_first=True)
    if dice.random() < 0.25:
        parts.append(("direction", dice.choice(_NEAR)))
    if free:
        parts.append(("O", dice.choice(_AFTER)))
    return parts


def _areas(names: Names, dice: random.Random) -> list[tuple[str, str]]:
    found = []
    for label, held, share in (
        ("province", names.provinces, 0.25),
        ("city", names.cities, 0.4),
        ("district", names.districts, 0.6),
        ("town", names.towns, 0.4),
        ("community", names.communities, 0.2),
    ):
        if dice.random() < share:
            name = dice.choice(held)
            short = name[:-1] if len(name) > 2 and dice.random() < 0.15 else name
            found.append((label, short.removesuffix("办事处")))
    return found


def _road(pieces: list[str], dice: random.Random) -> str:
    return (
        dice.choice(pieces)[: dice.choice((1, 2, 2, 2))] + dice.choice(_SIDE) + dice.choice(_ROAD)
    )


def _number(dice: random.Random, most: int) -> str:
    value = dice.randint(1, most)
    if value <= 10 and dice.random() < 0.2:
        return _HAN[value - 1]
    return f"{value}{dice.choice('甲乙AB') if dice.random() < 0.04 else ''}"


def _street(pieces: list[str], dice: random.Random) -> list[tuple[str, str]]:
    parts = [("road", _road(pieces, dice))]
    if dice.random() < 0.45:
        parts.append(("lane", _number(dice, 3000) + "弄"))
        if dice.random() < 0.1:
            parts.append(("sub_lane", _number(dice, 60) + "支弄"))
        if dice.random() < 0.7:
            parts.append(("number", _number(dice, 200) + dice.choice(("号", "号", "号", "-"))))
    else:
        parts.append(
            ("number", _number(dice, 4000) + dice.choice(("号", "号", "号", "号", "#", "")))
        )
    if dice.random() < 0.4:
        parts += _inside(pieces, dice, poi_first=dice.random() < 0.4)
    return parts


def _inside(pieces: list[str], dice: random.Random, *, poi_first: bool) -> list[tuple[str, str]]:
    parts = []
    if poi_first:
        parts.append(
            ("compound", dice.choice(pieces) + dice.choice((*_SIDE, "")) + dice.choice(_ESTATE))
        )
    if dice.random() < 0.6:
        parts.append(
            ("building", _number(dice, 80) + dice.choice(("号楼", "幢", "栋", "座", "号", "#楼")))
        )
    if dice.random() < 0.3:
        parts.append(("unit", _number(dice, 6) + "单元"))
    if dice.random() < 0.15:
        parts.append(("floor", _number(dice, 30) + dice.choice(("楼", "层", "F"))))
    elif dice.random() < 0.4:
        parts.append(("room", _number(dice, 2500) + dice.choice(("室", "", "房"))))
    if dice.random() < 0.2:
        parts.append(("poi", dice.choice(pieces) + dice.choice(_SHOP)))
    return parts
