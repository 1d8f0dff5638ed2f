"""Cases as an input: an area is like a thing whose one stream says 1 whenever a case comes in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np

from chengyun.kernel import areas
from chengyun.rules.decide.declared import CASES, Rule
from chengyun.rules.decide.ground import Subject
from chengyun.sensing.decide.readings import Floats, Ints

EXTERNAL = "signal"
"""The outside source of the cases that rules report; they do not count."""
Reported = tuple[str, int, int]
"""A case: its kind, its area and when it was reported, µs."""


@dataclass(frozen=True, slots=True)
class Counter:
    """The areas in which rules count cases; their streams have numbers below zero."""

    areas: dict[str, list[Subject]]
    places: Sequence[tuple[frozenset[str], str, Mapping[int, int]]] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of cases that are counted at all."""
        return frozenset(kind for kinds, _, _ in self.places for kind in kinds)

    def readings(self, cases: Iterable[Reported]) -> tuple[Ints, Ints, Floats]:
        """What the areas say of some cases: stream, µs and 1; in order of time."""
        once: set[tuple[int, int]] = set()
        for kind, area_no, at in sorted(cases, key=lambda one: one[2]):
            for kinds, level, streams in self.places:
                if kind not in kinds:
                    continue
                stream = streams.get(areas.at_level(area_no, level) or 0)  # type: ignore[arg-type]
                if stream is None:
                    continue
                # A stream says one thing at an instant, and two cases are two.
                when = at
                while (stream, when) in once:
                    when += 1
                once.add((stream, when))
        rows = sorted(once, key=lambda one: one[1])
        return (
            np.array([stream for stream, _ in rows], np.int64),
            np.array([at for _, at in rows], np.int64),
            np.ones(len(rows)),
        )


def counter(rules: Iterable[Rule], kinds: Mapping[str, Sequence[Subject]]) -> Counter:
    """The areas around things whose cases some rules count."""
    wanted: dict[str, tuple[frozenset[str], str, set[int]]] = {}
    for rule in rules:
        for asked in (one for one in rule.inputs.values() if one.cases):
            level: Any = asked.at
            around = wanted.setdefault(asked.kind or "", (frozenset(asked.cases), level, set()))[2]
            for thing in (one for kind in rule.things for one in kinds.get(kind, ())):
                around.add(areas.at_level(thing.area_no, level) or 0)
    found: dict[str, list[Subject]] = {}
    places, no = [], 0
    for key, (cases, level, around) in sorted(wanted.items()):
        streams = {}
        found[key] = []
        for area in sorted(around - {0}):
            no -= 1
            streams[area] = no
            found[key].append(_area(key, area, no))
        places.append((cases, level, streams))
    return Counter(found, places)


def _area(key: str, area: int, stream: int) -> Subject:
    name = f"{key}|{area}"
    return Subject(
        id=uuid5(NAMESPACE_OID, name),
        code=name,
        name=name,
        kind=key,
        area_no=area,
        lon=None,
        lat=None,
        properties={},
        private=True,
        unit_ids=(),
        streams={CASES: stream},
    )
