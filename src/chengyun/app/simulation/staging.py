"""The scenes of scenario packs on the demo's simulated things, again and again, as life goes.

A scene began before its things were made, so that a new demo opens in the middle of it; then it
comes again after a pause. Nothing is kept but the readings: a restart goes on where they end.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chengyun.app.packs.loaded import LoadedPack
from chengyun.app.simulation.scenes import Line, NoActors, script
from chengyun.sdk.scenes import SceneDeclared
from chengyun.sensing.models import Datastream, Thing
from chengyun.sensing.reads import newest

GONE = 0.55
"""How much of a scene is over when its things are made."""
PAUSE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Said:
    """What a stream says at an instant."""

    stream: int
    at: datetime
    value: float


@dataclass(frozen=True)
class Scene:
    """A scene with the streams it has, and when it began first."""

    lines: tuple[Line, ...]
    first: datetime
    length: timedelta

    def begins(self, now: datetime) -> datetime | None:
        """When the scene that is played now began; None in the pause."""
        gone = (now - self.first) // (self.length + PAUSE)
        begins = self.first + gone * (self.length + PAUSE)
        return begins if begins <= now <= begins + self.length else None


class Stage:
    """The first scene of each pack, with the things that play it."""

    def __init__(self, packs: Iterable[LoadedPack]) -> None:
        found = []
        for pack in packs:
            if pack.scenes is not None:
                scene = _scene(pack.scenes.scenes[0], pack.scenes.seed)
                if scene is not None:
                    found.append(scene)
        self._scenes = tuple(found)

    def due(self, now: datetime) -> tuple[list[Said], set[int]]:
        """What is to be said now, in order of time, and the streams that belong to a scene."""
        said: list[Said] = []
        busy: set[int] = set()
        for scene in self._scenes:
            begins = scene.begins(now)
            if begins is None:
                continue
            mine = {one.stream for one in scene.lines}
            busy |= mine
            known = newest(mine)
            for line in scene.lines:
                at = begins + timedelta(minutes=line.minute)
                if at > now:
                    break
                if line.stream not in known or known[line.stream].at < at:
                    said.append(Said(line.stream, at, line.value))
        return sorted(said, key=lambda one: (one.at, one.stream)), busy


def _scene(scene: SceneDeclared, seed: int) -> Scene | None:
    try:
        lines = script(scene, f"{seed}:{scene.id}")
    except NoActors:
        return None
    length = timedelta(minutes=max(scene.minutes, lines[-1].minute))
    streams = Datastream.objects.filter(no__in={one.stream for one in lines})
    made = Thing.objects.filter(pk__in=streams.values("thing_id")).order_by("created_at")
    first = made.values_list("created_at", flat=True)[0] - GONE * length
    return Scene(tuple(lines), first, length)
