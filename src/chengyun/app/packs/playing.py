"""Readings played through rules without a database: signals and what they do. Pure.

It says of one thing after another what `rules.verbs` does in transactions: a signal stands for a
thing or an area, reports one case, tells on opening and growing worse, joins its kin, and is told
further up until somebody acknowledges it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from chengyun.kernel import areas
from chengyun.rules.decide.counting import Reported as Intake
from chengyun.rules.decide.declared import Rule
from chengyun.rules.decide.engine import Change, Engine
from chengyun.rules.decide.ground import Subject
from chengyun.rules.decide.levels import severity_of

MINUTE = 60_000_000
Said = tuple[int, int, float]
"""A datastream's number, an instant in µs, a value."""


@dataclass(slots=True)
class Spell:
    """A signal: of which rule, about which thing first, from when to when (µs), how bad."""

    rule: Rule
    thing: Subject
    area_no: int
    begins: int
    severity: int
    silent: bool
    members: dict[str, int] = field(default_factory=dict)
    ends: int | None = None
    reported: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """A case that a signal reports."""

    kind: str
    condition: str | None
    thing: Subject
    at: int


@dataclass(frozen=True, slots=True)
class Told:
    """Holders of a post who are told about a thing."""

    template: str
    post: str
    thing: str
    severity: int
    at: int


@dataclass(slots=True)
class Played:
    """What came of it all."""

    spells: list[Spell] = field(default_factory=list)
    cases: list[Reported] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    derived: list[Said] = field(default_factory=list)


def play(
    rules: Mapping[str, Rule],
    things: Sequence[Subject],
    readings: Iterable[Said],
    *,
    begins: int,
    until: int,
    answered: int | None = 0,
    reports: Iterable[Intake] = (),
) -> Played:
    """Play readings through rules, with a look at the clock every minute.

    Args:
        begins, until: µs. answered: µs after which every signal is acknowledged; None: never.
        reports: cases that people report.
    """
    kinds: dict[str, list[Subject]] = {}
    for thing in things:
        kinds.setdefault(thing.kind, []).append(thing)
    looking = {name: rule for name, rule in rules.items() if kinds.keys() & set(rule.things)}
    player = _Player(looking, Engine(looking.values(), kinds), Played(), answered)
    counted = zip(*player.engine.counter.readings(reports), strict=True)
    readings = [*readings, *((int(no), int(at), float(one)) for no, at, one in counted)]
    instants: dict[int, list[Said]] = {}
    for one in readings:
        instants.setdefault(one[1], []).append(one)
    clock = set(range(begins, until + 1, MINUTE))
    for at in sorted(clock | {one for one in instants if one <= until}):
        player.take(instants.get(at, []))
        if at in clock:
            player.tick(at)
    return player.played


@dataclass(slots=True)
class _Player:
    rules: dict[str, Rule]
    engine: Engine
    played: Played
    answered: int | None
    _open: dict[str, Spell] = field(default_factory=dict)
    _up: dict[int, tuple[int, int]] = field(default_factory=dict)

    def take(self, said: Sequence[Said]) -> None:
        """Take readings, and what rules make of them."""
        while said:
            found = self.engine.take(
                np.array([one[0] for one in said], np.int64),
                np.array([one[1] for one in said], np.int64),
                np.array([one[2] for one in said], np.float64),
            )
            self._moved(found.changes)
            said = found.derived
            self.played.derived.extend(said)

    def tick(self, at: int) -> None:
        """Look at the clock: at what waits, at windows, at who was not answered."""
        found = self.engine.tick(at)
        self._moved(found.changes)
        self.played.derived.extend(found.derived)
        self.take(found.derived)
        for spell in list(self._open.values()):
            self._escalate(spell, at)

    def _moved(self, changes: Sequence[Change]) -> None:
        for change in changes:
            rule, thing = self.rules[change.rule], change.thing
            area = thing.area_no
            key = f"{rule.id}|{'silent' if change.silent else ''}|{thing.id}"
            if rule.once != "thing" and not change.silent:
                area = areas.at_level(area, rule.once) or area  # type: ignore[arg-type]
                key = f"{rule.id}||{area}"
            self._move(key, rule, change, area)

    def _move(self, key: str, rule: Rule, change: Change, area: int) -> None:
        spell = self._open.get(key)
        if spell is None:
            if not change.after:
                return
            spell = Spell(rule, change.thing, area, change.at, 5, change.silent)
            self._open[key] = spell
            self.played.spells.append(spell)
            spell.joined = self._kin(spell)
        if change.after:
            spell.members[change.thing.code] = change.after
        else:
            spell.members.pop(change.thing.code, None)
        rank = max(spell.members.values(), default=0)
        if not rank:
            spell.ends = change.at
            del self._open[key]
            return
        before, spell.severity = spell.severity, severity_of(rank)
        if spell.severity < before and not spell.silent and not spell.joined:
            self._act(spell, change.at)

    def _kin(self, spell: Spell) -> bool:
        rule = spell.rule
        since = spell.begins - rule.correlate_s * 1_000_000
        return rule.correlate is not None and any(
            other.rule.correlate == rule.correlate
            and other.rule.id != rule.id
            and not other.joined
            and other.begins >= since
            and _around(other.area_no, spell.area_no)
            for other in self._open.values()
            if other is not spell
        )

    def _act(self, spell: Spell, at: int) -> None:
        then = spell.rule.then
        if then.case is not None and spell.severity <= then.case.worst and not spell.reported:
            spell.reported = True
            case = Reported(then.case.kind, then.case.condition, spell.thing, at)
            self.played.cases.append(case)
        for asked in then.tell:
            if spell.severity <= asked.worst:
                self._tell(spell, asked.template, asked.posts, at)

    def _tell(self, spell: Spell, template: str, posts: Sequence[str], at: int) -> None:
        code = spell.thing.code
        self.played.told.extend(Told(template, post, code, spell.severity, at) for post in posts)

    def _escalate(self, spell: Spell, at: int) -> None:
        asked = spell.rule.escalate
        if asked is None or spell.silent:
            return
        times, since = self._up.get(id(spell), (0, spell.begins))
        answered = self.answered is not None and at - spell.begins >= self.answered
        above = areas.depth(spell.area_no)
        if not answered and times < above and at - since >= asked.after_minutes * MINUTE:
            self._up[id(spell)] = (times + 1, at)
            self._tell(spell, asked.template, asked.posts, at)


def _around(one: int, other: int) -> bool:
    return areas.contains(one, other) or areas.contains(other, one)
