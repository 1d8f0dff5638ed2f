"""A rule tried on history: when it would have fired, and how well it knew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chengyun.rules.decide.engine import Change, Engine
from chengyun.rules.decide.levels import severity_of
from chengyun.sensing.decide.readings import Floats, Ints


@dataclass(slots=True)
class Spell:
    """A time for which a rule would have had a signal open about a thing, in µs.

    `end` is None where it was open still at the end; `judged` what a label says of it.
    """

    thing: str
    start: int
    severity: int
    words: Mapping[str, float | None]
    end: int | None = None
    judged: bool | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A time when something was (`real`), or was said to be and was not, at a thing."""

    thing: str
    start: int
    end: int
    real: bool = True


@dataclass(frozen=True, slots=True)
class Score:
    """How well the rule knew: spells that were true and false, real events found and missed.

    Shares are None where there is nothing to share.
    """

    fired: int
    true: int
    false: int
    found: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Of what fired and is labelled, how much was real."""
        told = self.true + self.false
        return self.true / told if told else None

    @property
    def recall(self) -> float | None:
        """Of what was real, how much was found."""
        real = self.found + self.missed
        return self.found / real if real else None


@dataclass
class Trial:
    """Plays readings through an engine of one rule, with a look at the clock every `tick` µs from
    `start` on."""

    engine: Engine
    tick: int
    start: int
    spells: list[Spell] = field(default_factory=list)
    readings: int = 0
    _open: dict[tuple[str, bool], Spell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._next = self.start // self.tick + 1

    def seed(self, stream: Ints, at: Ints, value: Floats) -> None:
        """Fill the windows with what was before."""
        self.engine.seed(stream, at, value)

    def play(self, stream: Ints, at: Ints, value: Floats, until: int) -> None:
        """Play readings in order of time, and the clock up to `until`."""
        self.readings += len(stream)
        edges = range(self._next, until // self.tick + 1)
        self._next = edges.stop
        start = 0
        for edge in edges:
            end = int(at.searchsorted(edge * self.tick))
            if end > start:
                self._note(
                    self.engine.take(stream[start:end], at[start:end], value[start:end]).changes
                )
                start = end
            self._note(self.engine.tick(edge * self.tick).changes)
        if start < len(at):
            self._note(self.engine.take(stream[start:], at[start:], value[start:]).changes)

    def _note(self, changes: Iterable[Change]) -> None:
        for one in changes:
            if one.silent:
                continue
            key = (one.thing.code, one.silent)
            spell = self._open.get(key)
            if spell is None and one.after:
                spell = Spell(one.thing.code, one.at, severity_of(one.after), one.words)
                self._open[key] = spell
                self.spells.append(spell)
            elif spell is not None and one.after:
                spell.severity = min(spell.severity, severity_of(one.after))
            elif spell is not None:
                spell.end = one.at
                del self._open[key]


def scored(
    spells: Sequence[Spell], labels: Sequence[Label], end: int, *, whole: bool = True
) -> Score:
    """Hold spells against labels; a spell that overlaps a real one is true, whatever else.

    Args:
        whole: whether labels that name only what was real name all of it. Then a spell that meets
            none is false; else it is not judged.
    """
    real = [one for one in labels if one.real]
    unreal = [one for one in labels if not one.real]
    for spell in spells:
        if any(_overlap(spell, one, end) for one in real):
            spell.judged = True
        elif any(_overlap(spell, one, end) for one in unreal) or (whole and real and not unreal):
            spell.judged = False
    hits = sum(1 for one in real if any(_overlap(spell, one, end) for spell in spells))
    return Score(
        fired=len(spells),
        true=sum(1 for one in spells if one.judged is True),
        false=sum(1 for one in spells if one.judged is False),
        found=hits,
        missed=len(real) - hits,
    )


def _overlap(spell: Spell, label: Label, end: int) -> bool:
    until = end if spell.end is None else spell.end
    return spell.thing == label.thing and spell.start <= label.end and label.start <= until
