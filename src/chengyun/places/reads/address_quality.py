"""What is wrong in the address register: duplicates, orphans, and links that hold on one side."""

from typing import Any

from django.db import connection

from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.text import JsonObject, Text, text
from chengyun.places.policy import see_city

MOST_SHOWN = 50
_HERE = "a.city_no = %(city)s AND a.area_no BETWEEN %(low)s AND %(high)s AND a.state <> 'retired'"
_E_HERE = "e.city_no = %(city)s AND e.area_no BETWEEN %(low)s AND %(high)s AND e.valid_to IS NULL"
# District of an area: the path without street, community and grid (kernel.areas).
_DISTRICT = "(a.area_no >> 38)"

CHECKS: dict[str, tuple[Text, str]] = {
    "duplicate": (
        text("同区内文字相同的地址", "Addresses of one district with the same text"),
        (
            "SELECT (array_agg(a.id))[1]::text, a.text, count(*)::text FROM places_address a"
            " WHERE {here} GROUP BY a.text, {district} HAVING count(*) > 1"
        ),
    ),
    "duplicate_point": (
        text("同一点位的不同楼栋", "Different buildings on the very same point"),
        (
            "SELECT (array_agg(a.id))[1]::text, min(a.text), count(*)::text FROM places_address a"
            " WHERE {here} AND a.kind = 'building' AND a.main_id IS NULL AND a.lon IS NOT NULL"
            " GROUP BY a.lon, a.lat HAVING count(*) > 1"
        ),
    ),
    "orphan_main": (
        text("主地址缺失或已停用的从属地址", "Auxiliary addresses whose main address is gone"),
        (
            "SELECT a.id::text, a.text, a.main_id::text FROM places_address a"
            " LEFT JOIN places_address m ON m.id = a.main_id AND m.state <> 'retired'"
            " WHERE {here} AND a.main_id IS NOT NULL AND m.id IS NULL"
        ),
    ),
    "orphan_room": (
        text("没有所属楼栋的室", "Rooms whose building is not in the register"),
        (
            "SELECT a.id::text, a.text, '' FROM places_address a WHERE {here} AND a.kind = 'room'"
            " AND NOT EXISTS (SELECT FROM places_address b WHERE b.city_no = a.city_no"
            " AND b.kind = 'building' AND b.state <> 'retired' AND b.road = a.road"
            " AND b.lane = a.lane AND b.sub_lane = a.sub_lane AND b.number = a.number"
            " AND b.compound = a.compound AND b.building = a.building)"
        ),
    ),
    "no_area": (
        text("不在任何区内的地址", "Addresses in no district"),
        "SELECT a.id::text, a.text, '' FROM places_address a WHERE {here} AND a.area_no = %(city)s",
    ),
    "no_point": (
        text("没有坐标的已发布地址", "Published addresses without a point"),
        (
            "SELECT a.id::text, a.text, '' FROM places_address a"
            " WHERE {here} AND a.state = 'published' AND a.lon IS NULL"
        ),
    ),
    "entity_without_address": (
        text("所挂地址缺失或已停用的实体", "Entities whose address is missing or retired"),
        (
            "SELECT e.address_id::text, e.name, e.kind FROM places_entity e"
            " LEFT JOIN places_address m ON m.id = e.address_id AND m.state <> 'retired'"
            " WHERE {e_here} AND m.id IS NULL"
        ),
    ),
    "entity_elsewhere": (
        text("所在区域与地址不符的实体", "Entities filed in another area than their address"),
        (
            "SELECT e.address_id::text, e.name, e.kind FROM places_entity e"
            " JOIN places_address m ON m.id = e.address_id"
            " WHERE {e_here} AND m.area_no <> e.area_no"
        ),
    ),
    "unit_twice": (
        text("同一信用代码挂在多个地址", "One credit code on several addresses"),
        (
            "SELECT (array_agg(e.address_id))[1]::text, min(e.name), e.code FROM places_entity e"
            " WHERE {e_here} AND e.kind = 'unit' GROUP BY e.code"
            " HAVING count(DISTINCT e.address_id) > 1"
        ),
    ),
    "component_without_address": (
        text("所挂地址缺失或已停用的部件", "Components whose address is missing or retired"),
        (
            "SELECT e.address_id::text, e.code, e.kind_id FROM places_component e"
            " LEFT JOIN places_address m ON m.id = e.address_id AND m.state <> 'retired'"
            " WHERE {e_here} AND e.address_id IS NOT NULL AND m.id IS NULL"
        ),
    ),
    "building_without_entity": (
        text("没有任何实体的已发布楼栋", "Published buildings with nothing on them"),
        (
            "SELECT a.id::text, a.text, '' FROM places_address a WHERE {here}"
            " AND a.kind = 'building' AND a.state = 'published' AND a.main_id IS NULL"
            " AND NOT EXISTS (SELECT FROM places_entity e WHERE e.address_id = a.id"
            " AND e.valid_to IS NULL)"
        ),
    ),
}
"""Name → what it finds, and rows of (address id, text, more)."""


def address_quality(actor: Actor, area_no: int) -> JsonObject:
    """Each check with how many it finds in an area, and the first of them. Raises NotFound."""
    see_city(actor, areas.city_of(area_no))
    low, high = areas.span(area_no)
    where = {"city": areas.city_of(area_no), "low": low, "high": high, "most": MOST_SHOWN}
    found: list[dict[str, Any]] = []
    with connection.cursor() as cursor:
        for name, (title, sql) in CHECKS.items():
            # Constants only; what differs is a parameter.
            found_so = f"WITH found(id, text, more) AS MATERIALIZED ({_filled(sql)})"
            listed = " SELECT (SELECT count(*) FROM found), f.* FROM found f ORDER BY text, id"
            cursor.execute(found_so + listed + " LIMIT %(most)s", where)
            rows = cursor.fetchall()
            items = [{"id": uid, "text": said, "more": more} for _, uid, said, more in rows]
            count = rows[0][0] if rows else 0
            found.append({"check": name, "title": title, "count": count, "items": items})
    return {"area_no": area_no, "checks": found}


def _filled(sql: str) -> str:
    return (
        sql.replace("{here}", _HERE).replace("{e_here}", _E_HERE).replace("{district}", _DISTRICT)
    )
