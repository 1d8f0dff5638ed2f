"""Made-up addresses for the demo, in a few streets of one real district; every one says so.

Road names begin with 模拟 ("simulated"), rows carry `synthetic=True`, and a unit's credit code is
of the area 999999, which no real one has. The same each time.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random
from typing import Any

import shapely

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.text import JsonObject
from chengyun.places import verbs
from chengyun.places.decide.crediting import check_sign
from chengyun.places.decide.stored import outline
from chengyun.places.models import Address, Region

SOURCE = "模拟生成，非真实地址 (generated, no real addresses)"
DISTRICT = "310101"
_STREETS, _LANES, _NUMBERS, _ROOMS = 3, 4, 12, 4
_ROADS = ("模拟梧桐路", "模拟香樟路", "模拟银杏路", "模拟玉兰路", "模拟海棠路", "模拟石榴路")
_SEED = 31
_STEP = 0.00045
"""Degrees between doors, about 45 m."""


def build(city_no: int, say: Callable[[str], None], now: datetime) -> None:
    """Make them once; a city that has any address is left alone."""
    if Address.objects.filter(city_no=city_no).exists():
        return
    rows = [(at, f"demo:{at}", one) for at, one in enumerate(_addresses(city_no), start=1)]
    say(f"Writing {len(rows):,} simulated addresses …")
    verbs.import_addresses(
        SYSTEM, now=now, city_no=city_no, rows=rows, source=SOURCE, synthetic=True
    )
    things = [(at, f"demo:{at}", one) for at, one in enumerate(_things(city_no), start=1)]
    verbs.import_entities(
        SYSTEM, now=now, city_no=city_no, rows=things, source=SOURCE, synthetic=True
    )


def _addresses(city_no: int) -> Iterator[JsonObject]:
    streets = Region.objects.filter(
        city_id=city_no, level="street", code__startswith=DISTRICT, valid_to=None
    ).exclude(boundary=None)
    for at, street in enumerate(streets.order_by("code")[:_STREETS]):
        ground = outline(street.boundary)
        if ground is None:
            continue
        middle = shapely.point_on_surface(ground)
        roads = _ROADS[2 * at : 2 * at + 2]
        for side, road in enumerate(roads):
            yield from _road(road, middle.x, middle.y + (side - 0.5) * 6 * _STEP)
        crossing = {"road": roads[0], "cross": roads[1], "lon": middle.x, "lat": middle.y}
        yield crossing | {"datum": "WGS84", "accuracy_m": 20.0, "position_source": "generated"}


def _road(road: str, lon: float, lat: float) -> Iterator[JsonObject]:
    for lane in range(1, _LANES + 1):
        for number in range(1, _NUMBERS + 1):
            door: dict[str, Any] = {
                "road": road,
                "lane": str(lane * 20),
                "number": str(number),
                "lon": round(lon + (lane - _LANES / 2) * 3 * _STEP + number % 3 * _STEP, 6),
                "lat": round(lat + (number // 3) * _STEP, 6),
                "datum": "WGS84",
                "accuracy_m": 10.0,
                "position_source": "generated",
            }
            if number == 1:
                name = f"{road.removesuffix('路')}{lane}村"
                door["names"] = [{"kind": "alias", "name": f"{name}1号"}]
            yield door
            for room in range(1, _ROOMS + 1):
                yield door | {"names": [], "room": f"{(room + 1) // 2}0{1 + room % 2}"}


def _things(city_no: int) -> Iterator[JsonObject]:
    dice = Random(_SEED)  # noqa: S311, a demo
    doors: Any = Address.objects.filter(city_no=city_no, kind="building").order_by("text")
    for at, (uid, said) in enumerate(doors.values_list("id", "text")):
        home = {"address_id": str(uid)}
        storeys = str(dice.randint(4, 6))
        yield home | {"kind": "house", "name": f"{said}楼", "attributes": {"层数": storeys}}
        yield home | {"kind": "population", "count": dice.randint(6, 20)}
        if at % 6 == 0:
            body = f"91999999MA{at:07d}"
            yield home | {"kind": "unit", "name": f"模拟单位{at}", "code": body + check_sign(body)}
        if at % 8 == 0:
            yield home | {"kind": "facility", "name": "消火栓（模拟）", "code": f"SIM-F{at:04d}"}
        if at % 12 == 0:
            yield home | {"kind": "video", "name": "视频点位（模拟）", "code": f"SIM-V{at:04d}"}
            yield home | {"kind": "device", "name": "烟感（模拟）", "code": f"SIM-D{at:04d}"}
