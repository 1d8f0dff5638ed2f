"""Where things happen: districts by population, streets by their unit grids, points inside."""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

import shapely
from shapely import Polygon

from chengyun.kernel import areas
from chengyun.places.models import Grid, Region
from chengyun.sdk.simulate import SimulateFile

# Unit grids of each street that are played in: a patrol's round.
ROUND = 12
_TRIES = 20
_METRE = 1 / 111_320


class Unplayable(Exception):
    """There is nothing in this city to play on; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: the street (or deepest area known to have grids) and a point, in degrees."""

    street_no: int
    lon: float
    lat: float

    def beside(self, random: Random) -> "Spot":
        """The same trouble as somebody else points at it: within some twenty metres."""
        lon = self.lon + random.uniform(-15, 15) * _METRE
        lat = self.lat + random.uniform(-15, 15) * _METRE
        return Spot(self.street_no, round(lon, 6), round(lat, 6))


@dataclass(slots=True)
class _Street:
    number: int
    shapes: list[Polygon]
    patrol: int = 0


class Town:
    """A city's streets, drawn by the population of their district."""

    def __init__(self, plan: SimulateFile, city_no: int, random: Random) -> None:
        found = Grid.objects.filter(layer__city_id=city_no, layer__code="base", valid_to=None)
        grids: dict[int, list[int]] = {}
        for pk, area_no in found.order_by("code").values_list("pk", "area_no"):
            street = areas.at_level(area_no, "street") or area_no
            grids.setdefault(street, []).append(pk)
        chosen: dict[int, list[int]] = {}
        for street, ids in sorted(grids.items()):
            start = random.randrange(len(ids))
            # Neighbours by code are neighbours on the ground, mostly: a round to walk.
            chosen[street] = (ids[start:] + ids[:start])[:ROUND]
        wanted = [pk for ids in chosen.values() for pk in ids]
        boundaries = dict(found.filter(pk__in=wanted).values_list("pk", "boundary"))
        self._districts: dict[int, list[_Street]] = {}
        for street, ids in chosen.items():
            shapes = [_polygon(bytes(boundaries[pk])) for pk in ids]
            district = areas.at_level(street, "district") or city_no
            self._districts.setdefault(district, []).append(_Street(street, shapes))
        if not self._districts:
            raise Unplayable("the city has no unit grids to play in")
        codes = Region.objects.filter(area_no__in=list(self._districts), valid_to=None)
        people = {
            no: plan.population.get(code) for no, code in codes.values_list("area_no", "code")
        }
        known = [one for one in people.values() if one]
        usual = sum(known) / len(known) if known else 1.0
        self._numbers = sorted(self._districts)
        self._weights = list(accumulate(people.get(no) or usual for no in self._numbers))

    def somewhere(self, random: Random) -> Spot:
        """Anywhere people live."""
        street = random.choice(self._district(random))
        return _point(street.number, random.choice(street.shapes), random)

    def on_patrol(self, random: Random) -> Spot:
        """In the next unit grid of some street's patrol."""
        street = random.choice(self._district(random))
        street.patrol = (street.patrol + 1) % len(street.shapes)
        return _point(street.number, street.shapes[street.patrol], random)

    def _district(self, random: Random) -> list[_Street]:
        at = bisect(self._weights, random.random() * self._weights[-1])
        return self._districts[self._numbers[min(at, len(self._numbers) - 1)]]


def _point(street: int, shape: Polygon, random: Random) -> Spot:
    west, south, east, north = shape.bounds
    for _ in range(_TRIES):
        lon, lat = random.uniform(west, east), random.uniform(south, north)
        if shapely.contains_xy(shape, lon, lat):
            return Spot(street, round(lon, 6), round(lat, 6))
    inside = shape.representative_point()
    return Spot(street, round(inside.x, 6), round(inside.y, 6))


def _polygon(wkb: bytes) -> Polygon:
    """The boundary, or its largest part where a grid is cut by water."""
    shape = shapely.from_wkb(wkb)
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    found = max(parts, key=lambda part: part.area)
    shapely.prepare(found)
    return found
