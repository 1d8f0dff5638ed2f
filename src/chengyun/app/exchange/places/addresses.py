"""Standard addresses: CSV, CSV.GZ or XLSX with parts or whole texts; one row is one address.

Columns (English or Chinese): id or code recognises the address again; road, lane, sub_lane, number,
compound, building, unit, floor, room, poi, cross; or `address`, which is read into road, lane,
number, building and room; aliases (kind:name|…); lon, lat, height, accuracy_m; area_code (any
level); main_id; state. A row without an id is known by its area and text. Read again, a file
doubles nothing. `--option synthetic=yes` marks generated data.
"""

from datetime import date
from uuid import UUID

from chengyun.app.exchange.places._asked import Asked
from chengyun.app.exchange.places._rows import Cells, Refused, Telling, chunks, number_in, read_each
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.text import JsonObject
from chengyun.places import reads, verbs
from chengyun.places.decide.addressing import NAME_KINDS, PARTS, STATES, clean, written
from chengyun.places.decide.splitting import split_text

COLUMNS = {
    "id": ("id", "address_id", "编号"),
    "code": ("code", "address_code", "地址编码"),
    "address": ("address", "text", "地址", "标准地址"),
    "area_code": ("area_code", "district_code", "区划代码"),
    "lon": ("lon", "lng", "longitude", "lon_wgs84", "经度"),
    "lat": ("lat", "latitude", "lat_wgs84", "纬度"),
    "height": ("height", "高程"),
    "accuracy_m": ("accuracy_m", "accuracy", "精度"),
    "position_source": ("position_source", "坐标来源"),
    "aliases": ("aliases", "又名", "别名"),
    "main_id": ("main_id", "主地址"),
    "state": ("state", "状态"),
    "valid_from": ("valid_from", "启用日期"),
    **{part: (part,) for part in PARTS},
}
NUMBERS = ("lon", "lat", "height", "accuracy_m")
_YES = ("1", "true", "yes", "是")


def bring_in(asked: Asked) -> JsonObject:
    """Import the addresses of a file, a chunk a transaction."""
    needed = ("address", "road", "compound", "poi")
    synthetic = asked.options.get("synthetic", "").lower() in _YES
    with Telling(asked) as telling:

        def read(number: int, cells: Cells) -> tuple[int, str, JsonObject]:
            return _read(number, cells, asked)

        for rows in chunks(asked, telling, COLUMNS, needed):
            good = read_each(rows, telling, read)
            if asked.dry_run:
                continue
            done = verbs.import_addresses(
                SYSTEM,
                now=system_clock.now(),
                city_no=asked.city_no,
                rows=good,
                source=asked.source,
                synthetic=synthetic,
            )
            telling.take(done, done["rejects"])
    return telling.told


def _read(number: int, cells: Cells, asked: Asked) -> tuple[int, str, JsonObject]:
    """(row, origin, state) of a row. Raises Refused."""
    given: JsonObject = {part: clean(part, cells[part]) for part in PARTS if part in cells}
    if not written(given):
        given |= split_text(cells.get("address", ""))
    if not written(given):
        raise Refused("address", "is empty", "no_address")
    # What the file has no column for stays as it is known.
    given |= {name: number_in(cells, name) for name in NUMBERS if name in cells}
    if given.get("lon") is not None:
        given = reads.in_wgs84({**given, "datum": asked.datum})
    if cells.get("aliases"):
        given["names"] = _names(cells["aliases"])
    given |= {name: cells[name] for name in ("area_code", "position_source") if name in cells}
    if cells.get("main_id"):
        given["main_id"] = cells["main_id"]
    if cells.get("state"):
        given["state"] = cells["state"]
        if given["state"] not in STATES[:3]:
            raise Refused("state", f"is none of {', '.join(STATES[:3])}", "bad_state")
    if cells.get("valid_from"):
        given["valid_from"] = _day(cells["valid_from"])
    return number, _origin(cells, given, asked), given


def _origin(cells: Cells, given: JsonObject, asked: Asked) -> str:
    """What recognises the row: our own id, the source's, its code, else area and text."""
    said = cells.get("id", "")
    if said:
        try:
            return f"id:{UUID(said)}"
        except ValueError:
            return f"{asked.source}:{said}"
    if cells.get("code"):
        return f"{asked.source}:code:{cells['code']}"
    return f"text:{given.get('area_code', '')[:6]}:{written(given)}"


def _names(said: str) -> list[JsonObject]:
    names = []
    for one in filter(None, (part.strip() for part in said.split("|"))):
        kind, colon, name = one.partition(":")
        known = bool(colon) and kind in NAME_KINDS
        names.append({"kind": kind if known else "alias", "name": name if known else one})
    return names


def _day(said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        raise Refused("valid_from", "is no day (YYYY-MM-DD)", "bad_day") from None
