"""Boards: how many cases stand where, counted live.

One statement counts a whole board, whatever its size: what is open by the index of open cases,
what is new and what ended today by their days' indexes. Nothing is kept beside the cases, so a
figure and the list that it opens never disagree.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, Q, Value

from chengyun.cases.models import Case, CaseQuerySet
from chengyun.cases.reads.rulebook import rulebook
from chengyun.cases.reads.worst import GRAVE
from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid, NotFound
from chengyun.kernel.text import JsonObject
from chengyun.places import reads as places

FIGURES = (
    "open",
    "overdue",
    "soon",
    "grave",
    "supervised",
    "new",
    "closed",
    "timed",
    "in_time",
    "simulated",
)
# How many bits of an area's number lie below each level (kernel.areas).
_BELOW = {"district": 38, "street": 26, "community": 14, "grid": 0}


def board(actor: Actor, *, now: datetime, area: int | None = None, level: str = "") -> JsonObject:
    """Figures of the areas below one, each of `level` (the next one down, if none is named).

    Raises:
        NotFound: no such area, or it lies outside the actor's.
        Invalid: the level is no level below the area's.
    """
    own = _within(actor, area)
    path = places.area_path(own)
    here = path[-1]
    wanted = level or _next(here.level)
    if wanted not in _BELOW or areas.LEVELS.index(wanted) <= areas.LEVELS.index(here.level):
        raise Invalid([FieldError("level", f"is no level below a {here.level}", "bad_level")])
    zone = rulebook().of(areas.city_of(own)).calendar.zone
    since = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    counted = _counted(Case.objects.visible_to(actor), own, wanted, since, now)
    whole = counted.pop(own, None)
    items = [
        {"area": _brief(info), "whole": False, **counted.get(info["no"], _NOTHING)}
        for info in _areas(own, wanted, counted)
    ]
    if whole is not None:
        items.append({"area": _brief(_plain(here)), "whole": True, **whole})
    return {
        "area": _brief(_plain(here)),
        "path": [_brief(_plain(one)) for one in path if _sees(actor, one.no)],
        "level": wanted,
        "items": items,
        "total": {name: sum(line[name] for line in items) for name in FIGURES},
        "as_of": now,
        "since": since,
    }


_NOTHING = dict.fromkeys(FIGURES, 0)


def _within(actor: Actor, area: int | None) -> int:
    """The area asked for, or the actor's own outermost one."""
    held = sorted({grant.area_no for grant in actor.grants}, key=areas.depth)
    seen = actor.scope()
    if not held or not (seen.areas or seen.units):
        raise NotFound("There is no board of cases for this post.")
    if area is None:
        return held[0]
    if not 0 < area < 1 << 58 or not _sees(actor, area):
        raise NotFound("There is no such area.")
    return places.area(area).no


def _sees(actor: Actor, area: int) -> bool:
    return any(areas.contains(grant.area_no, area) for grant in actor.grants)


def _next(level: str) -> str:
    at = areas.LEVELS.index(level) + 1
    return areas.LEVELS[min(at, len(areas.LEVELS) - 1)]


def _counted(
    cases: CaseQuerySet, area: int, level: str, since: datetime, now: datetime
) -> dict[int, dict[str, int]]:
    """Figures by child area; the area itself stands for what has no place below it."""
    shift = _BELOW[level]
    inside = (
        cases.filter(area_no__range=areas.span(area))
        .order_by()
        .annotate(child=F("area_no").bitrightshift(shift).bitleftshift(shift))
    )
    ticking = Q(paused=False)
    parts = (
        _part(
            inside.filter(open=True),
            open=Count("pk"),
            overdue=Count("pk", filter=ticking & Q(due_at__lte=now)),
            soon=Count("pk", filter=ticking & Q(warn_at__lte=now, due_at__gt=now)),
            grave=Count("pk", filter=Q(level__lte=GRAVE)),
            supervised=Count("pk", filter=Q(supervised__gt=0)),
            simulated=Count("pk", filter=Q(simulated=True)),
        ),
        _part(inside.filter(reported_at__gte=since), new=Count("pk")),
        _part(
            inside.filter(closed_at__gte=since),
            closed=Count("pk"),
            # History of another system ran by no clock of ours: neither in time nor late.
            timed=Count("pk", filter=Q(imported=False)),
            in_time=Count("pk", filter=Q(imported=False, overtime=0)),
        ),
    )
    found: dict[int, dict[str, int]] = {}
    for row in parts[0].union(*parts[1:], all=True):
        line = found.setdefault(row["child"], dict(_NOTHING))
        for name in FIGURES:
            line[name] += row[f"n_{name}"]
    return found


def _part(cases: Any, **counts: Count) -> Any:
    """One grouped branch of the statement; every branch has every column."""
    zero = Value(0, output_field=IntegerField())
    columns = {f"n_{name}": counts.get(name, zero) for name in FIGURES}
    return cases.values("child").annotate(**columns).values("child", *columns)


def _areas(area: int, level: str, counted: Iterable[int]) -> list[JsonObject]:
    """The areas of a level below one, by code; of grids those that hold a case."""
    if level != "grid":
        city = areas.city_of(area)
        return [_plain(one) for one in places.regions(city, level=level, parent=area)]
    codes = places.grid_codes(counted)
    return [
        {"no": no, "code": code, "name": {"zh": code, "en": code}, "level": "grid"}
        for no, code in sorted(codes.items(), key=lambda pair: pair[1])
    ]


def _plain(info: places.AreaInfo) -> JsonObject:
    return {"no": info.no, "code": info.code, "name": info.name, "level": info.level}


def _brief(info: JsonObject) -> JsonObject:
    return {name: info[name] for name in ("no", "code", "name", "level")}
