"""Conflicts of a duty list: lines equally specific that name different units."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from chengyun.dispatch.decide.compiled import CompiledList, Line
from chengyun.dispatch.decide.duties import Entry, Window, same_value
from chengyun.dispatch.decide.units import Found
from chengyun.kernel import areas

CONFLICTS_MAX = 1_000
SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two entries between which no rule decides.

    `places` counts the areas where both name units of one level and the units differ; `samples`
    are the first of them.
    """

    first: str
    second: str
    kinds: tuple[str, ...]
    area: str | None
    places: int
    samples: tuple[int, ...]


def overlap(one: Entry, other: Entry) -> bool:
    """Whether one case could fulfil the conditions of both entries."""
    if one.sources and other.sources and not one.sources & other.sources:
        return False
    for name in one.where.keys() & other.where.keys():
        if not any(same_value(a, b) for a in one.where[name] for b in other.where[name]):
            return False
    return one.when is None or other.when is None or _meet(one.when, other.when)


def _meet(one: Window, other: Window) -> bool:
    return any(a < d and c < b for a, b in one.spans() for c, d in other.spans())


def conflicts(compiled: CompiledList, kinds: Iterable[str]) -> tuple[Conflict, ...]:
    """The conflicts among kinds, at most 1,000 pairs of entries."""
    pairs: dict[tuple[str, str], list[str]] = {}
    differing: dict[tuple[str, str], tuple[int, ...]] = {}
    lines: dict[str, Line] = {}
    for kind_id in kinds:
        for area, found in compiled.plan(kind_id).by_area.items():
            ordered = sorted(found, key=lambda line: line.entry.id)
            for one, other in combinations(ordered, 2):
                if one.rank != other.rank or one.entry.lead == other.entry.lead:
                    continue
                key = (one.entry.id, other.entry.id)
                if key not in differing:
                    met = overlap(one.entry, other.entry)
                    differing[key] = _differing(compiled, one, other, area) if met else ()
                if differing[key]:
                    lines[key[0]] = one
                    pairs.setdefault(key, []).append(kind_id)
            if len(pairs) >= CONFLICTS_MAX:
                break
    return tuple(
        Conflict(
            *key,
            tuple(sorted(named)),
            lines[key[0]].entry.area,
            len(differing[key]),
            differing[key][:SAMPLES],
        )
        for key, named in sorted(pairs.items())
    )


def _differing(compiled: CompiledList, one: Line, other: Line, area: int) -> tuple[int, ...]:
    """Areas in which the two lines name different units of the same level."""
    directory = compiled.directory
    outer = area or directory.city_no
    found = []
    for place in sorted(set(directory.areas_by_code.values())):
        if areas.depth(place) > compiled.depth or not areas.contains(outer, place):
            continue
        a = directory.find(one.entry.lead, place)
        b = directory.find(other.entry.lead, place)
        if a.level is not None and a.level == b.level and _ids(a) != _ids(b):
            found.append(place)
    return tuple(found)


def _ids(found: Found) -> set[object]:
    return {unit.id for unit in found.units}
