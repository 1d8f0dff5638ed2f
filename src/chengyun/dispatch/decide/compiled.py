"""A duty list made ready to answer: indexed by kind and area, conditions numbered per kind."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from fnmatch import translate

import orjson

from chengyun.dispatch.decide.duties import (
    DutyList,
    Entry,
    Window,
    best_pattern,
    pattern_rank,
    where_holds,
)
from chengyun.dispatch.decide.units import Directory
from chengyun.kernel import areas
from chengyun.kernel.text import Json, Text

# (kind exact?, fixed letters, area depth, attributes, time, sources): compared left to right, so
# what is said about the kind outweighs what is said about the place, and so on.
Rank = tuple[int, int, int, int, int, int]
_KINDS_MAX = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it applies to one kind. `needs` are bits of the kind's conditions."""

    entry: Entry
    pattern: str
    rank: Rank
    needs: int


@dataclass(frozen=True, slots=True)
class Attributes:
    """A condition on attributes. Compared by its JSON, in which true is not 1."""

    key: bytes
    where: Mapping[str, tuple[Json, ...]] = field(compare=False)

    def hold(self, given: Mapping[str, Json]) -> bool:
        return where_holds(self.where, given)


@dataclass(frozen=True, slots=True)
class KindPlan:
    """All lines of one kind, by area (0 = the whole city), and the conditions they ask."""

    by_area: Mapping[int, tuple[Line, ...]]
    windows: tuple[tuple[int, Window], ...]
    attributes: tuple[tuple[int, Attributes], ...]
    sources: tuple[tuple[int, frozenset[str]], ...]

    def lines_at(self, place: int | None, held: int) -> list[Line]:
        """Lines that hold at a place under the conditions held, most specific first."""
        path = [0] if place is None else [0, *areas.ancestors(place)]
        found = [
            line
            for area in path
            for line in self.by_area.get(area, ())
            if line.needs & held == line.needs
        ]
        return sorted(found, key=lambda line: (line.rank, line.entry.id), reverse=True)

    def finer_than(self, rank: Rank, place: int | None, held: int) -> bool:
        """Whether a more specific line holds in some part of a place known only roughly."""
        return any(
            line.needs & held == line.needs and line.rank > rank
            for area, lines in self.by_area.items()
            if area and area != place and (place is None or areas.contains(place, area))
            for line in lines
        )


class CompiledList:
    """A duty list with the units of its city, ready to look up lines by kind."""

    def __init__(self, duties: DutyList, directory: Directory) -> None:
        self.duties = duties
        self.directory = directory
        self.unknown_areas = tuple(
            entry
            for entry in duties.entries
            if entry.area is not None and entry.area not in directory.areas_by_code
        )
        named = [directory.areas_by_code.get(e.area, 0) for e in duties.entries if e.area]
        self.depth = max([directory.depth, *(areas.depth(no) for no in named if no)])
        self._exact: dict[str, list[int]] = {}
        self._patterns: dict[str, tuple[re.Pattern[str], list[int]]] = {}
        self._plans: dict[str, KindPlan] = {}
        self._said: dict[Hashable, Text] = {}
        for index, entry in enumerate(duties.entries):
            for pattern in set(entry.kinds):
                if pattern_rank(pattern)[0]:
                    self._exact.setdefault(pattern, []).append(index)
                elif pattern in self._patterns:
                    self._patterns[pattern][1].append(index)
                else:
                    self._patterns[pattern] = (re.compile(translate(pattern)), [index])

    def plan(self, kind_id: str) -> KindPlan:
        """The lines of a kind."""
        known = self._plans.get(kind_id)
        if known is None:
            # Kinds come from packs; the bound only guards against a caller that invents them.
            if len(self._plans) >= _KINDS_MAX:
                self._plans.clear()
            known = self._plans[kind_id] = self._build(kind_id)
        return known

    def once(self, make: Callable[..., Text], key: Hashable, *told: object) -> Text:
        """A sentence made once and shared: most decisions say what others said before."""
        known = self._said.get((make, key))
        if known is None:
            known = self._said[make, key] = make(*told)
        return known

    def _build(self, kind_id: str) -> KindPlan:
        chosen = set(self._exact.get(kind_id, ()))
        for compiled, indexes in self._patterns.values():
            if compiled.match(kind_id):
                chosen.update(indexes)
        bits: dict[Window | Attributes | frozenset[str], int] = {}
        by_area: dict[int, list[Line]] = {}
        for index in sorted(chosen):
            entry = self.duties.entries[index]
            area = 0 if entry.area is None else self.directory.areas_by_code.get(entry.area, -1)
            pattern = best_pattern(entry, kind_id)
            if area < 0 or pattern is None:
                continue
            needs = 0
            for condition in _conditions(entry):
                needs |= bits.setdefault(condition, 1 << len(bits))
            by_area.setdefault(area, []).append(
                Line(entry, pattern, _rank(entry, pattern, area), needs)
            )
        return KindPlan(
            {area: tuple(lines) for area, lines in by_area.items()},
            tuple((bit, c) for c, bit in bits.items() if isinstance(c, Window)),
            tuple((bit, c) for c, bit in bits.items() if isinstance(c, Attributes)),
            tuple((bit, c) for c, bit in bits.items() if isinstance(c, frozenset)),
        )


def _conditions(entry: Entry) -> list[Window | Attributes | frozenset[str]]:
    found: list[Window | Attributes | frozenset[str]] = []
    if entry.when is not None:
        found.append(entry.when)
    if entry.where:
        found.append(Attributes(orjson.dumps(dict(entry.where)), entry.where))
    if entry.sources:
        found.append(entry.sources)
    return found


def _rank(entry: Entry, pattern: str, area: int) -> Rank:
    exact, letters = pattern_rank(pattern)
    return (
        exact,
        letters,
        areas.depth(area) if area else 0,
        len(entry.where),
        entry.when.rank if entry.when else 0,
        int(bool(entry.sources)),
    )
