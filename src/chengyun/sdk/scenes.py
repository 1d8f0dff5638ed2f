"""`simulate.yaml` of a scenario: a seeded course of readings, labelled as simulated."""

from typing import Annotated

from pydantic import Field

from chengyun.sdk.declared import Declared, Name, Provenance, Slug

Minute = Annotated[float, Field(ge=0, le=60 * 24 * 60)]


class CourseDeclared(Declared):
    """How one property runs: straight between (minute, value) points, `noise` either side, a
    reading every so many minutes. `properties` are those of the things it is about."""

    of: Slug
    every: Annotated[float, Field(gt=0)]
    points: tuple[tuple[Minute, float], ...] = Field(min_length=1)
    noise: float = Field(default=0, ge=0)


class ActorsDeclared(Declared):
    """So many things of a kind that follow the same courses, each beginning up to `spread`
    minutes later than the first."""

    kind: Slug
    count: int = Field(ge=1, le=200)
    spread: Minute = 0
    properties: dict[str, str] = {}
    courses: tuple[CourseDeclared, ...] = Field(min_length=1)


class SignalsExpected(Declared):
    """How many signals of a rule the scene must open, whatever the dice say."""

    rule: Slug
    least: int = Field(ge=0)
    most: int = Field(ge=0)


class SceneDeclared(Declared):
    """One scene: what happens in how many minutes; no rule but those named opens a signal."""

    id: Slug
    name: Name
    minutes: Annotated[float, Field(gt=0, le=60 * 24 * 60)]
    actors: tuple[ActorsDeclared, ...] = Field(min_length=1)
    figures: dict[str, float] = {}
    signals: tuple[SignalsExpected, ...] = ()


class ScenesFile(Provenance):
    """The scenes of a pack. Everything drawn by chance is drawn from `seed`."""

    seed: int
    label: Name
    scenes: tuple[SceneDeclared, ...] = Field(min_length=1)
