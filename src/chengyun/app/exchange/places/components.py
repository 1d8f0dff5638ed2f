"""Components (部件): CSV, CSV.GZ or XLSX; one row is one component.

Columns (English, Chinese, or the standard's): code (ObjID), scheme, kind_id or class (code or
name), name (ObjName), state (ObjState), manager, owner, maintainer and their codes
(DeptName1-3, DeptCode1-3), lon, lat, accuracy_m, address_id, note (Note), valid_from (ORDate). The
scheme is a column or `--option scheme=GBT30428.2`; it is part of what recognises a component. Read
again, a file doubles nothing. `--option census=TITLE` writes no register: what differs becomes
change sets to be proposed, reviewed and applied. `--option synthetic=yes` marks generated data.
"""

from datetime import date
from typing import Any
from uuid import UUID

from chengyun.app.exchange.places._asked import Asked
from chengyun.app.exchange.places._rows import Cells, Refused, Telling, chunks, number_in, read_each
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.clock import system_clock
from chengyun.kernel.text import JsonObject
from chengyun.places import reads, verbs
from chengyun.places.decide.components import STATES, KindInfo, kind_of_code

COLUMNS = {
    "id": ("id", "component_id", "编号"),
    "code": ("code", "component_code", "objid", "部件编码", "标识码"),
    "scheme": ("scheme", "编码方案"),
    "kind_id": ("kind_id", "类别标识"),
    "class": ("class", "kind", "class_code", "类别", "部件类别"),
    "name": ("name", "objname", "部件名称", "名称"),
    "state": ("state", "objstate", "部件状态", "状态"),
    "manager": ("manager", "deptname1", "主管部门"),
    "manager_code": ("manager_code", "deptcode1", "主管部门代码"),
    "owner": ("owner", "deptname2", "权属单位"),
    "owner_code": ("owner_code", "deptcode2", "权属单位代码"),
    "maintainer": ("maintainer", "deptname3", "养护单位"),
    "maintainer_code": ("maintainer_code", "deptcode3", "养护单位代码"),
    "lon": ("lon", "lng", "longitude", "lon_wgs84", "经度"),
    "lat": ("lat", "latitude", "lat_wgs84", "纬度"),
    "accuracy_m": ("accuracy_m", "accuracy", "精度"),
    "position_source": ("position_source", "datasource", "数据来源", "坐标来源"),
    "address_id": ("address_id", "地址标识"),
    "note": ("note", "备注"),
    "valid_from": ("valid_from", "ordate", "初始时间", "启用日期"),
}
NUMBERS = ("lon", "lat", "accuracy_m")
TEXTS = (
    *("name", "manager", "manager_code", "owner", "owner_code", "maintainer", "maintainer_code"),
    *("position_source", "note"),
)
_STATES = dict(zip(("完好", "破损", "丢失", "废弃"), STATES, strict=True))
_YES = ("1", "true", "yes", "是")


def bring_in(asked: Asked) -> JsonObject:
    """Import the components of a file, a chunk a transaction."""
    kinds = reads.component_kinds(asked.city_no)
    title = asked.options.get("census", "")
    set_id: UUID | None = None
    with Telling(asked) as telling:

        def read(number: int, cells: Cells) -> tuple[int, str, JsonObject]:
            return _read(number, cells, asked, kinds)

        for rows in chunks(asked, telling, COLUMNS, ("code", "kind_id", "class")):
            good = read_each(rows, telling, read)
            if asked.dry_run:
                continue
            common: dict[str, Any] = {
                "now": system_clock.now(),
                "city_no": asked.city_no,
                "rows": good,
                "source": asked.source,
            }
            if title:
                done = verbs.draft_census(SYSTEM, **common, title=title, set_id=set_id)
                set_id = UUID(done["set_id"]) if done["set_id"] else None
            else:
                synthetic = asked.options.get("synthetic", "").lower() in _YES
                done = verbs.import_components(SYSTEM, **common, synthetic=synthetic)
            telling.take(done, done["rejects"])
    if title:
        telling.told["set_id"] = str(set_id or "")
    return telling.told


def _read(
    number: int, cells: Cells, asked: Asked, kinds: dict[str, KindInfo]
) -> tuple[int, str, JsonObject]:
    """(row, origin, state) of a row. Raises Refused."""
    scheme = cells.get("scheme") or asked.options.get("scheme", "")
    kind_id = _kind(cells, scheme, kinds)
    # What the file has no column for stays as it is known.
    given: JsonObject = {name: cells[name] for name in TEXTS if name in cells}
    given |= {name: number_in(cells, name) for name in NUMBERS if name in cells}
    given |= {"kind_id": kind_id, "code": cells.get("code", "")}
    given = reads.in_wgs84({**given, "datum": asked.datum})
    if "address_id" in cells:
        given["address_id"] = cells["address_id"] or None
    if cells.get("state"):
        given["state"] = _STATES.get(cells["state"], cells["state"])
        if given["state"] not in STATES:
            raise Refused("state", f"is none of {', '.join(STATES)}", "bad_state")
    if cells.get("valid_from"):
        given["valid_from"] = _day(cells["valid_from"])
    return number, _origin(cells, given, kinds[kind_id].scheme, asked), given


def _kind(cells: Cells, scheme: str, kinds: dict[str, KindInfo]) -> str:
    said, named = cells.get("kind_id", ""), cells.get("class", "")
    if said in kinds:
        return said
    if not said and named:
        wanted = [one for one in kinds.values() if not scheme or one.scheme == scheme]
        found = [
            one.id for one in wanted if named in (one.id.rpartition("/")[2], *one.name.values())
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused("class", "is a class of several schemes: name the scheme", "ambiguous")
    elif not said and cells.get("code"):
        if not scheme:
            raise Refused("scheme", "must be given: its digits alone tell no class", "no_scheme")
        by_code = kind_of_code(cells["code"], scheme, kinds)
        if by_code:
            return by_code
        raise Refused("code", "is no code of a class of that scheme", "bad_code")
    raise Refused("kind_id" if said else "class", "is no class of components", "unknown_kind")


def _origin(cells: Cells, given: JsonObject, scheme: str, asked: Asked) -> str:
    """What recognises the row: our id, scheme and code, the source's id, else class and spot."""
    said = cells.get("id", "")
    try:
        return f"id:{UUID(said)}"
    except ValueError:
        pass
    if given["code"]:
        return f"code:{scheme}:{given['code']}"
    if said:
        return f"{asked.source}:{said}"
    return f"{asked.source}:{given['kind_id']}:{given.get('lon')}:{given.get('lat')}"


def _day(said: str) -> str:
    try:
        return date.fromisoformat(said[:10]).isoformat()
    except ValueError:
        raise Refused("valid_from", "is no day (YYYY-MM-DD)", "bad_day") from None
