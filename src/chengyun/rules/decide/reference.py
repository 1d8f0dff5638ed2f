"""The reference evaluator: one reading at a time in plain Python, conditions run by cel-python.

It shares no code with the fast one but the declared rule, which words a condition names, who is
near whom, and which area counts which cases.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import celpy
from celpy import celtypes
from celpy.evaluation import CELEvalError
from lark import Token, Tree

from chengyun.rules.decide.conditions import read
from chengyun.rules.decide.counting import counter
from chengyun.rules.decide.declared import Input, Rule
from chengyun.rules.decide.ground import Subject, read_by
from chengyun.rules.decide.scheduling import looks

Reading = tuple[int, int, float]
Moved = tuple[str, str, int, int, int]
"""Rule, code of the thing, instant in µs, rank before and after."""
_SECOND = 1_000_000


class _Conditions:
    """cel-python's own interpreter; whole numbers are made floating ones first, as words are."""

    def __init__(self, rule: Rule, zone: ZoneInfo) -> None:
        self._rule, self._at, self._zone = rule, 0, zone
        self._environment = celpy.Environment()
        self._programs: dict[str, Any] = {}

    def ask(self, text: str, words: dict[str, float | None], at: int) -> Any:
        """What a condition is; None where a word it needs is missing."""
        self._at = at
        if text not in self._programs:
            tree = _floating(self._environment.compile(text))
            functions: dict[str, Any] = {
                "_/_": _divided,
                "curve": self._curve,
                "band": self._band,
                "abs": lambda x: celtypes.DoubleType(abs(x)),
                "min": lambda x, y: celtypes.DoubleType(min(x, y)),
                "max": lambda x, y: celtypes.DoubleType(max(x, y)),
            }
            self._programs[text] = self._environment.program(tree, functions)
        known = {k: celtypes.DoubleType(v) for k, v in words.items() if v is not None}
        try:
            return self._programs[text].evaluate(known)
        except CELEvalError:
            return None

    def _points(self, table: str) -> tuple[tuple[float, float], ...]:
        day = datetime.fromtimestamp(self._at / _SECOND, self._zone).date()
        good = [one for one in self._rule.tables[str(table)] if one.since <= day]
        if not good:
            raise CELEvalError("no table is in force")
        return max(good, key=lambda one: one.since).points

    def _curve(self, table: Any, x: Any) -> Any:
        points = self._points(table)
        if x <= points[0][0]:
            return celtypes.DoubleType(points[0][1])
        for (a, low), (b, high) in pairwise(points):
            if x <= b:
                return celtypes.DoubleType(low + (high - low) / (b - a) * (float(x) - a))
        return celtypes.DoubleType(points[-1][1])

    def _band(self, table: Any, x: Any) -> Any:
        return celtypes.DoubleType(bisect_left([one for one, _ in self._points(table)], float(x)))


def _divided(left: Any, right: Any) -> Any:
    # CEL would give infinity, which is no figure that anything could be held against.
    if float(right) == 0:
        raise ZeroDivisionError
    return celtypes.DoubleType(float(left) / float(right))


def _floating(tree: Any) -> Any:
    kids = [
        Token("FLOAT_LIT", f"{float(int(kid, 0))}")
        if isinstance(kid, Token) and kid.type == "INT_LIT"
        else (_floating(kid) if isinstance(kid, Tree) else kid)
        for kid in tree.children
    ]
    return Tree(tree.data, kids, tree.meta)


