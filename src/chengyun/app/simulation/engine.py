"""The engine: a queue of steps over simulated time, carried out in batches by the real verbs.

A batch is a stretch of simulated time; every step keeps its own second inside it. Time, chance
and order come from the plan and the seed alone, never from the database or the clock.
"""

import heapq
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from chengyun.app.simulation.crowd import RESIDENTS, Arrival, Crowd
from chengyun.app.simulation.hands import Hands
from chengyun.app.simulation.hours import instant
from chengyun.app.simulation.life import Life, Step
from chengyun.app.simulation.pictures import SIZE, draw
from chengyun.app.simulation.town import Town
from chengyun.app.simulation.turns import Turns
from chengyun.cases import verbs
from chengyun.cases.decide.state import CaseState
from chengyun.cases.reads import kinds
from chengyun.cases.verbs import BATCH_MAX, BatchMove, Intake, Told
from chengyun.kernel import uploads
from chengyun.kernel.actor import PUBLIC, Actor
from chengyun.kernel.text import JsonObject
from chengyun.places.models import City
from chengyun.sdk.simulate import SimulateFile

SIMULATION = Actor(kind="system", id=None, name="simulation")
# A busy city fills a shorter stretch; a small one would pay for many empty batches.
WINDOW_S, QUIET_WINDOW_S = 900, 1_800
BUSY_SCALE = 0.05
# Steps that follow within the same stretch are worth a batch of their own from this many on.
ENOUGH = 25
TICKS = 500
# Who reports what comes through a channel without a reporter of its own.
_DESKS = {"hotline": "acceptor", "transfer": "acceptor", "leader": "leader"}


@dataclass(slots=True)
class Tally:
    """What an engine did."""

    reports: int = 0
    by_source: Counter[str] = field(default_factory=Counter)
    report_refusals: Counter[str] = field(default_factory=Counter)
    # Cases that began as a part of another.
    parts: int = 0
    moves: int = 0
    by_move: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    ticks: int = 0
    photos: int = 0
    cheats: Counter[str] = field(default_factory=Counter)
    # Cases in the order in which they began: what was acknowledged must be there at the end.
    began: list[UUID] = field(default_factory=list)


