"""Events of video analysis: what objects and what scene, never who.

    {"camera": "CAM-7", "time": "…", "event": "ponding", "count": 1, "confidence": 0.93}
    [ … several … ]

Whatever tells people or number plates apart is refused whole, and so are pictures: this door is
for objects and scenes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chengyun.sensing.decide.points import POINTS_MAX, Malformed, Message, Point, instant, number
from chengyun.sensing.protocols.reading_json import read

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FIELDS = frozenset({"camera", "time", "event", "count", "confidence", "box", "zone", "model"})
# Parts of names, after everything but letters and digits is taken out.
_WHO = (
    *("face", "facial", "identity", "idcard", "idno", "idnumber", "passport", "biometric", "iris"),
    *("fingerprint", "gait", "reid", "embedding", "featurevector", "personid", "personname"),
    *("plate", "licenseno", "vin", "phone", "mobile", "imsi", "imei", "gender", "ethnic", "race"),
    *(
        "人脸",
        "面部",
        "身份",
        "姓名",
        "车牌",
        "号牌",
        "手机",
        "性别",
        "年龄",
        "民族",
        "步态",
        "虹膜",
    ),
)
_WHO_EXACT = frozenset({"age", "sex", "name", "pid", "uid", "mac", "track", "trackid", "feature"})
_PICTURES = ("image", "picture", "photo", "snapshot", "jpeg", "base64", "图片", "抓拍", "截图")


def decode(message: Message, mapping: Mapping[str, Any]) -> Sequence[Point]:
    """The points of one message: how many of what was seen, in the datastream named as the event.

    Raises:
        Malformed: it tells who was seen (`tells_who`), holds a picture, or is no event.
    """
    del mapping
    value = read(message.payload)
    _check_names(value)
    items = value if isinstance(value, list) else [value]
    if not 0 < len(items) <= POINTS_MAX:
        raise Malformed("too_many" if items else "empty", f"1 to {POINTS_MAX} events a message")
    return [_point(message, item) for item in items]


def _point(message: Message, item: Any) -> Point:
    if not isinstance(item, dict):
        raise Malformed("bad_list", "an event is an object")
    unknown = item.keys() - _FIELDS
    if unknown:
        raise Malformed("unknown_field", f"“{min(unknown)[:40]}” is not known here")
    thing, event = item.get("camera", message.thing), item.get("event")
    for field, code in (("camera", thing), ("event", event)):
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            raise Malformed("bad_event", f"“{field}” is 1 to 64 letters, digits, - and _")
    sure = number(item.get("confidence", 1.0), words=False)
    if not 0 <= float(sure) <= 1:
        raise Malformed("bad_event", "“confidence” lies between 0 and 1")
    count = number(item.get("count", 1), words=False)
    if float(count) < 0:
        raise Malformed("bad_event", "“count” is not negative")
    at_us = instant(item["time"]) if "time" in item else message.at_us
    return Point(str(thing), str(event), at_us, count)


def _check_names(value: Any) -> None:
    for name in _names(value):
        plain = re.sub(r"[^a-z0-9\u4e00-\u9fff]", "", name.lower())
        if plain in _WHO_EXACT or any(part in plain for part in _WHO):
            raise Malformed(
                "tells_who",
                f"“{name[:40]}” tells people or vehicles apart; this door takes objects and scenes",
            )
        if any(part in plain for part in _PICTURES):
            raise Malformed("picture", f"“{name[:40]}”: no pictures at this door")


def _names(value: Any) -> Iterator[str]:
    """Every name in a value, and the event's own, which could say the same."""
    if isinstance(value, list):
        for item in value:
            yield from _names(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            if name == "event" and isinstance(item, str):
                yield item
            yield from _names(item)
