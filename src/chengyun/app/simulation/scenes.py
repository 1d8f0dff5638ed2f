"""A scene of a pack played on a running node by its simulated things."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from chengyun.app.packs.scening import courses
from chengyun.kernel.clock import Clock
from chengyun.sdk.scenes import ActorsDeclared, SceneDeclared
from chengyun.sensing import verbs
from chengyun.sensing.decide.readings import Readings
from chengyun.sensing.models import Datastream, Thing

DOOR = "simulation"


class NoActors(Exception):
    """The node has no simulated things of a kind that the scene needs."""


@dataclass(frozen=True, slots=True)
class Line:
    """One reading of a scene: minutes from its beginning, stream, value."""

    minute: float
    stream: int
    value: float


def script(scene: SceneDeclared, seed: str) -> list[Line]:
    """What the node's simulated things say in a scene, in order of time.

    Raises:
        NoActors: there are none of a kind.
    """
    found: list[Line] = []
    for actors in scene.actors:
        found.extend(_lines(actors, seed))
    return sorted(found, key=lambda one: (one.minute, one.stream))


def _lines(actors: ActorsDeclared, seed: str) -> Iterator[Line]:
    things = Thing.objects.filter(kind_id=actors.kind, simulated=True, state="active")
    cast = list(things.order_by("code")[: actors.count])
    if not cast:
        raise NoActors(actors.kind)
    for number, thing in enumerate(cast):
        streams = Datastream.objects.filter(thing=thing)
        numbers = dict(streams.values_list("property_id", "no"))
        for minute, of, value in courses(actors, number, seed):
            yield Line(minute, numbers[of], value)


def play(
    lines: Sequence[Line],
    clock: Clock,
    *,
    speed: float = 1,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Say the lines when they are due, `speed` times faster than life; how many were stored."""
    begins, stored, place = clock.now(), 0, 0
    while place < len(lines):
        now = clock.now()
        due = place
        while due < len(lines) and _at(begins, lines[due], speed) <= now:
            due += 1
        if due > place:
            stored += verbs.take(
                _readings(lines[place:due], begins, speed), now=now, door=DOOR
            ).stored
            place = due
        else:
            sleep(min(1.0, (_at(begins, lines[place], speed) - now).total_seconds()))
    return stored


def _at(begins: datetime, line: Line, speed: float) -> datetime:
    return begins + timedelta(minutes=line.minute / speed)


def _readings(lines: Sequence[Line], begins: datetime, speed: float) -> Readings:
    at = [round(_at(begins, one, speed).timestamp() * 1_000_000) for one in lines]
    return Readings(
        stream=np.array([one.stream for one in lines], np.int64),
        at=np.array(at, np.int64),
        value=np.array([one.value for one in lines], np.float64),
        flags=np.zeros(len(lines), np.int32),
    )
