"""Who reports what, when: calls, residents, patrols, cameras, other departments, inspections."""

import heapq
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from chengyun.app.simulation.hours import DAY
from chengyun.app.simulation.town import Spot, Town
from chengyun.sdk.simulate import ReportTemplate, SimulateFile

_NIGHT = (22, 6)
# 1 January 1970 was a Thursday.
_MONDAY = 3
RESIDENTS = ("hotline", "public")
# Above this a Poisson draw is taken from the normal distribution.
_MANY = 200.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """One report on its way: second since 1970, channel, what and where it really is.

    `said` is the kind the reporter names (None: none), `placed` whether they point at the map;
    `first` is False for another report, or a return, of something told before.
    """

    at: int
    source: str
    template: ReportTemplate
    said: ReportTemplate | None
    spot: Spot
    placed: bool
    place: str
    words: str
    first: bool = True


class Crowd:
    """Draws the reports of each stretch of time. `zone_s`: local time ahead of UTC, in seconds."""

    def __init__(
        self, plan: SimulateFile, town: Town, random: Random, zone_s: int, scale: float
    ) -> None:
        self.plan, self.town, self.random, self.zone_s = plan, town, random, zone_s
        self.calls: Counter[str] = Counter()
        self.answered = 0
        # Seconds during which it storms.
        self.storm: tuple[int, int] = (0, 0)
        # Nobody reports anything new for now.
        self.quiet = False
        self._later: list[tuple[int, int, Arrival]] = []
        self._seq = 0
        self.resize(scale)

    def resize(self, scale: float) -> None:
        """Let from now on so much of a whole city's load arrive."""
        volumes = self.plan.volumes
        hotline = volumes.hotline
        self._calls = hotline.calls_per_day * scale
        rest = volumes.creations_per_day * scale - self._calls * (1 - hotline.answered)
        whole = sum(volumes.sources.values())
        self._rates = {name: rest * w / whole for name, w in sorted(volumes.sources.items())}

    def between(self, start: int, end: int) -> list[Arrival]:
        """Reports from one second to another, in order of time."""
        found: list[Arrival] = []
        if self.quiet:
            return found
        stormy = self.storm[0] <= start < self.storm[1]
        for _ in range(self._count(self._calls, start, end, stormy, "hotline")):
            asked = self._drawn(self.plan.volumes.hotline.asks)
            self.calls[asked] += 1
            if self.random.random() < self.plan.volumes.hotline.answered:
                self.answered += 1
                continue
            found.append(self._arrival("hotline", start, end, stormy))
        for source, rate in self._rates.items():
            for _ in range(self._count(rate, start, end, stormy, source)):
                found.append(self._arrival(source, start, end, stormy))
        while self._later and self._later[0][0] < end:
            found.append(heapq.heappop(self._later)[2])
        return sorted(found, key=lambda one: one.at)

    def some(self, count: int, at: int) -> list[Arrival]:
        """So many reports at one instant."""
        sources: dict[str, float] = {"hotline": 10.0}
        sources.update(self.plan.volumes.sources.items())
        return [self._arrival(self._drawn(sources), at, at + 1, False) for _ in range(count)]

    def again(self, told: Arrival, since: int, after: tuple[float, float]) -> None:
        """Somebody reports the same place and trouble, some minutes later."""
        at = since + round(60 * self.random.uniform(*after))
        source = told.source if told.source in RESIDENTS else self.random.choice(RESIDENTS)
        words = self.random.choice(told.template.texts)
        arrival = replace(
            told,
            at=at,
            source=source,
            spot=told.spot.beside(self.random),
            said=told.template,
            placed=True,
            words=self._filled(words, told.place),
            first=False,
        )
        self._seq += 1
        heapq.heappush(self._later, (at, self._seq, arrival))

    def _count(self, a_day: float, start: int, end: int, stormy: bool, source: str) -> int:
        """Poisson, shaped by hour, weekday and storm."""
        volumes = self.plan.volumes
        local = start + self.zone_s
        hours = volumes.patrol_hours if source == "collector" else volumes.hours
        mean = a_day * hours[local % DAY // 3600] / sum(hours) * (end - start) / 3600
        if (local // DAY + _MONDAY) % 7 >= 5:
            mean *= volumes.weekend
        if stormy and source != "collector":
            mean *= volumes.storm_factor
        if mean > _MANY:
            return max(0, round(self.random.gauss(mean, math.sqrt(mean))))
        limit, count, product = math.exp(-mean), 0, self.random.random()
        while product > limit:
            count += 1
            product *= self.random.random()
        return count

    def _arrival(self, source: str, start: int, end: int, stormy: bool) -> Arrival:
        random, behaviour = self.random, self.plan.behaviour
        at = start + int(random.random() * (end - start))
        template = self._template(at, stormy)
        walking = source == "collector"
        spot = self.town.on_patrol(random) if walking else self.town.somewhere(random)
        place = random.choice(self.plan.places)
        said: ReportTemplate | None = template
        draw = random.random()
        if not walking and draw < behaviour.unknown_kind:
            said = None
        elif draw < behaviour.unknown_kind + behaviour.wrong_kind:
            said = random.choice(self.plan.reports)
        placed = walking or random.random() >= behaviour.no_place
        words = self._filled(random.choice(template.texts), place)
        return Arrival(at, source, template, said, spot, placed, place, words)

    def _template(self, at: int, stormy: bool) -> ReportTemplate:
        hour = (at + self.zone_s) % DAY // 3600
        night = hour >= _NIGHT[0] or hour < _NIGHT[1]
        weights = [
            one.weight * (one.night if night else 1) * (one.storm if stormy else 1)
            for one in self.plan.reports
        ]
        return self.random.choices(self.plan.reports, weights)[0]

    def _filled(self, words: str, place: str) -> str:
        return words.format(place=place, n=self.random.randint(2, 9))

    def _drawn(self, weights: Mapping[str, float]) -> str:
        names = sorted(weights)
        return self.random.choices(names, [weights[name] for name in names])[0]
