"""Routing a case by a compiled duty list: the unit, or the candidates, and always the reasons.

The most specific line that holds wins (kind, then area, attributes, time, source). Among equally
specific lines the unit of the lowest level wins. What stays equal, and whatever is not certain,
is left to a person: no lead, but candidates.
"""

from collections.abc import Sequence
from uuid import UUID

from chengyun.cases.decide.routing import Candidate, RouteDecision, RouteQuery
from chengyun.dispatch.decide import explain
from chengyun.dispatch.decide.candidates import (
    CANDIDATES_MAX,
    co_handlers,
    distinct,
    equal_units,
    found_for,
    lowest,
    other_units,
)
from chengyun.dispatch.decide.compiled import CompiledList, KindPlan
from chengyun.kernel import areas
from chengyun.kernel.text import Text

# What share of certainty each doubt leaves. Ours, by judgement; only their order matters.
WENT_UP = 0.95
CO_MISSING = 0.9
REFUSED = 0.5
UNCLEAR = 0.5
NO_UNIT = 0.2
_MEMO_MAX = 100_000
# A place of another city; None is a place nobody knows.
_OUTSIDE = 0

_Key = tuple[str, int | None, int, tuple[UUID, ...]]


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
                place = _OUTSIDE
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
    outside = place == _OUTSIDE
    if outside:
        place = None
    duties, directory = compiled.duties, compiled.directory
    version = f"{duties.id}@{duties.version}"
    lines = plan.lines_at(place, held)
    if not lines:
        said = explain.unmatched(kind_id, duties.id, duties.version)
        return RouteDecision(None, (), None, version, (said,), 0.0, ())
    top = [line for line in lines if line.rank == lines[0].rank]
    hits = found_for(directory, top, place)
    picks = lowest(hits)
    first = picks[0][0] if picks else top[0]
    covers = (duties.id, duties.version, first.entry, first.pattern)
    reasons = [compiled.once(explain.matched, (first.entry.id, first.pattern), *covers)]
    if len(lines) > len(top):
        less = len(lines) - len(top)
        reasons.append(compiled.once(explain.gave_way, less, less))
    units = distinct(unit for _, found in picks for unit in found.units)

    def doubt(said: Text, confidence: float, own: Sequence[Candidate]) -> RouteDecision:
        others = other_units(directory, lines, place, {c.unit for c in own} | set(exclude))
        candidates = (*own, *others)[:CANDIDATES_MAX]
        reasons.append(said)
        return RouteDecision(
            None, (), first.entry.id, version, tuple(reasons), confidence, candidates
        )

    if not units:
        return doubt(explain.no_unit(first.entry.lead), NO_UNIT, ())
    own = equal_units(picks, exclude)
    out = [unit for unit in units if unit.id in exclude]
    if out:
        return doubt(explain.refused(out[0]), REFUSED, own)
    if len(units) > 1:
        return doubt(explain.tied(units), round(1 / len(units), 3), own)
    if outside:
        return doubt(explain.NO_PLACE, UNCLEAR, own)
    if any(hit.unclear for _, hit in hits) or plan.finer_than(top[0].rank, place, held):
        return doubt(explain.unclear(units[0]), UNCLEAR, own)

    found = picks[0][1]
    target = first.entry.lead
    key_of_unit = (target, found.level, found.passed, units[0].id)
    reasons.append(compiled.once(explain.resolved, key_of_unit, target, found, units[0]))
    if len(picks) > 1:
        reasons.append(explain.agreed([line.entry for line, _ in picks]))
    confidence = WENT_UP if found.passed else 1.0
    co, missing = co_handlers(directory, picks, place, units[0], exclude)
    if missing:
        confidence *= CO_MISSING
        reasons.extend(missing)
    return RouteDecision(
        units[0].id, co, first.entry.id, version, tuple(reasons), round(confidence, 3), ()
    )
