"""Which units the lines of a list stand for at a place: the lowest, the others, the co-handlers."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from chengyun.cases.decide.routing import Candidate
from chengyun.dispatch.decide import explain
from chengyun.dispatch.decide.compiled import Line
from chengyun.dispatch.decide.units import Directory, Found, Unit
from chengyun.kernel import areas
from chengyun.kernel.text import Text

LESS_SPECIFIC = 0.4
HIGHER_LEVEL = 0.3
CANDIDATES_MAX = 6

Pick = tuple[Line, Found]


def distinct(units: Iterator[Unit]) -> list[Unit]:
    """Units once each, in the order first met."""
    return list({unit.id: unit for unit in units}.values())


def found_for(directory: Directory, lines: Sequence[Line], place: int | None) -> list[Pick]:
    """What each line's lead stands for at a place."""
    return [(line, directory.find(line.entry.lead, place)) for line in lines]


def lowest(found: Sequence[Pick]) -> list[Pick]:
    """The lines whose unit stands at the lowest level."""
    deepest = max((_depth(hit) for _, hit in found), default=-1)
    return [(line, hit) for line, hit in found if _depth(hit) == deepest and hit.units]


def _depth(found: Found) -> int:
    return -1 if found.level is None else areas.LEVELS.index(found.level)


def equal_units(picks: Sequence[Pick], exclude: tuple[UUID, ...]) -> list[Candidate]:
    """The equally responsible units as candidates, sharing certainty."""
    share: dict[UUID, tuple[Line, Found]] = {}
    for line, found in picks:
        for unit in found.units:
            if unit.id not in exclude:
                share.setdefault(unit.id, (line, found))
    return [
        Candidate(unit, line.entry.id, explain.equally(line.entry), round(1 / len(share), 3))
        for unit, (line, _) in share.items()
    ]


def other_units(
    directory: Directory, lines: Sequence[Line], place: int | None, known: set[UUID]
) -> list[Candidate]:
    """Units further up the same role, then those of less specific lines."""
    found: dict[UUID, Candidate] = {}

    def offer(unit: Unit, line: Line, score: float, reason: Text) -> None:
        if unit.id not in known and unit.id not in found:
            found[unit.id] = Candidate(unit.id, line.entry.id, reason, score)

    for line in lines:
        top = line.rank == lines[0].rank
        for step, hit in enumerate(directory.ladder(line.entry.lead, place)):
            for unit in hit.units:
                if step and top:
                    offer(unit, line, HIGHER_LEVEL, explain.higher_level(unit.level))
                elif not top and not step:
                    offer(unit, line, LESS_SPECIFIC, explain.less_specific(line.entry))
        if len(found) >= CANDIDATES_MAX:
            break
    return sorted(found.values(), key=lambda candidate: -candidate.score)


def co_handlers(
    directory: Directory,
    picks: Sequence[Pick],
    place: int | None,
    lead: Unit,
    exclude: tuple[UUID, ...],
) -> tuple[tuple[UUID, ...], list[Text]]:
    """Co-handlers of the winning lines, and a sentence for each that does not exist."""
    chosen: dict[UUID, None] = {}
    missing: list[Text] = []
    for target in dict.fromkeys(t for line, _ in picks for t in line.entry.co):
        units = directory.find(target, place).units
        if not units:
            missing.append(explain.co_missing(target))
        for unit in units:
            if unit.id != lead.id and unit.id not in exclude:
                chosen[unit.id] = None
    return tuple(chosen), missing
