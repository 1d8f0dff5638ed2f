"""Addresses as people write them: wrong signs, parts left out, other scripts, within a complaint.

Deterministic by the random generator given. Each sort of noise has a name, so that accuracy can be
told apart.
"""

import random
import re

from opencc import OpenCC

_TRADITIONAL = OpenCC("s2t")
_DIGITS = "零一二三四五六七八九"
_WRONG = "东西南北中新大长平安江海山水花园金银华兴民生光明"
_BEFORE = (
    "市民来电反映，",
    "你好，我住在",
    "投诉：",
    "昨天晚上九点多，",
    "请问有人管吗？",
    "居民反映",
    "我要举报，",
    "麻烦处理一下，地址是",
    "家里老人每天都要经过这里，位置在",
)
_AFTER = (
    "门口垃圾堆了三天没人清运",
    "附近窨井盖破损，很危险",
    "路灯不亮已经2周了",
    "有人占道经营，吵得晚上睡不着，打过12345也没有用",
    "地面积水，请尽快派人来看",
    "楼上装修噪音扰民，希望6点以后不要施工",
    "。电动车乱停放，堵住通道",
)


def spoken(number: int) -> str:
    """An Arabic number as one says it in Chinese, below 10,000."""
    said, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            said += ("零" if zero and said else "") + _DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return re.sub(r"^一十", "十", said) or "零"


def misspelt(name: str, dice: random.Random) -> str:
    """A name with one sign exchanged, left out, doubled or swapped; the last sign stays."""
    at = dice.randrange(0, max(1, len(name) - 1))
    sort = dice.random()
    if sort < 0.55 or len(name) < 4:
        return name[:at] + dice.choice(_WRONG) + name[at + 1 :]
    if sort < 0.75:
        return name[:at] + name[at + 1 :]
    if sort < 0.85:
        return name[:at] + name[at] + name[at:]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def noisy(district: str, town: str, address: str, dice: random.Random) -> dict[str, str]:
    """The same address in each sort of noise."""
    named = re.match(r"^[^0-9]{2,}", address)
    name = named.group() if named else address
    behind = address[len(name) :]
    told = {
        "clean": f"上海市{district}{town}{address}",
        "no district": address,
        "no city": f"{district}{address}",
        "short district": re.sub(r"(新区|区)$", "", district) + address,
        "traditional": _TRADITIONAL.convert(f"上海市{district}{address}"),
        "full width": f"{district}{town} {address}".translate(
            {ord("0") + n: chr(ord("０") + n) for n in range(10)}
        ),
        "misspelt": f"{district}{misspelt(name, dice)}{behind}",
        "complaint": dice.choice(_BEFORE) + f"{district}{address}" + dice.choice(_AFTER),
        "complaint, no district": dice.choice(_BEFORE) + address + dice.choice(_AFTER),
    }
    if re.search(r"[0-9]", behind):
        told["numerals"] = (
            district
            + name
            + re.sub(
                r"[0-9]+",
                lambda m: spoken(int(m.group())) if int(m.group()) < 10_000 else m.group(),
                behind,
            )
        )
        told["finer"] = f"{district}{address}" + dice.choice(
            ("3号201室", "12号", "5号楼", "7号1单元301")
        )
    if name.endswith("路") and behind:
        told["no 路"] = f"{district}{name[:-1]}{behind}"
    if re.search(r"[弄号]$", behind):
        told["no unit"] = f"{district}{name}{behind[:-1]}"
    return told
