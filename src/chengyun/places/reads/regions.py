"""Regions as lists, as outlines, and as they were."""

from dataclasses import dataclass
from datetime import date

from shapely.geometry import MultiPolygon, Polygon

from chengyun.kernel import areas
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import Text
from chengyun.places.decide.stored import outline
from chengyun.places.models import Region, RegionHistory
from chengyun.places.reads.atlas import AreaInfo, city_map


@dataclass(frozen=True, slots=True)
class RegionThen:
    """A region as it was on a day."""

    no: int
    code: str
    name: Text
    boundary: Polygon | MultiPolygon | None
    valid_from: date


def regions(
    city_no: int, *, level: str = "", parent: int | None = None, q: str = ""
) -> list[AreaInfo]:
    """Regions of a city ordered by code.

    Of a level, and below a parent; with a parent alone, the regions right below it. With `q`, those
    whose code starts with it or whose name holds it. Raises NotFound for an unknown city, Invalid
    for an unknown level.
    """
    if level and level not in areas.LEVELS[:4]:
        known = ", ".join(areas.LEVELS[:4])
        raise Invalid([FieldError("level", f"must be one of {known}", "bad_level")])
    wanted = q.strip().lower()
    low, high = areas.span(city_no if parent is None else parent)
    right_below = parent if not (level or wanted) else None
    return [
        info
        for no, info in city_map(city_no).areas.items()
        if low <= no <= high
        and no != parent
        and level in ("", info.level)
        and (right_below is None or areas.parent(no) == right_below)
        and (not wanted or _matches(info, wanted))
    ]


def region_on(area_no: int, day: date) -> RegionThen:
    """The region as it was on `day`. Raises NotFound when it did not exist then."""
    row = (
        RegionHistory.objects.filter(area_no=area_no, valid_from__lte=day)
        .order_by("-valid_from", "-id")
        .first()
    )
    if row is None or row.change == "closed":
        raise NotFound("There was no such region on that day.")
    return RegionThen(
        no=area_no,
        code=row.code,
        name={"zh": row.name_zh, "en": row.name_en or row.name_zh},
        boundary=outline(row.boundary),
        valid_from=row.valid_from,
    )


def boundary(area_no: int) -> Polygon | MultiPolygon | None:
    """The region's outline now, None if it has none. Raises NotFound."""
    found = Region.objects.filter(pk=area_no, valid_to=None).values_list("boundary").first()
    if found is None:
        raise NotFound("There is no such region.")
    return outline(found[0])


def _matches(info: AreaInfo, wanted: str) -> bool:
    names = (info.name["zh"].lower(), info.name["en"].lower())
    return info.code.lower().startswith(wanted) or any(wanted in name for name in names)
