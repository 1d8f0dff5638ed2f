"""Simulated reports: what, where, through which channel, how often."""

import math
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import shapely
from shapely import Polygon

from chengyun.cases.verbs import Intake
from chengyun.kernel import areas
from chengyun.places.models import Grid
from chengyun.sdk.simulate import ReportTemplate, SimulateFile

_GRIDS = 3_000
_TRIES = 20
_NIGHT = (22, 6)


class Reporter:
    """Draws reports from a pack's templates and points from a city's base grids."""

    def __init__(self, plan: SimulateFile, city_no: int, zone: ZoneInfo, random: Random) -> None:
        self.plan = plan
        self.city_no = city_no
        self.zone = zone
        self.random = random
        found = Grid.objects.filter(layer__city_id=city_no, layer__code="base", valid_to=None)
        by_district: dict[int, list[int]] = {}
        for pk, area_no in found.order_by("code").values_list("pk", "area_no"):
            district = areas.at_level(area_no, "district") or city_no
            by_district.setdefault(district, []).append(pk)
        # Every district gets its share: by area, the outer ones would have nearly all reports.
        share = _GRIDS // max(1, len(by_district))
        self._shapes: list[list[Polygon]] = []
        for ids in by_district.values():
            rows = found.filter(pk__in=random.sample(ids, min(share, len(ids)))).order_by("code")
            self._shapes.append(
                [_polygon(bytes(wkb)) for wkb in rows.values_list("boundary", flat=True)]
            )

    def due(self, now: datetime, seconds: float) -> int:
        """How many reports arrive within some seconds: Poisson, shaped by the hour."""
        weights = self.plan.hours
        hour = now.astimezone(self.zone).hour
        mean = self.plan.per_minute * weights[hour] * 24 / sum(weights) * seconds / 60
        # Knuth's method; the mean is small.
        limit, count, product = math.exp(-mean), 0, self.random.random()
        while product > limit:
            count += 1
            product *= self.random.random()
        return count

    def draw(self, now: datetime) -> Intake:
        """One report."""
        template = self._template(now)
        lon, lat = self._point()
        behaviour = self.plan.behaviour
        unknown = self.random.random() < behaviour.unknown_kind
        sources = list(self.plan.sources)
        source = self.random.choices(sources, [self.plan.sources[one] for one in sources])[0]
        if source == "collector":
            # A collector reports with a photo of the scene; the trickle has none to show.
            source = "hotline"
        place = self.random.choice(self.plan.places)
        words = self.random.choice(template.texts)
        return Intake(
            text=words.format(place=place, n=self.random.randint(2, 9)),
            source=source,
            kind_id=None if unknown else template.kind,
            condition_id=None if unknown else template.condition,
            city_no=self.city_no,
            lon=lon,
            lat=lat,
            address=place,
            attributes=dict(template.attributes),
            simulated=True,
        )

    def _template(self, now: datetime) -> ReportTemplate:
        hour = now.astimezone(self.zone).hour
        night = hour >= _NIGHT[0] or hour < _NIGHT[1]
        weights = [one.weight * (one.night if night else 1) for one in self.plan.reports]
        return self.random.choices(self.plan.reports, weights)[0]

    def _point(self) -> tuple[float, float]:
        shape = self.random.choice(self.random.choice(self._shapes))
        west, south, east, north = shape.bounds
        for _ in range(_TRIES):
            lon = self.random.uniform(west, east)
            lat = self.random.uniform(south, north)
            if shape.contains(shapely.Point(lon, lat)):
                return round(lon, 6), round(lat, 6)
        inside = shape.representative_point()
        return round(inside.x, 6), round(inside.y, 6)


def _polygon(wkb: bytes) -> Polygon:
    """The boundary, or its largest part where a grid is cut by water."""
    shape = shapely.from_wkb(wkb)
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area)
