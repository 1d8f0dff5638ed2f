"""Routing a case by a compiled duty list: the unit, or the candidates, and always the reasons.

The most specific line that holds wins (kind, then area, attributes, time, source). Among equally
specific lines the unit of the lowest level wins. What stays equal, and whatever is not certain,
is left to a person: no lead, but candidates.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from chengyun.cases.decide.routing import Candidate, RouteDecision, RouteQuery
from chengyun.dispatch.decide import explain
from chengyun.dispatch.decide.compiled import CompiledList, KindPlan, Line
from chengyun.dispatch.decide.units import Directory, Found, Unit
from chengyun.kernel import areas
from chengyun.kernel.text import Text

# What share of certainty each doubt leaves. Ours, by judgement; only their order matters.
WENT_UP = 0.95
CO_MISSING = 0.9
REFUSED = 0.5
UNCLEAR = 0.5
NO_UNIT = 0.2
LESS_SPECIFIC = 0.4
HIGHER_LEVEL = 0.3
CANDIDATES_MAX = 6
_MEMO_MAX = 100_000

_Key = tuple[str, int | None, int, tuple[UUID, ...]]
Pick = tuple[Line, Found]


class Routes:
    """Answers route queries for one city; remembers answers, since most cases resemble others.

    Safe to share between threads: answers are immutable and a lost race only repeats work.
    """

    def __init__(self, compiled: CompiledList) -> None:
        self.compiled = compiled
        self._city = compiled.directory.city_no
        self._zone = compiled.directory.zone
        self._shift = _shift(compiled.depth)
        self._memo: dict[_Key, RouteDecision] = {}

    def route(self, query: RouteQuery) -> RouteDecision:
        """Who gets the case."""
        plan = self.compiled.plan(query.kind_id)
        place = query.area_no
        if place is not None:
            # Nothing in the list or among the units lies deeper than this.
            place = place >> self._shift << self._shift
            if areas.city_of(place) != self._city:
                place = None
        key = (query.kind_id, place, self._held(plan, query), query.exclude)
        known = self._memo.get(key)
        if known is None:
            if len(self._memo) >= _MEMO_MAX:
                self._memo.clear()
            known = self._memo[key] = _decide(self.compiled, plan, key)
        return known

    def _held(self, plan: KindPlan, query: RouteQuery) -> int:
        held = 0
        if plan.windows:
            local = query.at.astimezone(self._zone)
            for bit, window in plan.windows:
                if window.holds(local):
                    held |= bit
        for bit, attributes in plan.attributes:
            if attributes.hold(query.attributes):
                held |= bit
        for bit, sources in plan.sources:
            if query.source in sources:
                held |= bit
        return held


def unlisted() -> RouteDecision:
    """The answer of a city without a duty list."""
    return RouteDecision(None, (), None, None, (explain.NO_LIST,), 0.0, ())


def _shift(depth: int) -> int:
    return (48, 38, 26, 14, 0)[depth - 1]


def _decide(compiled: CompiledList, plan: KindPlan, key: _Key) -> RouteDecision:
    kind_id, place, held, exclude = key
    duties, directory = compiled.duties, compiled.directory
    version = f"{duties.id}@{duties.version}"
    lines = plan.lines_at(place, held)
    if not lines:
        said = explain.unmatched(kind_id, duties.id, duties.version)
        return RouteDecision(None, (), None, version, (said,), 0.0, ())
    top = [line for line in lines if line.rank == lines[0].rank]
    picks = lowest(directory, top, place)
    first = picks[0][0] if picks else top[0]
    covers = (duties.id, duties.version, first.entry, first.pattern)
    reasons = [compiled.once(explain.matched, (first.entry.id, first.pattern), *covers)]
    if len(lines) > len(top):
        less = len(lines) - len(top)
        reasons.append(compiled.once(explain.gave_way, less, less))
    units = distinct(unit for _, found in picks for unit in found.units)

    def doubt(said: Text, confidence: float, own: Sequence[Candidate]) -> RouteDecision:
        others = _others(directory, lines, place, {c.unit for c in own} | set(exclude))
        candidates = (*own, *others)[:CANDIDATES_MAX]
        reasons.append(said)
        return RouteDecision(
            None, (), first.entry.id, version, tuple(reasons), confidence, candidates
        )

    if not units:
        return doubt(explain.no_unit(first.entry.lead), NO_UNIT, ())
    own = _own(picks, exclude)
    out = [unit for unit in units if unit.id in exclude]
    if out:
        return doubt(explain.refused(out[0]), REFUSED, own)
    if len(units) > 1:
        return doubt(explain.tied(units), round(1 / len(units), 3), own)
    if place is None:
        return doubt(explain.NO_PLACE, UNCLEAR, own)
    found = picks[0][1]
    if found.unclear:
        return doubt(explain.unclear(units[0]), UNCLEAR, own)

    target = first.entry.lead
    key_of_unit = (target, found.level, found.passed, units[0].id)
    reasons.append(compiled.once(explain.resolved, key_of_unit, target, found, units[0]))
    if len(picks) > 1:
        reasons.append(explain.agreed([line.entry for line, _ in picks]))
    confidence = WENT_UP if found.passed else 1.0
    co, missing = _co(directory, picks, place, units[0], exclude)
    if missing:
        confidence *= CO_MISSING
        reasons.extend(missing)
    return RouteDecision(
        units[0].id, co, first.entry.id, version, tuple(reasons), round(confidence, 3), ()
    )


def distinct(units: Iterator[Unit]) -> list[Unit]:
    """Units once each, in the order first met."""
    return list({unit.id: unit for unit in units}.values())


def lowest(directory: Directory, lines: Sequence[Line], place: int | None) -> list[Pick]:
    """The lines whose unit stands at the lowest level, with the units found."""
    found = [(line, directory.find(line.entry.lead, place)) for line in lines]
    deepest = max((_depth(hit) for _, hit in found), default=-1)
    return [(line, hit) for line, hit in found if _depth(hit) == deepest and hit.units]


def _depth(found: Found) -> int:
    return -1 if found.level is None else areas.LEVELS.index(found.level)


def _own(picks: Sequence[Pick], exclude: tuple[UUID, ...]) -> list[Candidate]:
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


def _others(
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


def _co(
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