class Reference:
    """All rules over all things, as slowly as it pleases; `moves` is what happened."""

    def __init__(
        self,
        rules: Iterable[Rule],
        kinds: dict[str, list[Subject]],
        zone: str,
        works: Callable[[date], bool],
    ) -> None:
        self.rules = list(rules)
        self.kinds = {**kinds, **counter(self.rules, kinds).areas}
        self.zone, self.works = ZoneInfo(zone), works
        self.moves: list[Moved] = []
        self._kept: dict[int, dict[int, float]] = {}
        self._ranks: dict[tuple[str, UUID], int] = {}
        self._waits: dict[tuple[str, UUID], tuple[int, int, int]] = {}
        self._conditions = {rule.id: _Conditions(rule, self.zone) for rule in self.rules}
        read = {pair for rule in self.rules for kind in rule.things for pair in rule.read_by(kind)}
        self._owner = {
            thing.streams[name]: thing
            for kind, name in read
            for thing in self.kinds.get(kind, [])
            if name in thing.streams
        }

    def take(self, batch: Iterable[Reading]) -> None:
        """Take a batch: the first instant of every thing, then the second, and so on."""
        instants: dict[UUID, list[int]] = {}
        rows = [one for one in batch if one[0] in self._owner]
        for stream, at, _ in rows:
            mine = instants.setdefault(self._owner[stream].id, [])
            if at not in mine:
                mine.append(at)
        turn = 0
        while any(len(mine) > turn for mine in instants.values()):
            now = {k: sorted(mine)[turn] for k, mine in instants.items() if len(mine) > turn}
            fresh = [one for one in rows if now.get(self._owner[one[0]].id) == one[1]]
            for stream, at, value in fresh:
                self._kept.setdefault(stream, {})[at] = value
            self._look(fresh)
            turn += 1

    def _look(self, fresh: list[Reading]) -> None:
        for rule in self.rules:
            for kind in rule.things:
                for thing in self.kinds.get(kind, []):
                    pools = [self._pool(asked, thing) for asked in rule.inputs.values()]
                    mine = {no for pool in pools for no in pool}
                    touched = [at for stream, at, _ in fresh if stream in mine]
                    if touched:
                        newest = max(max(self._kept[no]) for no in mine if self._kept.get(no))
                        self._judge(rule, thing, max(*touched, newest))

    def tick(self, now: int) -> None:
        """Time has passed."""
        for rule in self.rules:
            timed = any(asked.over or asked.take == "age" for asked in rule.inputs.values())
            for kind in rule.things:
                for thing in self.kinds.get(kind, []):
                    mine = {no for asked in rule.inputs.values() for no in self._pool(asked, thing)}
                    ever = [max(self._kept[no]) for no in mine if self._kept.get(no)]
                    if (rule.id, thing.id) in self._waits or (timed and ever):
                        self._judge(rule, thing, max([now, *ever]))

    def _pool(self, asked: Input, thing: Subject) -> list[int]:
        kind = thing.kind if asked.at == "thing" else asked.kind or thing.kind
        others = list(enumerate(self.kinds.get(kind, [])))
        found = [others[row][1] for row in read_by(asked, thing, others)]
        return [one.streams[asked.of] for one in found if asked.of in one.streams]

    def _judge(self, rule: Rule, thing: Subject, t: int) -> None:
        if not rule.looks_in(thing.area_no):
            return
        if not looks(rule.schedule, t, self.zone, self.works):
            return
        words = {name: self._word(rule, asked, thing, t) for name, asked in rule.inputs.items()}
        words |= {
            name: figure.of(thing.properties, thing.area_no)
            for name, figure in rule.figures.items()
        }
        ask = self._conditions[rule.id].ask
        key = (rule.id, thing.id)
        now = self._ranks.get(key, 0)
        best, left, ended = 0, 0, True
        for level in rule.levels:
            rank, held = 5 - level.severity, ask(level.when, words, t)
            if held:
                best = max(best, rank)
            over = held is not None and not held
            if held is None:
                over = self._unheard(rule, level.when, words, thing)
            until = None
            if level.until:
                said = ask(level.until, words, t)
                lost = said is None and self._unheard(rule, level.until, words, thing)
                until = over if lost else bool(said)
            if rank == now:
                ended = over if until is None else until
            if rank < now and until is False:
                left = max(left, rank)
        target = best if best > now else max(best, left) if now and ended else now
        self._move(rule, thing, target, t)

    def _unheard(
        self, rule: Rule, text: str, words: dict[str, float | None], thing: Subject
    ) -> bool:
        """Whether all that a condition misses never had a reading, or is an empty figure."""
        missing = [name for name in read(text).words() if words[name] is None]
        asked = [rule.inputs[name] for name in missing if name in rule.inputs]
        return bool(missing) and not any(
            self._kept.get(no) for one in asked for no in self._pool(one, thing)
        )

    def _move(self, rule: Rule, thing: Subject, target: int, t: int) -> None:
        key = (rule.id, thing.id)
        now = self._ranks.get(key, 0)
        if target == now:
            self._waits.pop(key, None)
            return
        up = 1 if target > now else -1
        way, goal, since = self._waits.get(key, (up, target, t))
        if way != up:
            goal, since = target, t
        goal = min(goal, target) if up > 0 else max(goal, target)
        if t - since < (rule.hold if up > 0 else rule.settle) * _SECOND:
            self._waits[key] = (up, goal, since)
            return
        self._waits.pop(key, None)
        before, self._ranks[key] = now, goal
        if goal != target:
            wait = rule.hold if up > 0 else rule.settle
            if wait:
                self._waits[key] = (up, target, t)
            else:
                self._ranks[key] = target
        self.moves.append((rule.id, thing.code, t, before, self._ranks[key]))

    def _word(self, rule: Rule, asked: Input, thing: Subject, t: int) -> float | None:
        pool = self._pool(asked, thing)
        ever = sorted((at, v) for no in pool for at, v in self._kept.get(no, {}).items())
        if not asked.over:
            latest = [max(self._kept[no].items()) for no in pool if self._kept.get(no)]
            window = sorted(one for one in latest if self._counts(rule, asked, one[1], t))
        else:
            low, high = self._window(asked, t)
            window = [
                (at, v) for at, v in ever if low < at <= high and self._counts(rule, asked, v, t)
            ]
        return _figure(asked, window, t)

    def _counts(self, rule: Rule, asked: Input, value: float, t: int) -> bool:
        if asked.only is None:
            return True
        return bool(self._conditions[rule.id].ask(asked.only, {"value": value}, t))

    def _window(self, asked: Input, t: int) -> tuple[int, int]:
        over = asked.over * _SECOND
        if not asked.aligned:
            return t - over, t
        local = datetime.fromtimestamp(t / _SECOND, self.zone)
        ahead = (local.utcoffset() or timedelta(0)) // timedelta(microseconds=1)
        end = t - (t + ahead) % over
        return end - over - 1, end - 1


def _figure(asked: Input, window: list[tuple[int, float]], t: int) -> float | None:
    values = [value for _, value in window]
    if asked.take == "count":
        return float(len(values))
    if not values:
        return None
    (first, a), (last, b) = window[0], window[-1]
    if asked.take == "percentile":
        return _percentile(sorted(values), asked.percent or 0.0)
    plain: dict[str, Callable[[], float | None]] = {
        "value": lambda: b,
        "min": lambda: min(values),
        "max": lambda: max(values),
        "sum": lambda: math.fsum(values),
        "mean": lambda: math.fsum(values) / len(values),
        "age": lambda: (t - last) / _SECOND,
        "change": lambda: b - a,
        "rate": lambda: (b - a) / ((last - first) / _SECOND) if last > first else None,
    }
    return plain[asked.take]()


def _percentile(ordered: list[float], percent: float) -> float:
    place = (len(ordered) - 1) * (percent / 100)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
