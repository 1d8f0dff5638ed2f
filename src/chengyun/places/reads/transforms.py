"""The engineering grids of a city as they were on a day, and the log of bulk transforms."""

from datetime import date
from typing import Any

from chengyun.kernel.actor import Actor
from chengyun.places.decide.engineering import GridFit, Plane, Shift
from chengyun.places.models import EngineeringGrid, TransformUse

MOST_USES = 200


def grids_on(city_no: int, day: date) -> dict[str, GridFit]:
    """Each grid's newest tie by that day, by code."""
    rows = EngineeringGrid.objects.filter(city_id=city_no, valid_from__lte=day)
    ordered = rows.order_by("valid_from", "made_at").values_list("code", "fit")
    return {code: _fit(held) for code, held in ordered}


def grid_list(city_no: int) -> list[dict[str, Any]]:
    """Every tie of every grid, newest first."""
    rows = EngineeringGrid.objects.filter(city_id=city_no).order_by("code", "-valid_from")
    return [
        {
            "code": row.code,
            "name": {"zh": row.name_zh, "en": row.name_en or row.name_zh},
            "method": row.method,
            "rms_m": row.fit["rms_m"],
            "worst_m": row.fit["worst_m"],
            "points": row.fit["points"],
            "source": row.source,
            "verified": row.verified,
            "valid_from": row.valid_from,
        }
        for row in rows
    ]


def transform_uses(actor: Actor) -> list[dict[str, Any]]:
    """The newest uses in the actor's sight."""
    fields = ("at", "actor_name", "purpose", "source", "target", "rows", "refused", "accuracy_m")
    rows = TransformUse.objects.visible_to(actor).order_by("-at", "-id").values(*fields)
    return list(rows[:MOST_USES])


def _fit(held: dict[str, Any]) -> GridFit:
    return GridFit(
        method=held["method"],
        plane=Plane(**held["plane"]),
        matrix=tuple(held["matrix"]),
        offset=tuple(held["offset"]),
        rms_m=held["rms_m"],
        worst_m=held["worst_m"],
        points=held["points"],
        shift=Shift(**held["shift"]) if held["shift"] else None,
        suspects=tuple(held["suspects"]),
    )
