"""Resource paths of 18-088 §9.2: sets, ids, links, properties, $ref, $value, in any depth."""

import re
from dataclasses import dataclass

from chengyun.app.sensorthings.faults import BadRequest
from chengyun.app.sensorthings.model import SETS, EntitySet
from chengyun.kernel.problems import NotFound

_SEGMENT = re.compile(r"([A-Za-z]+)(?:\((?:(\d{1,18})|'([^']{0,80})')\))?")
_OBSERVED = re.compile(r"(\d{1,18})_(-?\d{1,17})", re.ASCII)
_DEEPEST = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One entity set or link on the way, with the id asked for, if any."""

    name: str
    entity: EntitySet
    many: bool
    id: int | str | None


@dataclass(frozen=True, slots=True)
class Resource:
    """Where a path leads: the steps, then perhaps a property, its inside, $ref or $value."""

    steps: tuple[Step, ...]
    inside: tuple[str, ...] = ()
    ref: bool = False
    raw: bool = False

    @property
    def last(self) -> Step:
        """The entity or set the path leads to."""
        return self.steps[-1]

    @property
    def is_set(self) -> bool:
        """Whether many entities are asked for."""
        return self.last.many and self.last.id is None


def read_path(said: str) -> Resource:
    """A path below the service root. Raises NotFound for what the model has not."""
    parts = [part for part in said.split("/") if part]
    if len(parts) > _DEEPEST:
        raise BadRequest(f"A path has at most {_DEEPEST} parts.")
    steps: list[Step] = []
    while parts:
        step = _step(steps, parts[0])
        if step is None:
            break
        steps.append(step)
        parts.pop(0)
    if not steps:
        raise NotFound("There is no such entity set.")
    if parts == ["$ref"]:
        return Resource(tuple(steps), ref=True)
    found = Resource(tuple(steps))
    if not parts:
        return found
    raw = parts[-1] == "$value"
    inside = tuple(parts[:-1] if raw else parts)
    known = {**found.last.entity.properties, "id": "id", "@iot.id": "id"}
    if found.is_set or not inside or inside[0] not in known:
        raise NotFound("There is no such property or link.")
    return Resource(tuple(steps), inside, raw=raw)


def _step(before: list[Step], part: str) -> Step | None:
    match = _SEGMENT.fullmatch(part)
    if match is None:
        if "(" in part:
            raise NotFound("There is no entity with such an id.")
        return None
    name, number, text = match.groups()
    if not before:
        entity, many = SETS.get(name), True
    else:
        if before[-1].many and before[-1].id is None:
            return None
        link = before[-1].entity.links.get(name)
        entity, many = (SETS[link.to], link.many) if link else (None, False)
    if entity is None:
        return None
    asked = None
    if number is not None or text is not None:
        asked = id_of(entity, number if number is not None else text)
        if asked is None or not many:
            raise NotFound("There is no entity with such an id.")
    return Step(name, entity, many, asked)


def id_of(entity: EntitySet, said: object) -> int | str | None:
    """An id as the set has them; None where none of its entities can have it."""
    if entity.name == "Observations":
        return str(said) if _OBSERVED.fullmatch(str(said)) else None
    text = str(said)
    ok = text.isascii() and text.isdigit() and len(text) < 19 and not isinstance(said, bool)
    return int(text) if ok else None


def observed(said: str) -> tuple[int, int]:
    """Stream number and birth in microseconds of an observation's id."""
    stream, at = said.split("_")
    return int(stream), int(at)
