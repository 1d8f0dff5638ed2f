"""The units that exist: who holds a role, at which level, for which area."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from uuid import UUID

from chengyun.dispatch.decide.duties import TARGET_LEVELS, Target
from chengyun.kernel import areas
from chengyun.kernel.areas import Level
from chengyun.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation as routing sees it. `area_no` is the area it serves."""

    id: UUID
    code: str
    name: Text
    roles: frozenset[str]
    level: Level
    area_no: int


@dataclass(frozen=True, slots=True)
class Found:
    """Units a target stands for at one place, all at one level; several are a tie.

    `passed` are the levels below where nobody holds the role. `unclear` says that the place is
    not known deeply enough to rule out a unit of a lower level.
    """

    units: tuple[Unit, ...]
    level: Level | None
    passed: tuple[Level, ...] = ()
    unclear: bool = False


NOBODY = Found((), None)


class Directory:
    """The units of one city with its areas and its zone; immutable once built."""

    def __init__(
        self, *, city_no: int, units: Iterable[Unit], areas_by_code: Mapping[str, int], zone: tzinfo
    ) -> None:
        self.city_no = city_no
        self.zone = zone
        self.areas_by_code = dict(areas_by_code)
        self.units = tuple(sorted(units, key=lambda unit: (unit.code, unit.id)))
        self.by_id = {unit.id: unit for unit in self.units}
        self.by_code = {unit.code: unit for unit in self.units}
        self._by_role: dict[tuple[str, Level], dict[int, list[Unit]]] = {}
        for unit in self.units:
            for role in unit.roles:
                served = self._by_role.setdefault((role, unit.level), {})
                served.setdefault(unit.area_no, []).append(unit)

    @property
    def depth(self) -> int:
        """Depth of the deepest area a unit serves (1 city … 5 grid)."""
        return max((areas.depth(unit.area_no) for unit in self.units), default=1)

    def find(self, target: Target, place: int | None) -> Found:
        """The lowest competent level's units for a target at a place (None: place unknown)."""
        for found in self.ladder(target, place):
            return found
        return NOBODY

    def ladder(self, target: Target, place: int | None) -> Iterator[Found]:
        """Every level's units for a target at a place, lowest first; nobody at the end if none."""
        if target.org is not None:
            unit = self.by_code.get(target.org)
            if unit is not None:
                yield Found((unit,), unit.level)
            return
        if target.role is None or target.level is None:
            return
        path = [] if place is None else areas.ancestors(place)
        passed: list[Level] = []
        unclear, anybody = False, False
        for level in reversed(TARGET_LEVELS[: TARGET_LEVELS.index(target.level) + 1]):
            served = self._by_role.get((target.role, level), {})
            here = next((served[area] for area in reversed(path) if area in served), None)
            if place is None and level == "city":
                here = served.get(self.city_no)
            if here:
                anybody = True
                yield Found(tuple(here), level, tuple(passed), unclear)
            else:
                # A unit that serves a part of a place known only roughly may be the right one.
                unclear = unclear or any(
                    place is None or areas.contains(place, area) for area in served
                )
            passed.append(level)
        if not anybody:
            yield Found((), None, tuple(passed), unclear)