class Engine:
    """One city, played from a second on."""

    def __init__(
        self, plan: SimulateFile, city: City, *, start: int, seed: str, scale: float
    ) -> None:
        self.plan, self.city_no, self.at = plan, city.area_no, start
        zone = ZoneInfo(city.time_zone).utcoffset(instant(start))
        zone_s = int(zone.total_seconds()) if zone else 0
        self.states: dict[UUID, CaseState] = {}
        self.tally = Tally()
        town = Town(plan, city.area_no, _stream(seed, "town"))
        self.hands = Hands(plan, city.area_no, zone_s, instant(start))
        self.hands.speed = max(1.0, scale / plan.volumes.staffed_for)
        self.crowd = Crowd(plan, town, _stream(seed, "crowd"), zone_s, scale)
        self.turns = Turns(plan, self.hands, self.crowd, _stream(seed, "turns"), self.states)
        self._chance = _stream(seed, "engine")
        self._lives: dict[UUID, Life] = {}
        self._queue: list[tuple[int, int, Life, Step]] = []
        self._seq = 0
        self._last_after: dict[UUID | None, bytes] = {}
        self._drawn = 0
        self.open_only = False

    def play(self, until: int) -> None:
        """One batch: everything up to a second."""
        with transaction.atomic():
            self.take(self.crowd.between(self.at, until), until)
            while self._move(until) >= ENOUGH:
                pass
        self._tick(until)
        self.at = until

    def finish(self) -> None:
        """Take every step whose time has come, however few there are."""
        with transaction.atomic():
            while self._move(self.at):
                pass
        self._tick(self.at)

    def take(self, arrivals: list[Arrival], until: int) -> None:
        """Report some arrivals, and plan what becomes of them."""
        for first in range(0, len(arrivals), BATCH_MAX):
            some = arrivals[first : first + BATCH_MAX]
            told = self._told(some)
            done = verbs.report_told(
                SIMULATION, now=instant(until), items=tuple(told), states=self.states
            )["results"]
            for arrival, receipt in zip(some, done, strict=True):
                self._begin(arrival, receipt)

    def adopt(self, states: dict[UUID, CaseState], refused: dict[UUID, list[UUID]]) -> None:
        """Go on with open cases of an earlier run."""
        for ident, state in states.items():
            if ident not in self._lives:
                self.states[ident] = state
                life = Life(ident, None, refused=list(refused.get(ident, ())))
                self._lives[ident] = life
                self._plan(life, self.at)

    def hurry(self, pace: float) -> None:
        """From now on everybody works round the clock and faster by a factor."""
        self.hands.speed, self.hands.round_the_clock = pace, True
        self.hands.free_all(self.at)
        sooner = [
            (self.at + round((at - self.at) / pace), seq, life, step)
            for at, seq, life, step in self._queue
        ]
        self._queue = sooner
        heapq.heapify(self._queue)

    def _told(self, arrivals: list[Arrival]) -> list[Told]:
        scenes: list[int] = []
        actors: list[Actor] = []
        drawn: list[uploads.Drawn] = []
        for arrival in arrivals:
            actor = self._reporter(arrival)
            entry = kinds().get(arrival.said.kind) if arrival.said else None
            count = max(1, entry.kind.evidence.scene if entry else 1)
            scenes.append(count if arrival.source == "collector" else 0)
            actors.append(actor)
            for n in range(scenes[-1]):
                drawn.append(self._picture(actor, arrival.at, f"scene {n}"))
        ids = iter(uploads.store_drawn(drawn))
        self.tally.photos += len(drawn)
        return [
            Told(
                actor,
                instant(arrival.at),
                Intake(
                    text=arrival.words,
                    source=arrival.source,
                    kind_id=arrival.said.kind if arrival.said else None,
                    condition_id=arrival.said.condition if arrival.said else None,
                    city_no=self.city_no,
                    lon=arrival.spot.lon if arrival.placed else None,
                    lat=arrival.spot.lat if arrival.placed else None,
                    address=arrival.place,
                    attributes=dict(arrival.said.attributes) if arrival.said else {},
                    photos=tuple(next(ids) for _ in range(count)),
                    simulated=True,
                ),
            )
            for arrival, actor, count in zip(arrivals, actors, scenes, strict=True)
        ]

    def _reporter(self, arrival: Arrival) -> Actor:
        if arrival.source == "public":
            return PUBLIC
        post = "collector" if arrival.source == "collector" else _DESKS.get(arrival.source)
        found = self.hands.at(post, arrival.spot.street_no) if post else ()
        return self.hands.actor(found[0]) if found else SIMULATION

    def _picture(self, actor: Actor, at: int, mark: str) -> uploads.Drawn:
        self._drawn += 1
        when = instant(at)
        raw = draw(f"{when:%Y-%m-%d %H:%M:%S} UTC", mark, f"no. {self._drawn}")
        return uploads.Drawn(actor.id, raw, *SIZE, when)

    def _begin(self, arrival: Arrival, receipt: JsonObject) -> None:
        tally = self.tally
        if not receipt["ok"]:
            problem = receipt["problem"]
            faults = problem.get("errors") or [{"code": problem["code"]}]
            tally.report_refusals[str(faults[0]["code"])] += 1
            return
        ident = UUID(receipt["id"])
        tally.reports += 1
        tally.by_source[arrival.source] += 1
        tally.began.append(ident)
        code = receipt["track_code"] if arrival.source in RESIDENTS else ""
        near = receipt["similar"]
        life = Life(ident, arrival, code, UUID(near[0]) if near else None)
        self._lives[ident] = life
        if arrival.first and arrival.placed:
            self._repeat(arrival)
        if self.open_only:
            return
        self._plan(life, arrival.at)
        for step in self.turns.beside(life, arrival.at):
            self._push(life, step)

    def _repeat(self, arrival: Arrival) -> None:
        behaviour = self.plan.behaviour
        while self._chance.random() < behaviour.duplicate:
            self.crowd.again(arrival, arrival.at, behaviour.delay.get("duplicate", (3, 300)))

    def _plan(self, life: Life, at: int) -> None:
        for step in self.turns.next(life, at):
            self._push(life, step)

    def _push(self, life: Life, step: Step) -> None:
        self._seq += 1
        if step.side:
            life.side += 1
        else:
            life.ahead += 1
        heapq.heappush(self._queue, (step.at, self._seq, life, step))

    def _move(self, until: int) -> int:
        """Take the steps that are due, each case's next one; how many there were."""
        due: list[tuple[int, Life, Step]] = []
        while self._queue and self._queue[0][0] < until:
            at, _, life, step = heapq.heappop(self._queue)
            state = self.states.get(life.id)
            if state is None:
                _past(life, step)
                continue
            if state.state in step.expects and (step.when is None or step.when(state, at)):
                due.append((at, life, step))
            else:
                self.tally.dropped += 1
                _past(life, step)
                self._go_on(life, step, at)
        if not due:
            return 0
        items = self._items(due)
        done = verbs.move_batch(
            SIMULATION, now=instant(until), items=tuple(items), states=self.states
        )["results"]
        for (at, life, step), receipt in zip(due, done, strict=True):
            self._after(life, step, at, receipt)
        return len(due)

    def _items(self, due: list[tuple[int, Life, Step]]) -> list[BatchMove]:
        drawn: list[uploads.Drawn] = []
        for at, _, step in due:
            for photos in step.photos:
                for mark in photos.marks:
                    drawn.append(self._evidence(step, at, mark))
        ids = iter(uploads.store_drawn(drawn))
        self.tally.photos += len(drawn)
        items = []
        for at, life, step in due:
            params = dict(step.params)
            for photos in step.photos:
                params[photos.param] = [str(next(ids)) for _ in photos.marks]
            public = step.actor.kind == "public"
            items.append(
                BatchMove(
                    step.actor,
                    step.move,
                    params,
                    life.id,
                    None,
                    instant(at),
                    life.code if public else None,
                )
            )
        return items

    def _evidence(self, step: Step, at: int, mark: str) -> uploads.Drawn:
        picture = self._picture(step.actor, at, mark)
        if not mark.startswith("after"):
            return picture
        earlier = self._last_after.get(step.actor.id)
        if step.cheat and earlier is not None:
            # A cheat: the picture of an earlier case once more.
            self.tally.cheats["same_photo"] += 1
            return uploads.Drawn(picture.owner_id, earlier, *SIZE, picture.at)
        self._last_after[step.actor.id] = picture.jpeg
        return picture

    def _after(self, life: Life, step: Step, at: int, receipt: JsonObject) -> None:
        tally = self.tally
        _past(life, step)
        if not receipt["ok"]:
            problem = receipt["problem"]
            faults = problem.get("errors") or [{"code": problem["code"]}]
            tally.refused[f"{step.move}: {faults[0]['code']}"] += 1
            return
        tally.moves += 1
        tally.by_move[step.move] += 1
        if step.move == "split":
            tally.cheats["split_clock"] += 1
        for part in receipt.get("parts", ()):
            tally.began.append(UUID(part))
            tally.parts += 1
            other = Life(UUID(part), life.arrival, verified=True)
            self._lives[other.id] = other
            self._plan(other, at)
        self._go_on(life, step, at)

    def _go_on(self, life: Life, step: Step, at: int) -> None:
        if not step.side and not life.ahead:
            self._plan(life, at)
        if not life.ahead and not life.side and not self.states[life.id].is_open:
            # Nothing more is going to happen to it but the archive.
            del self.states[life.id]
            self._lives.pop(life.id, None)

    def _tick(self, until: int) -> None:
        """Let time pass for whoever waits, but not beyond a step that is still to come."""
        head = self._queue[0][0] if self._queue else until
        now = instant(min(until, head))
        while True:
            ticked = verbs.tick_due(now, limit=TICKS, simulated=True, states=self.states)
            self.tally.ticks += ticked
            if ticked < TICKS:
                break
        for ident in self.states.keys() - self._lives.keys():
            # Of cases that are over, or another's.
            del self.states[ident]


def _past(life: Life, step: Step) -> None:
    """One step fewer lies ahead. Not said before it is done: of a case with two steps in one batch
    the first must not pass for the last."""
    if step.side:
        life.side -= 1
    else:
        life.ahead -= 1


def _stream(seed: str, name: str) -> Random:
    """A stream of chance of its own: what one part draws never shifts another's."""
    return Random(f"{seed}:{name}")  # noqa: S311 - a simulation
