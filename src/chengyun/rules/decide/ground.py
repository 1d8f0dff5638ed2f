"""The things that rules look at, as rows: whose streams are where, and who is near whom."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np

from chengyun.kernel import areas
from chengyun.rules.decide.declared import Input
from chengyun.sensing.decide.knowing import StreamFact
from chengyun.sensing.decide.readings import Ints

EARTH_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing and its streams by property (the one called like the property, else the first)."""

    id: UUID
    code: str
    name: str
    kind: str
    area_no: int
    lon: float | None
    lat: float | None
    properties: Mapping[str, Any]
    private: bool
    unit_ids: tuple[UUID, ...]
    streams: dict[str, int] = field(default_factory=dict)


def subjects(facts: Iterable[StreamFact]) -> dict[str, list[Subject]]:
    """Kind → its things that are in use, in order of their codes."""
    found: dict[UUID, Subject] = {}
    for one in sorted(facts, key=lambda fact: (fact.thing_code, fact.no)):
        if one.state == "retired":
            continue
        thing = found.get(one.thing_id)
        if thing is None:
            thing = found[one.thing_id] = Subject(
                *(one.thing_id, one.thing_code, one.thing_name, one.kind, one.area_no),
                *(one.lon, one.lat, one.thing_properties, one.private, one.unit_ids),
            )
        if one.property not in thing.streams or one.code == one.property:
            thing.streams[one.property] = one.no
    kinds: dict[str, list[Subject]] = defaultdict(list)
    for thing in found.values():
        kinds[thing.kind].append(thing)
    return dict(kinds)


def metres(a: Subject, b: Subject) -> float:
    """How far two things are apart; infinitely where one is not placed."""
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return math.inf
    north, other = math.radians(a.lat), math.radians(b.lat)
    step = math.radians(b.lon - a.lon)
    half = (
        math.sin((other - north) / 2) ** 2
        + math.cos(north) * math.cos(other) * math.sin(step / 2) ** 2
    )
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def read_by(asked: Input, one: Subject, others: Iterable[tuple[int, Subject]]) -> list[int]:
    """The rows of the others whose readings an input of one thing is taken from."""
    found = []
    for row, other in others:
        if asked.at == "thing":
            near = other.id == one.id
        elif asked.at == "near":
            near = metres(one, other) <= (asked.near_m or 0)
        else:
            level: Any = asked.at
            here = areas.at_level(one.area_no, level)
            near = here is not None and areas.contains(here, other.area_no)
        said = other.properties
        if near and all(str(said.get(k)) in wanted for k, wanted in asked.where.items()):
            found.append(row)
    return found


def neighbours(asked: Input, things: list[Subject], others: list[Subject]) -> list[Ints]:
    """For each thing the rows of the others that an input reads."""
    numbered = list(enumerate(others))
    return [np.array(read_by(asked, one, numbered), np.int64) for one in things]
