"""One line of a list: a case with the names a screen shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.cases.reads.kinds import kinds
from chengyun.cases.reads.names import area_views, unit_views, user_names
from chengyun.kernel.text import JsonObject

CaseRow = JsonObject
ROW_FIELDS = (
    "id",
    "no",
    "state",
    "version",
    "kind_id",
    "kind_version_id",
    "level",
    "area_no",
    "unit_ids",
    "address",
    "lon",
    "lat",
    "location",
    "text",
    "reported_at",
    "closed_at",
    "due_at",
    "warn_at",
    "paused",
    "open",
    "lead_unit",
    "handler_id",
    "simulated",
    "imported",
    "supervised",
    "asks",
    "reports",
    "source",
    "sort_at",
)
TEXT_SHOWN = 200


def light(row: Mapping[str, Any], now: datetime) -> str:
    """The colour of a row's clock: ok, yellow, red, paused or none."""
    if row["paused"]:
        return "paused"
    if row["due_at"] is None:
        return "none"
    if now >= row["due_at"]:
        return "red"
    return "yellow" if row["warn_at"] is not None and now >= row["warn_at"] else "ok"


def case_rows(found: Sequence[Mapping[str, Any]], now: datetime) -> list[CaseRow]:
    """Rows for a list, in the order found; a handful of look-ups whatever the length."""
    known = kinds()
    places = area_views({row["area_no"] for row in found})
    units = unit_views(_units(found))
    people = user_names({row["handler_id"] for row in found if row["handler_id"]})
    return [
        {
            "id": row["id"],
            "no": row["no"],
            "state": row["state"],
            "version": row["version"],
            "kind": known.brief(row["kind_id"]),
            "level": row["level"],
            "area": places.get(row["area_no"]),
            "address": row["address"],
            "lon": row["lon"],
            "lat": row["lat"],
            "location": row["location"],
            "text": row["text"][:TEXT_SHOWN],
            "reported_at": row["reported_at"],
            "closed_at": row["closed_at"],
            "due_at": row["due_at"],
            "warn_at": row["warn_at"],
            "clock": light(row, now),
            "lead_unit": units.get(row["lead_unit"]),
            "handler": (
                {"id": row["handler_id"], "name": people.get(row["handler_id"], "—")}
                if row["handler_id"]
                else None
            ),
            "simulated": row["simulated"],
            "imported": row["imported"],
            "supervised": row["supervised"],
            "asks": row["asks"],
            "reports": row["reports"],
            "source": row["source"],
        }
        for row in found
    ]


def _units(found: Iterable[Mapping[str, Any]]) -> set[UUID]:
    return {row["lead_unit"] for row in found if row["lead_unit"]}
