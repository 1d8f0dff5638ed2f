"""A small city to route in: two districts of two streets, a few units, and list builders."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengyun.cases.decide.routing import RouteQuery
from chengyun.dispatch.decide.compiled import CompiledList
from chengyun.dispatch.decide.duties import DutyList
from chengyun.dispatch.decide.parsing import read_list
from chengyun.dispatch.decide.route import Routes
from chengyun.dispatch.decide.units import Directory, Unit
from chengyun.kernel import areas
from chengyun.kernel.areas import Level
from chengyun.kernel.text import text

CITY = areas.pack(1)
NORTH, SOUTH = areas.pack(1, 1), areas.pack(1, 2)
N1, N2, S1, S2 = (areas.pack(1, d, s) for d in (1, 2) for s in (1, 2))
N1A = areas.pack(1, 1, 1, 1)
CODES = {
    "310000": CITY,
    "310101": NORTH,
    "310102": SOUTH,
    "310101001": N1,
    "310101002": N2,
    "310102001": S1,
    "310102002": S2,
    "310101001001": N1A,
}
AREAS = {number: code for code, number in CODES.items()}
ZONE = ZoneInfo("Asia/Shanghai")
# Monday 10:00 in Shanghai.
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LITTER = "S/event/0101"
LAMP = "S/component/0201"


def unit(number: int, level: Level, area_no: int, *roles: str) -> Unit:
    name = f"U{number}"
    return Unit(UUID(int=number), name, text(name, name), frozenset(roles), level, area_no)


CITY_CLEAN = unit(1, "city", CITY, "sanitation")
NORTH_CLEAN = unit(2, "district", NORTH, "sanitation", "power")
SOUTH_CLEAN = unit(3, "district", SOUTH, "sanitation")
N1_CLEAN = unit(4, "street", N1, "sanitation")
N1_OFFICE = unit(5, "street", N1, "subdistrict")
N2_OFFICE = unit(6, "street", N2, "subdistrict")
CITY_POWER = unit(7, "city", CITY, "power")
UNITS = (CITY_CLEAN, NORTH_CLEAN, SOUTH_CLEAN, N1_CLEAN, N1_OFFICE, N2_OFFICE, CITY_POWER)


def directory(*units: Unit) -> Directory:
    return Directory(city_no=CITY, units=units or UNITS, areas_by_code=CODES, zone=ZONE)


def role(name: str, level: str = "street") -> dict[str, Any]:
    return {"role": name, "level": level}


def entry(name: str, kind: str = LITTER, lead: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": name, "kinds": [kind], "lead": lead or role("sanitation"), **more}


def duties(*entries: dict[str, Any], version: str = "1") -> DutyList:
    content = {"id": "test", "version": version, "entries": list(entries)}
    found, faults = read_list(content)
    assert not faults
    assert found is not None
    return found


def compiled(*entries: dict[str, Any], units: tuple[Unit, ...] = ()) -> CompiledList:
    return CompiledList(duties(*entries), directory(*units))


def routes(*entries: dict[str, Any], units: tuple[Unit, ...] = ()) -> Routes:
    return Routes(compiled(*entries, units=units))


def query(kind_id: str = LITTER, area_no: int | None = N1, **more: Any) -> RouteQuery:
    return RouteQuery(kind_id=kind_id, area_no=area_no, at=more.pop("at", MONDAY), **more)
