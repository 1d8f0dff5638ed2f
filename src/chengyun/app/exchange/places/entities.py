"""Entities on addresses (一标多实): CSV, CSV.GZ or XLSX; houses, units, facilities, devices, video.

Columns: id; kind (house, unit, facility, device, video, population); name; code (of a unit its
unified social credit code); count (population); address_id, or address_code, or address with
area_code; every other column is an attribute. People are refused: population is a count.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chengyun.app.exchange.files import open_table
from chengyun.app.exchange.places._asked import Asked
from chengyun.app.exchange.places._rows import Cells, Refused, Telling, chunks, read_each
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.text import JsonObject
from chengyun.places import reads, verbs
from chengyun.places.decide.addressing import written
from chengyun.places.decide.splitting import split_text

COLUMNS = {
    "id": ("id", "编号"),
    "kind": ("kind", "类型"),
    "name": ("name", "名称"),
    "code": ("code", "credit_code", "统一社会信用代码"),
    "count": ("count", "数量", "人数"),
    "address_id": ("address_id", "地址标识"),
    "address_code": ("address_code", "地址编码"),
    "address": ("address", "地址"),
    "area_code": ("area_code", "区划代码"),
}


def bring_in(asked: Asked) -> JsonObject:
    """Import the entities of a file, a chunk a transaction."""
    known = {name for names in COLUMNS.values() for name in names}
    header = [name.strip() for name in open_table(asked.path).header]
    extra = {f"attributes.{name}": (name.lower(),) for name in header if name.lower() not in known}
    with Telling(asked) as telling:
        for rows in chunks(asked, telling, {**COLUMNS, **extra}, ("kind",)):
            homes = _homes(asked.city_no, [cells for _, cells in rows])

            def read(
                number: int, cells: Cells, homes: dict[tuple[str, str], str] = homes
            ) -> tuple[int, str, JsonObject]:
                return _read(number, cells, asked, homes)

            good = read_each(rows, telling, read)
            if asked.dry_run:
                continue
            done = verbs.import_entities(
                SYSTEM,
                now=system_clock.now(),
                city_no=asked.city_no,
                rows=good,
                source=asked.source,
                synthetic=asked.options.get("synthetic", "") in ("1", "true", "yes", "是"),
            )
            telling.take(done, done["rejects"])
    return telling.told


def _read(
    number: int, cells: Cells, asked: Asked, homes: dict[tuple[str, str], str]
) -> tuple[int, str, JsonObject]:
    count = cells.get("count", "")
    if count and not count.isdecimal():
        raise Refused("count", "must be a whole number", "bad_count")
    attributes = {
        name.partition(".")[2]: value
        for name, value in cells.items()
        if name.startswith("attributes.") and value
    }
    content: JsonObject = {
        "kind": cells.get("kind", ""),
        "name": cells.get("name", ""),
        "code": cells.get("code", ""),
        "count": int(count) if count else None,
        "attributes": attributes,
        "address_id": _home(cells, homes),
    }
    own = cells.get("id") or ":".join(
        (content["kind"], content["code"] or content["name"], str(content["address_id"]))
    )
    return number, f"{asked.source}:{own}", content


def _home(cells: Cells, homes: dict[tuple[str, str], str]) -> str:
    if cells.get("address_id"):
        return cells["address_id"]
    for key in _keys(cells):
        found = homes.get(key)
        if found == "":
            raise Refused("address", "stands for several addresses: give its id", "ambiguous")
        if found:
            return found
    raise Refused("address", "is no address of this city in force", "no_address")


def _keys(cells: Cells) -> list[tuple[str, str]]:
    keys = [("code", cells["address_code"])] if cells.get("address_code") else []
    if cells.get("address"):
        keys.append((cells.get("area_code", "")[:6], written(split_text(cells["address"]))))
    return keys


def _homes(city_no: int, rows: Sequence[Cells]) -> dict[tuple[str, str], str]:
    """Address ids by what rows call them; "" where a name stands for several."""
    keys = {key for cells in rows for key in _keys(cells)}
    codes = [said for what, said in keys if what == "code"]
    texts = [said for what, said in keys if what != "code"]
    homes: dict[tuple[str, str], str] = {}
    found: list[tuple[UUID, Any, str, str]] = reads.addresses_called(city_no, codes, texts)
    for uid, code, text, district in found:
        for key in (("code", code), (district, text), ("", text)):
            homes[key] = "" if homes.get(key, str(uid)) != str(uid) else str(uid)
    return homes
