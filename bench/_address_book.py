"""A book of generated addresses: real area names of a registry package, made-up roads and estates.

Roads are put together from pieces of area names, so they look like each other as real ones do.
"""

import random
from collections.abc import Iterator

from chengyun.app.demo.codes import DISTRICTS, read_codes
from chengyun.places.decide.geocoding.standard import Parts, Standard

ROADS = 3200
_SIDES = ("", "", "", "", "东", "西", "南", "北", "中")
_KINDS = ("路", "路", "路", "路", "路", "街", "大道", "公路")
_ESTATES = ("新村", "花园", "苑", "家园", "公寓", "小区", "名邸", "一村", "二村", "三村")


def standards(count: int, seed: int = 7) -> Iterator[Standard]:
    """`count` addresses, the same each time for a seed; houses in lanes, on roads, in estates."""
    dice = random.Random(seed)
    codes = read_codes()
    towns = [
        (DISTRICTS[district][0], street.name)
        for district, streets in codes.streets.items()
        for street in streets
    ]
    pieces = sorted(
        {
            name[at : at + 2]
            for held in (*codes.streets.values(), *codes.communities.values())
            for name in (one.name for one in held)
            for at in range(min(2, len(name) - 2))
            if not set(name[at : at + 2]) & set("居委会村街道镇第一二三四五六七八九十园区号弄路")
        }
    )
    roads = sorted(
        {dice.choice(pieces) + dice.choice(_SIDES) + dice.choice(_KINDS) for _ in range(ROADS)}
    )
    made = 0
    each = -(-count // len(roads))
    for number, road in enumerate(roads):
        # A road runs through one or two towns of a district; some names come twice in a city.
        where = [dice.choice(towns) for _ in range(2 if number % 12 == 0 else 1)]
        for at in range(each):
            if made == count:
                return
            district, town = where[at * len(where) // each]
            made += 1
            yield _house(made, road, at, district, town, dice, pieces)


def _house(
    made: int, road: str, at: int, district: str, town: str, dice: random.Random, pieces: list[str]
) -> Standard:
    lon, lat = 121.0 + dice.random(), 30.8 + dice.random() * 0.6
    if at % 4 == 0:
        parts = Parts(road=road, number=f"{at // 2 + 1}号")
    else:
        lane, house = at // 40 * 12 + 8, at % 40 + 1
        estate = ""
        if at % 40 == 1:
            estate = dice.choice(pieces) + dice.choice(pieces)[:1] + dice.choice(_ESTATES)
        parts = Parts(road=road, lane=f"{lane}弄", number=f"{house}号", compound=estate)
    text = parts.road + parts.lane + parts.number
    return Standard(
        id=str(made),
        code="",
        text=text,
        areas=("上海市", district, town),
        parts=parts,
        lon=lon,
        lat=lat,
    )
