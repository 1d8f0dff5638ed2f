"""Gaps of a duty list: cases that would reach nobody without a person's help."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from chengyun.dispatch.decide.candidates import distinct, found_for, lowest
from chengyun.dispatch.decide.compiled import CompiledList, KindPlan, Line
from chengyun.dispatch.decide.duties import WEEK_MINUTES
from chengyun.kernel import areas

# no_entry: no line at all · conditional: only under attributes, sources or hours
# no_unit: a line whose unit does not exist there · tie: several units equally responsible
Why = Literal["no_entry", "conditional", "no_unit", "tie"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Kinds that lack a unit in areas, for one reason. An area stands for all places in it."""

    why: Why
    entry: str | None
    kinds: tuple[str, ...]
    areas: tuple[int, ...]


def gaps(compiled: CompiledList, kinds: Iterable[str], places: Sequence[int]) -> tuple[Gap, ...]:
    """Gaps of kinds at places (the smallest areas that count), rolled up to whole areas."""
    shift = (48, 38, 26, 14, 0)[compiled.depth - 1]
    leaves = sorted({place >> shift << shift for place in places})
    grouped: dict[tuple[Why, str | None, tuple[int, ...]], list[str]] = {}
    for kind_id in sorted(set(kinds)):
        plan = compiled.plan(kind_id)
        open_at: dict[tuple[Why, str | None], list[int]] = {}
        for place in leaves:
            found = _gap(compiled, plan, place)
            if found is not None:
                open_at.setdefault(found, []).append(place)
        for (why, entry), where in open_at.items():
            grouped.setdefault((why, entry, rolled_up(where, leaves)), []).append(kind_id)
    return tuple(
        Gap(why, entry, tuple(named), where)
        for (why, entry, where), named in sorted(
            grouped.items(), key=lambda item: (item[0][0], item[0][1] or "", item[0][2])
        )
    )


def _gap(compiled: CompiledList, plan: KindPlan, place: int) -> tuple[Why, str | None] | None:
    everything = plan.lines_at(place, -1)
    if not everything:
        return "no_entry", None
    always = plan.lines_at(place, 0)
    if not always:
        return None if _whole_week(everything) else ("conditional", everything[0].entry.id)
    top = [line for line in always if line.rank == always[0].rank]
    picks = lowest(found_for(compiled.directory, top, place))
    units = distinct(unit for _, found in picks for unit in found.units)
    if not units:
        return "no_unit", top[0].entry.id
    return ("tie", top[0].entry.id) if len(units) > 1 else None


def _whole_week(lines: Sequence[Line]) -> bool:
    """Whether lines bound to nothing but hours fill the week."""
    spans = sorted(
        span
        for line in lines
        if line.entry.when is not None and not line.entry.where and not line.entry.sources
        for span in line.entry.when.spans()
    )
    reached = 0
    for low, high in spans:
        if low > reached:
            return False
        reached = max(reached, high)
    return reached >= WEEK_MINUTES


def rolled_up(chosen: Iterable[int], leaves: Sequence[int]) -> tuple[int, ...]:
    """Areas that stand for the chosen leaves: a parent replaces its leaves when all are chosen."""
    left = set(chosen)
    total: dict[int, int] = {}
    taken: dict[int, int] = {}
    for leaf in leaves:
        for area in areas.ancestors(leaf):
            total[area] = total.get(area, 0) + 1
            taken[area] = taken.get(area, 0) + (leaf in left)
    full = {area for area, count in total.items() if taken[area] == count}
    return tuple(sorted(area for area in full if areas.parent(area) not in full))
