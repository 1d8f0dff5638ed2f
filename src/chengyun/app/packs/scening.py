"""Scenes: what simulated things say in them, drawn from the pack's seed. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from chengyun.app.packs.loaded import Catalog, LoadedPack
from chengyun.app.packs.playing import MINUTE, Said, play
from chengyun.app.packs.ruling import filled, rules_of
from chengyun.app.packs.stories import Kinds, kinds_of, possible, subject
from chengyun.rules.decide.ground import Subject
from chengyun.sdk.kit import StoryThing
from chengyun.sdk.scenes import ActorsDeclared, CourseDeclared, SceneDeclared

BEGINS = 1_782_867_600_000_000
"""2026-07-01 09:00 in Shanghai, a Wednesday."""


def courses(actors: ActorsDeclared, number: int, seed: str) -> Iterator[tuple[float, str, float]]:
    """(minute, property, value) of the number-th of some things, in order of property and time."""
    dice = Random(f"{seed}:{actors.kind}:{number}")  # noqa: S311, a simulation
    late = dice.uniform(0, actors.spread)
    for course in actors.courses:
        minute = 0.0
        while minute <= course.points[-1][0]:
            value = _height(course, minute) + dice.uniform(-course.noise, course.noise)
            yield minute + late, course.of, round(value, 4)
            minute += course.every


def _height(course: CourseDeclared, minute: float) -> float:
    before = course.points[0]
    for after in course.points:
        if minute <= after[0]:
            wide = after[0] - before[0]
            share = (minute - before[0]) / wide if wide else 1.0
            return before[1] + share * (after[1] - before[1])
        before = after
    return before[1]


def cast(scene: SceneDeclared, kinds: Kinds) -> list[tuple[ActorsDeclared, int, Subject]]:
    """The things of a scene, each in a district of its own."""
    found: list[tuple[ActorsDeclared, int, Subject]] = []
    for actors in scene.actors:
        for number in range(actors.count):
            at = len(found)
            thing = StoryThing(
                code=f"{actors.kind}-{at + 1}",
                kind=actors.kind,
                area=(at + 1, 1, 1),
                east=at * 5_000.0,
                properties=actors.properties,
            )
            found.append((actors, number, subject(at, thing, kinds[actors.kind])))
    return found


def scene_faults(catalog: Catalog, pack: LoadedPack, scene: SceneDeclared) -> Iterator[str]:
    """Which rules open more or fewer signals than the scene says."""
    opened = signals(catalog, pack, scene)
    named = {one.rule: one for one in scene.signals}
    for rule, count in sorted(opened.items()):
        asked = named.get(rule)
        if asked is None:
            if count:
                yield f"{rule} opens {count} signals that nobody expected"
        elif not asked.least <= count <= asked.most:
            yield f"{rule} opens {count} signals, not {asked.least} to {asked.most}"
    for rule in sorted(set(named) - set(opened)):
        yield f"{rule!r} is no rule of this pack"


def signals(catalog: Catalog, pack: LoadedPack, scene: SceneDeclared) -> Mapping[str, int]:
    """Rule → how many signals the scene opens."""
    kinds = kinds_of(catalog.with_required(pack.name))
    rules = filled(rules_of([pack]), scene.figures)
    actors = cast(scene, kinds)
    seed = f"{pack.scenes.seed if pack.scenes else 0}:{scene.id}"
    until = BEGINS + round(scene.minutes * MINUTE)
    played = play(
        rules,
        [thing for _, _, thing in actors],
        sorted(_said(actors, kinds, seed), key=lambda one: one[1]),
        begins=BEGINS,
        until=until,
    )
    opened = dict.fromkeys(rules, 0)
    for spell in (one for one in played.spells if not one.silent):
        opened[spell.rule.id] += 1
    return opened


def _said(
    actors: Sequence[tuple[ActorsDeclared, int, Subject]], kinds: Kinds, seed: str
) -> Iterator[Said]:
    for group, number, thing in actors:
        streams = {one.property: one for one in kinds[thing.kind].streams}
        for minute, of, value in courses(group, number, seed):
            if possible(streams[of], value):
                yield thing.streams[of], BEGINS + round(minute * MINUTE), value
