"""Readings of the demo's simulated things: calm ones, whatever their kinds measure."""

import logging
import math
import threading
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from random import Random

import numpy as np

from chengyun.app.packs.loaded import LoadedPack
from chengyun.app.simulation.staging import Said, Stage
from chengyun.kernel.clock import Clock
from chengyun.kernel.text import JsonObject
from chengyun.sensing import verbs
from chengyun.sensing.decide.knowing import StreamFact
from chengyun.sensing.decide.readings import Readings
from chengyun.sensing.models import Datastream, ThingKind
from chengyun.sensing.reads import newest, streams

log = logging.getLogger(__name__)

PAUSE = 15.0
DAY_S = 86_400
DOOR = "simulation"
BATCH = 2_000
_CALM = 0.12
"""Where in its possible range a stream lies on a calm day, unless its kind says."""
Declared = dict[tuple[str, str], JsonObject]
"""Kind and property → the stream as declared."""
_NOTHING: JsonObject = {}


def speak(clock: Clock, stop: threading.Event, packs: Iterable[LoadedPack] = ()) -> None:
    """Let the simulated things speak as often as their streams say, until stopped; those that
    play in a scene of a pack say what it says."""
    stage = Stage(packs)
    while not stop.is_set():
        try:
            now = clock.now()
            said, busy = stage.due(now)
            perform(said, now)
            say(now, busy)
        except Exception:
            log.exception("the simulated things stumbled; they speak again soon")
        stop.wait(PAUSE)


def perform(said: Sequence[Said], now: datetime) -> int:
    """Take what a scene says; how many were stored."""
    stored = 0
    for start in range(0, len(said), BATCH):
        part = said[start : start + BATCH]
        rows = Readings(
            stream=np.array([one.stream for one in part], np.int64),
            at=np.array([round(one.at.timestamp() * 1_000_000) for one in part], np.int64),
            value=np.array([one.value for one in part], np.float64),
            flags=np.zeros(len(part), np.int32),
        )
        stored += verbs.take(rows, now=now, door=DOOR).stored
    return stored


def say(now: datetime, busy: Collection[int] = ()) -> int:
    """One reading of each simulated stream that is due and not busy in a scene; how many."""
    numbers = Datastream.objects.filter(thing__simulated=True, thing__state="active")
    declared = _declared()
    facts = {
        no: fact
        for no, fact in streams.facts(numbers.values_list("no", flat=True)).items()
        if no not in busy and not declared.get((fact.kind, fact.property), _NOTHING).get("derived")
    }
    said = newest(facts)
    due = [
        (fact, said[fact.no].value or 0.0 if fact.no in said else None)
        for fact in facts.values()
        if fact.no not in said or (now - said[fact.no].at).total_seconds() >= fact.every_s
    ]
    if not due:
        return 0
    return verbs.take(_readings(due, declared, now), now=now, door=DOOR).stored


def _declared() -> Declared:
    return {
        (kind.id, stream["property"]): stream
        for kind in ThingKind.objects.all()
        for stream in kind.content["streams"]
    }


def _readings(
    due: Iterable[tuple[StreamFact, float | None]], declared: Declared, now: datetime
) -> Readings:
    rows = list(due)
    words = {
        row: fact.values[0]
        for row, (fact, _) in enumerate(rows)
        if fact.result == "category" and fact.values
    }
    values = [
        calm(fact, before, now, declared.get((fact.kind, fact.property), _NOTHING).get("calm"))
        for fact, before in rows
    ]
    return Readings(
        stream=np.array([fact.no for fact, _ in rows], np.int64),
        at=np.full(len(rows), int(now.timestamp() * 1_000_000), np.int64),
        value=np.array(values, np.float64),
        flags=np.zeros(len(rows), np.int32),
        words=words,
    )


def calm(
    fact: StreamFact, before: float | None, now: datetime, between: Sequence[float] | None = None
) -> float:
    """What a stream says on a day on which nothing happens: between what its kind declares."""
    dice = Random(f"{fact.no}:{int(now.timestamp())}")  # noqa: S311, a demo
    if fact.result == "category":
        return math.nan
    if fact.result == "truth":
        return 0.0
    if between is not None:
        return round(dice.uniform(between[0], between[1]), 4)
    low = fact.low if fact.low is not None else 0.0
    high = fact.high if fact.high is not None else low + 10.0
    if fact.result == "total":
        return round((before or low) + dice.uniform(0, 0.002), 4)
    if fact.result == "count":
        return float(dice.randrange(3))
    turn = now.timestamp() % DAY_S / DAY_S * math.tau + fact.no
    place = _CALM + 0.03 * math.sin(turn) + dice.uniform(-0.004, 0.004)
    return round(low + place * (high - low), 3)
