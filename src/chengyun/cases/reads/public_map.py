"""The city as everybody sees it: kind, state, day, area and a place that is not the exact one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chengyun.cases.models import Case, CaseQuerySet
from chengyun.cases.reads.jitter import shown_at
from chengyun.cases.reads.public_rows import PUBLIC_FIELDS, public_rows
from chengyun.cases.reads.similar import CELL_DEGREES
from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject

MAP_CAP = 1_000
DAYS_MAX = 365
STATES = ("open", "closed")
# Nothing came of these: they are no news to anybody.
_UNTOLD = ("rejected", "voided", "merged")


@dataclass(frozen=True, slots=True)
class Look:
    """What of the city is asked for; `box` is west, south, east, north in degrees."""

    box: tuple[float, float, float, float] | None = None
    area: int | None = None
    kind: str | None = None
    state: str | None = None
    days: int = 30


def public_cases(look: Look, *, now: datetime) -> CaseQuerySet:
    """Public cases of a period, by area, kind and state; not yet by place.

    Raises:
        Invalid: a filter that cannot be.
    """
    if look.state not in (None, *STATES):
        raise Invalid([FieldError("state", "is open or closed", "unknown_state")])
    if not 1 <= look.days <= DAYS_MAX:
        raise Invalid([FieldError("days", f"are 1 to {DAYS_MAX}", "bad_days")])
    since = now - timedelta(days=look.days)
    cases = Case.objects.public().filter(reported_at__gte=since).exclude(state__in=_UNTOLD)
    if look.state is not None:
        cases = cases.filter(open=look.state == "open")
    if look.kind:
        cases = cases.filter(kind_id=look.kind[:100].replace("\x00", ""))
    if look.area is not None:
        if not 0 < look.area < 1 << 58:
            raise Invalid([FieldError("area", "is no area number", "unknown_area")])
        cases = cases.filter(area_no__range=areas.span(look.area))
    return cases


def public_map(look: Look, *, now: datetime) -> JsonObject:
    """Public cases as GeoJSON points, the latest first, at most MAP_CAP.

    Cases are taken from a box that is a cell wider and then kept by where they are shown: which
    ones come depends on nothing that the public may not know.

    Raises:
        Invalid: a filter that cannot be.
    """
    cases = public_cases(look, now=now).filter(location="exact")
    if look.box is not None:
        west, south, east, north = look.box
        cases = cases.filter(
            lon__range=(west - CELL_DEGREES, east + CELL_DEGREES),
            lat__range=(south - CELL_DEGREES, north + CELL_DEGREES),
        )
    found = list(cases.order_by("-reported_at", "-id").values(*PUBLIC_FIELDS)[: MAP_CAP + 1])
    placed = [(row, shown_at(row["id"], row["lon"], row["lat"])) for row in found[:MAP_CAP]]
    if look.box is not None:
        placed = [
            (row, at)
            for row, at in placed
            if look.box[0] <= at[0] <= look.box[2] and look.box[1] <= at[1] <= look.box[3]
        ]
    told = public_rows([row for row, _ in placed])
    return {
        "type": "FeatureCollection",
        "truncated": len(found) > MAP_CAP,
        "features": [
            {
                "type": "Feature",
                "id": one["no"],
                "geometry": {"type": "Point", "coordinates": list(at)},
                "properties": one,
            }
            for one, (_, at) in zip(told, placed, strict=True)
        ],
    }
