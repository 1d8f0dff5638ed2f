"""The fast evaluator: batches of readings in, changes of standings out. It knows no database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from chengyun.rules.decide.counting import counter
from chengyun.rules.decide.declared import CASES, Rule
from chengyun.rules.decide.ground import Subject
from chengyun.rules.decide.levels import Standing, moved
from chengyun.rules.decide.looking import Look
from chengyun.rules.decide.scheduling import looking
from chengyun.rules.decide.windows import EMPTY, SECOND, Block, reach
from chengyun.sensing.decide.readings import Floats, Ints


@dataclass(frozen=True, slots=True)
class Change:
    """A standing that moved: of which rule and thing, when (µs), from which rank to which.

    Attributes:
        words: what the inputs and figures were; None: missing.
        silent: it is silence that begins (`after` 1) or ends (0).
    """

    rule: str
    thing: Subject
    at: int
    before: int
    after: int
    words: dict[str, float | None]
    silent: bool = False


@dataclass(slots=True)
class Found:
    """What a batch or a tick did: changes, whose standings to keep, and derived readings."""

    changes: list[Change] = field(default_factory=list)
    touched: dict[tuple[str, UUID], Standing] = field(default_factory=dict)
    derived: list[tuple[int, int, float]] = field(default_factory=list)


def weekdays(day: date) -> bool:
    """Monday to Friday work, where no calendar is known."""
    return day.isoweekday() <= 5


class Engine:
    """All active rules over all things.

    Args:
        rules: with every figure they need, or asleep level by level.
        kinds: kind → its things (`ground.subjects`).
        zone, works: the city's clock and which days are workdays.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        kinds: dict[str, list[Subject]],
        zone: str = "Asia/Shanghai",
        works: Callable[[date], bool] = weekdays,
    ) -> None:
        self.zone, self.works = ZoneInfo(zone), works
        rules = list(rules)
        self.counter = counter(rules, kinds)
        kinds = {**kinds, **self.counter.areas}
        needs: dict[tuple[str, str], int] = {}
        for rule in rules:
            for kind in rule.things:
                for asked in rule.inputs.values():
                    whose = kind if asked.at == "thing" else asked.kind or kind
                    held = needs.get((whose, asked.of), 0)
                    needs[(whose, asked.of)] = max(held, reach(asked))
        self._names = {name: at for at, name in enumerate(needs)}
        self.blocks = [Block(len(kinds.get(k, [])), need) for (k, _), need in needs.items()]
        self.looks = [
            Look(rule, kind, kinds, self._names, self.zone)
            for rule in rules
            for kind in rule.things
        ]
        self._index(kinds)

    def _index(self, kinds: dict[str, list[Subject]]) -> None:
        bases, total = {}, 0
        for kind, things in kinds.items():
            bases[kind], total = total, total + len(things)
        rows = [
            (thing.streams[property_], block, row, bases[kind] + row)
            for (kind, property_), block in self._names.items()
            for row, thing in enumerate(kinds.get(kind, []))
            if property_ in thing.streams
        ]
        table = np.array(sorted(rows), np.int64).reshape(-1, 4)
        self._streams, self._block, self._row, self._thing = (
            table[:, at].copy() for at in range(4)
        )
        self._reading: list[list[Look]] = [
            [look for look in self.looks if any(w.block == at for w in look.words.values())]
            for at in range(len(self.blocks))
        ]
        self._at: Ints = np.zeros(
            max((len(things) for things in kinds.values()), default=0), np.int64
        )
        self._codes = {thing.code: thing.id for look in self.looks for thing in look.things}
        self._rows = {
            (look.rule.id, thing.id): (look, row)
            for look in self.looks
            for row, thing in enumerate(look.things)
            # Areas may be at different versions of one rule: each thing is looked at by one.
            if look.on[row]
        }

    def knows(self, rule: str, thing: UUID) -> bool:
        """Whether a rule looks at a thing."""
        found = self._rows.get((rule, thing))
        return found is not None and bool(found[0].on[found[1]])

    def knows_code(self, rule: str, code: str) -> bool:
        """The same of a thing by its code."""
        thing = self._codes.get(code)
        return thing is not None and self.knows(rule, thing)

    def readings(
        self, rule: str, thing: UUID, at: int, most: int = 20
    ) -> dict[str, list[tuple[int, float]]]:
        """What each word of a rule reads of a thing at an instant, the newest last: (µs, value)."""
        look, row = self._rows[(rule, thing)]
        offset = self.offset(at)
        return {
            name: word.read(self.blocks[word.block], row, at, offset)[-most:]
            for name, word in look.words.items()
        }

    def reaches(self) -> dict[int, int]:
        """Stream → how far back rules look at it, in µs."""
        needs = [block.need for block in self.blocks]
        pairs = zip(self._streams.tolist(), self._block.tolist(), strict=True)
        return {stream: needs[block] for stream, block in pairs if stream >= 0}

    def case_reach(self) -> int:
        """How far back rules count cases, in µs."""
        names = self._names.items()
        return max((self.blocks[no].need for (_, of), no in names if of == CASES), default=0)

    def offset(self, at: int) -> int:
        """How far the city's clock is ahead of UTC, µs."""
        ahead = datetime.fromtimestamp(at / SECOND, self.zone).utcoffset()
        return int(ahead.total_seconds()) * SECOND if ahead else 0

    def restore(self, rule: str, thing: UUID, standing: Standing) -> None:
        """Set a standing as it was stored; of a rule or thing that is no more: nothing."""
        found = self._rows.get((rule, thing))
        if found is not None:
            _set(*found, standing)

    def seed(self, stream: Ints, at: Ints, value: Floats) -> None:
        """Fill the windows with earlier readings; no rule looks."""
        for block, rows, when, values, _ in self._rounds(stream, at, value):
            self.blocks[block].put(rows, when, values)

    def take(self, stream: Ints, at: Ints, value: Floats) -> Found:
        """Take readings in and look at the things they touch, instant by instant."""
        found = Found()
        pending: list[tuple[int, Ints, Ints]] = []
        for block, rows, when, values, last in self._rounds(stream, at, value):
            self.blocks[block].put(rows, when, values)
            pending.append((block, rows, when))
            if last:
                self._look(pending, found)
                pending = []
        return found

    def _rounds(
        self, stream: Ints, at: Ints, value: Floats
    ) -> Iterable[tuple[int, Ints, Ints, Floats, bool]]:
        """Readings by round and block; a thing has one instant a round. The last part of a round
        is marked."""
        if not len(stream) or not len(self._streams):
            return
        place = np.minimum(np.searchsorted(self._streams, stream), len(self._streams) - 1)
        fit = (self._streams[place] == stream) & ~np.isnan(value)
        place, at, value = place[fit], at[fit], value[fit]
        if not len(place):
            return
        thing = self._thing[place]
        order = np.lexsort((at, thing))
        thing, at, value, place = thing[order], at[order], value[order], place[order]
        first = np.ones(len(thing), np.bool_)
        first[1:] = thing[1:] != thing[:-1]
        fresh = first.copy()
        fresh[1:] |= at[1:] != at[:-1]
        step = np.cumsum(fresh)
        turn: Ints = step - np.maximum.accumulate(np.where(first, step, 0))
        block = self._block[place]
        order = np.lexsort((block, turn))
        turn, block, place = turn[order], block[order], place[order]
        at, value = at[order], value[order]
        cuts = np.flatnonzero((turn[1:] != turn[:-1]) | (block[1:] != block[:-1])) + 1
        edges = [0, *cuts.tolist(), len(turn)]
        for low, high in pairwise(edges):
            last = high == len(turn) or turn[high] != turn[low]
            part = slice(low, high)
            yield int(block[low]), self._row[place[part]], at[part], value[part], bool(last)

    def _look(self, pending: Sequence[tuple[int, Ints, Ints]], found: Found) -> None:
        parts: dict[int, tuple[Look, list[Ints], list[Ints]]] = {}
        for block, rows, when in pending:
            for look in self._reading[block]:
                _, touched, instants = parts.setdefault(id(look), (look, [], []))
                for word in look.words.values():
                    if word.block != block:
                        continue
                    if word.pool is None:
                        touched.append(rows)
                        instants.append(when)
                        continue
                    seen = [
                        (mine, at)
                        for other, at in zip(rows.tolist(), when.tolist(), strict=True)
                        for mine in word.seen_by.get(other, ())
                    ]
                    touched.append(np.array([mine for mine, _ in seen], np.int64))
                    instants.append(np.array([at for _, at in seen], np.int64))
        for look, touched, instants in parts.values():
            if (
                len(touched) == 1
                and look.words
                and all(w.pool is None for w in look.words.values())
            ):
                rows, t = touched[0], instants[0]
            else:
                every, times = np.concatenate(touched), np.concatenate(instants)
                rows = np.unique(every)
                self._at[rows] = EMPTY
                np.maximum.at(self._at, every, times)
                t = self._at[rows]
            if len(rows):
                self._evaluate(look, rows, np.maximum(t, look.newest(self.blocks, rows)), found)
                self._heard(look, rows, t, found)

    def tick(self, now: int, *, share: int = 0, shares: int = 1) -> Found:
        """Look again because time has passed: at what waits, and for one share of the rules at all
        things whose words change with time, and at who has fallen silent."""
        found = Found()
        for at, look in enumerate(self.looks):
            everything = at % shares == share
            rows = np.flatnonzero(look.way != 0)
            if everything and look.timed:
                rows = np.arange(len(look.things))
                rows = rows[look.newest(self.blocks, rows) > EMPTY]
            if len(rows):
                newest = look.newest(self.blocks, rows)
                self._evaluate(look, rows, np.maximum(now, newest), found)
            if everything and look.rule.silent_after is not None:
                self._listen(look, look.rule.silent_after * SECOND, now, found)
        return found

    def _listen(self, look: Look, after: int, now: int, found: Found) -> None:
        newest = look.newest(self.blocks, np.arange(len(look.things)))
        quiet = (newest > EMPTY) & (now - newest > after) & ~look.silent & look.on
        for row in np.flatnonzero(quiet).tolist():
            look.silent[row] = True
            words: dict[str, float | None] = {"age": (now - int(newest[row])) / SECOND}
            self._tell(
                look, row, Change(look.rule.id, look.things[row], now, 0, 1, words, True), found
            )

    def _heard(self, look: Look, rows: Ints, t: Ints, found: Found) -> None:
        if look.rule.silent_after is None or not look.silent[rows].any():
            return
        for row, at in zip(rows.tolist(), t.tolist(), strict=True):
            if look.silent[row]:
                look.silent[row] = False
                change = Change(look.rule.id, look.things[row], at, 1, 0, {}, True)
                self._tell(look, row, change, found)

    def _tell(self, look: Look, row: int, change: Change, found: Found) -> None:
        found.changes.append(change)
        found.touched[(look.rule.id, look.things[row].id)] = _standing(look, row)

    def _evaluate(self, look: Look, rows: Ints, t: Ints, found: Found) -> None:
        rule = look.rule
        if rule.off or rule.only:
            rows, t = rows[look.on[rows]], t[look.on[rows]]
        if rule.schedule and len(rows):
            on = looking(rule.schedule, t, self.zone, self.works)
            rows, t = rows[on], t[on]
        if not len(rows):
            return
        offset = self.offset(int(t[0]))
        with np.errstate(all="ignore"):
            columns = look.columns(self.blocks, rows, t, offset)
            target = look.target(self.blocks, columns, rows, t)
            for property_, value in look.derived:
                self._derive(look, property_, value(columns, t), (rows, t, offset), found)
        move = np.flatnonzero((target != look.rank[rows]) | (look.way[rows] != 0))
        hold, settle = rule.hold * SECOND, rule.settle * SECOND
        for place in move.tolist():
            row = int(rows[place])
            before = _standing(look, row)
            after = moved(before, int(target[place]), int(t[place]), hold, settle)
            if after == before:
                continue
            _set(look, row, after)
            thing = look.things[row]
            found.touched[(rule.id, thing.id)] = after
            if after.rank != before.rank:
                words = {
                    name: float(np.broadcast_to(value, rows.shape)[place])
                    if np.broadcast_to(known, rows.shape)[place]
                    else None
                    for name, (value, known) in columns.items()
                }
                found.changes.append(
                    Change(rule.id, thing, int(t[place]), before.rank, after.rank, words)
                )

    def _derive(
        self,
        look: Look,
        property_: str,
        column: tuple[object, object],
        where: tuple[Ints, Ints, int],
        found: Found,
    ) -> None:
        rows, t, offset = where
        aligned = [w.asked.over * SECOND for w in look.words.values() if w.asked.aligned]
        at = (t + offset) // min(aligned) * min(aligned) - offset if aligned else t
        values = np.broadcast_to(np.asarray(column[0], np.float64), rows.shape)
        known = np.broadcast_to(np.asarray(column[1], np.bool_), rows.shape)
        for place in np.flatnonzero(known & np.isfinite(values)).tolist():
            stream = look.things[int(rows[place])].streams.get(property_)
            if stream is not None:
                found.derived.append((stream, int(at[place]), float(values[place])))


def _standing(look: Look, row: int) -> Standing:
    return Standing(
        int(look.rank[row]),
        int(look.way[row]),
        int(look.goal[row]),
        int(look.since[row]),
        bool(look.silent[row]),
    )


def _set(look: Look, row: int, to: Standing) -> None:
    look.rank[row], look.way[row], look.goal[row] = to.rank, to.way, to.goal
    look.since[row], look.silent[row] = to.since, to.silent
