"""Cases as rows of `own_columns`, streamed; what a row needs to name is looked up in memory."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chengyun.app.exchange.own_columns import LEVELS
from chengyun.cases.models import Case, CaseQuerySet
from chengyun.cases.reads import kinds
from chengyun.kernel import areas
from chengyun.people.models import Organisation
from chengyun.places import reads as places

Cell = str | int | float | None
CHUNK = 2_000
_FIELDS = [
    field.attname
    for field in Case._meta.concrete_fields  # noqa: SLF001 - Django's public meta API
    if field.attname not in ("kind_version_id", "cell", "sort_at", "warn_at", "next_tick_at")
]


def rows(cases: CaseQuerySet) -> Iterator[dict[str, Cell]]:
    """Each case as column → cell, in order of report; memory stays flat.

    Needs an open transaction: the rows come through a cursor of the database.
    """
    names = _Names()
    found = cases.order_by("reported_at", "id").values(*_FIELDS)
    for case in found.iterator(chunk_size=CHUNK):
        yield _row(case, names)


class _Names:
    """Cities, areas, kinds and units by number or id."""

    def __init__(self) -> None:
        self.cities = {city.area.no: city for city in places.cities()}
        self.kinds = kinds()
        self._units: dict[UUID, str] = {}
        self._areas: dict[int, dict[str, Cell]] = {}

    def unit(self, unit_id: UUID | None) -> str:
        if unit_id is None:
            return ""
        if not self._units:
            self._units = dict(Organisation.objects.values_list("id", "code"))
        return self._units.get(unit_id, "")

    def path(self, area_no: int) -> dict[str, Cell]:
        kept = self._areas.get(area_no)
        if kept is None:
            kept = self._areas[area_no] = self._path(area_no)
        return kept

    def _path(self, area_no: int) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        numbers = areas.ancestors(area_no)[1 : len(LEVELS) + 1]
        named = places.areas_named(numbers)
        for level, number in zip(LEVELS, numbers, strict=False):
            info = named.get(number)
            if info is None:
                break
            found[f"{level}_code"] = info.code
            found[f"{level}_zh"] = info.name["zh"]
            found[f"{level}_en"] = info.name["en"]
        return found


def _row(case: dict[str, Any], names: _Names) -> dict[str, Cell]:
    city = names.cities[case["city_no"]]
    brief = names.kinds.brief(case["kind_id"])
    return {
        "id": str(case["id"]),
        "no": case["no"],
        "city": city.area.code,
        "city_zh": city.area.name["zh"],
        "city_en": city.area.name["en"],
        "time_zone": city.time_zone,
        "calendar": city.calendar,
        "language": city.language,
        "city_lon": city.center[0],
        "city_lat": city.center[1],
        **names.path(case["area_no"]),
        "kind_id": case["kind_id"],
        "condition_id": case["condition_id"],
        "state": case["state"],
        "source": case["source"],
        "reported_at": _instant(case["reported_at"]),
        "closed_at": _instant(case["closed_at"]),
        "lead_unit": names.unit(case["lead_unit"]),
        "text": case["text"],
        "address": case["address"],
        "lon": case["lon"],
        "lat": case["lat"],
        "location": case["location"],
        "grid_code": case["grid_code"],
        "attributes": _json(case["attributes"]),
        "external_source": case["external_source"],
        "external_id": case["external_id"],
        "merged_into": _id(case["merged_into"]),
        "recurrence_of": _id(case["recurrence_of"]),
        "simulated": "true" if case["simulated"] else "false",
        "kind_zh": brief["name"]["zh"] if brief else None,
        "kind_en": brief["name"]["en"] if brief else None,
        "level": case["level"],
        "due_at": _instant(case["due_at"]),
        "updated_at": _instant(case["updated_at"]),
        "reports": case["reports"],
        "supervised": case["supervised"],
        "imported": "true" if case["imported"] else "false",
    }


def _instant(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _id(found: UUID | None) -> str | None:
    return str(found) if found else None


def _json(attributes: dict[str, Any]) -> str | None:
    return json.dumps(attributes, ensure_ascii=False) if attributes else None
