"""The evaluation's table: rows with every counter, rate, score, grade, and what it was made by."""

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chengyun.cases.reads import rulebook
from chengyun.kernel import areas
from chengyun.kernel.actor import Actor
from chengyun.kernel.problems import FieldError, Invalid
from chengyun.kernel.text import JsonObject, Text, text
from chengyun.people.decide.posts import NAMES
from chengyun.people.models import Organisation
from chengyun.places.reads import areas_named
from chengyun.vitals.decide.counters import POSTS, of_post, totals
from chengyun.vitals.decide.periods import Period, month
from chengyun.vitals.decide.rates import RATES, rates
from chengyun.vitals.decide.schemes import By, Scheme
from chengyun.vitals.decide.scoring import score
from chengyun.vitals.reads.counting import LEVELS, Asked, Counted, Level, counted, grids_in
from chengyun.vitals.reads.schemes import schemes_on


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which table: of an area, a month, in rows of units, areas or posts at a level."""

    area_no: int
    period: Period
    by: By
    level: Level
    now: datetime

    def asked(self) -> Asked:
        """The marks it counts."""
        end = self.period.until(self.now)
        return Asked(self.area_no, self.period.start, end, self.by, self.level)


def wanted(area_no: int, period: str, by: By, level: Level | None, now: datetime) -> Wanted:
    """A table, its level one below its area unless named.

    Raises:
        Invalid: no such month, or a level above the area.
    """
    zone = rulebook().of(areas.city_of(area_no)).calendar.zone
    try:
        found = month(period, zone)
    except ValueError as error:
        raise Invalid([FieldError("period", str(error), "bad_period")]) from error
    depth = areas.depth(area_no)
    if level is None:
        level = LEVELS[min(depth, len(LEVELS) - 1)]
    if LEVELS.index(level) + 1 < depth:
        raise Invalid([FieldError("level", "stands above the area", "bad_level")])
    return Wanted(area_no, found, by, level, now)


def _names(by: By, keys: set[str], area_no: int) -> dict[str, Text]:
    if by == "unit":
        units = Organisation.objects.filter(pk__in=[UUID(key) for key in keys])
        return {str(unit.id): unit.name for unit in units}
    named = areas_named([int(key.rpartition("@")[2]) for key in keys])
    found: dict[str, Text] = {}
    for key in keys:
        post, _, number = key.rpartition("@")
        info = named.get(int(number))
        name = info.name if info else text("未知区域", "Unknown area")
        if post:
            said = NAMES[post]
            name = text(f"{name['zh']}·{said['zh']}", f"{name['en']}: {said['en']}")
        found[key] = name
    return found


def _by_row(numbers: list[Counted], by: By) -> tuple[dict[str, dict[str, int]], bool]:
    """Marks by row key; rows of posts hold the counters their post answers for."""
    rows: dict[str, dict[str, int]] = defaultdict(dict)
    for one in numbers:
        rows[one.key][one.counter] = one.count
    simulated = any(one.simulated for one in numbers)
    if by != "post":
        return dict(rows), simulated
    return {f"{post}@{key}": marks for key, marks in rows.items() for post in POSTS}, simulated


def _scheme_of(by: By, key: str, schemes: list[tuple[Scheme, str]]) -> tuple[Scheme, str] | None:
    post = key.rpartition("@")[0] or None if by == "post" else None
    fitting = [pair for pair in schemes if pair[0].by == by and pair[0].post == post]
    return max(fitting, key=lambda pair: pair[0].effective_from, default=None)


def _class_of(scheme: Scheme, area_no: int | None) -> str:
    """The class of an area, or of the nearest area above it that has one; else "1"."""
    if area_no is None or not scheme.area_classes:
        return "1"
    above = areas_named(areas.ancestors(area_no))
    for info in sorted(above.values(), key=lambda one: -areas.depth(one.no)):
        if info.code in scheme.area_classes:
            return scheme.area_classes[info.code]
    return "1"


def scheme_view(scheme: Scheme, mark: str) -> JsonObject:
    """A scheme as it is cited."""
    return {
        "id": scheme.id,
        "version": mark[:12],
        "name": scheme.name,
        "effective_from": scheme.effective_from.isoformat(),
        "source": scheme.source,
        "verified": scheme.verified,
        "pack": scheme.pack,
        "pack_version": scheme.pack_version,
    }


def _row(
    key: str,
    name: Text,
    numbers: dict[str, int],
    by: By,
    area_no: int | None,
    rest: bool,
    scheme: tuple[Scheme, str] | None,
    grids: int | None,
) -> JsonObject:
    every = totals(numbers)
    found = rates(every)
    if by == "post":
        own = of_post(key.rpartition("@")[0])
        every = {name: count for name, count in every.items() if name in own}
        found = {n: v for n, v in found.items() if {RATES[n].above, RATES[n].below} <= set(every)}
    said: dict[str, Any] = {"score": None, "grade": None, "known_weight": 0.0, "workings": ()}
    if scheme is not None and not rest:
        # A post's scheme may weigh what others also answer for (missed by patrol ÷ filed).
        said = asdict(score(scheme[0], totals(numbers), grids, _class_of(scheme[0], area_no)))
    return {
        "key": key,
        "name": name,
        "area_no": area_no,
        "rest": rest,
        "counters": every,
        "rates": {n: None if v is None else round(v, 4) for n, v in found.items()},
        "grids": grids,
        "scheme": scheme_view(*scheme) if scheme is not None and not rest else None,
        **said,
        "workings": [dict(one) for one in said["workings"]],
    }


def table(actor: Actor, asked: Wanted) -> JsonObject:
    """The table as of now: {"period", "by", "level", "area_no", "as_of", "rows", "total", …}."""
    return drawn(asked, counted(actor, asked.asked()))


def drawn(asked: Wanted, found: list[Counted]) -> JsonObject:
    """The table of these numbers."""
    rows, simulated = _by_row(found, asked.by)
    schemes = schemes_on(asked.period.first_day)
    grids = grids_in(asked.area_no, asked.level) if asked.by == "area" else {}
    names = _names(asked.by, set(rows), asked.area_no)
    out = []
    for key, numbers in rows.items():
        number = None if asked.by == "unit" else int(key.rpartition("@")[2])
        rest = number is not None and areas.level(number) != asked.level
        name = names.get(key, text("未知单位", "Unknown unit"))
        if rest:
            name = text(f"{name['zh']}（未细分）", f"{name['en']} (not located further)")
        scheme = _scheme_of(asked.by, key, schemes)
        row = _row(key, name, numbers, asked.by, number, rest, scheme, grids.get(key))
        if any(row["counters"].values()):
            out.append(row)
    out.sort(key=lambda row: (row["score"] is None, -(row["score"] or 0), row["name"]["zh"]))
    sums: dict[str, int] = defaultdict(int)
    for one in found:
        sums[one.counter] += one.count
    whole = totals(sums)
    return {
        "period": asked.period.name,
        "start": asked.period.start,
        "end": asked.period.end,
        "by": asked.by,
        "level": asked.level,
        "area_no": asked.area_no,
        "as_of": asked.now,
        "over": asked.period.end <= asked.now,
        "simulated": simulated,
        "rows": out,
        "total": {
            "counters": whole,
            "rates": {n: None if v is None else round(v, 4) for n, v in rates(whole).items()},
        },
    }
