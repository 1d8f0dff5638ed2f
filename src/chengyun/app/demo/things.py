"""Made-up things of every kind that packs declare, for the demo; each says that it is simulated."""

from collections.abc import Callable
from datetime import datetime
from random import Random

import shapely

from chengyun.kernel.actor import SYSTEM
from chengyun.places.decide.stored import outline
from chengyun.places.models import Region
from chengyun.sensing import reads, verbs
from chengyun.sensing.models import Thing
from chengyun.sensing.verbs import NewThing

A_KIND = 24
SEED = 7
_SPREAD = 0.004
"""Degrees around the middle of a street, about 400 m."""


def build(city_no: int, say: Callable[[str], None], now: datetime) -> None:
    """Some things of each kind that has none here yet, spread over the streets of the city."""
    held = set(Thing.objects.filter(city_no=city_no).values_list("kind_id", flat=True).distinct())
    kinds = [kind for kind in reads.kinds() if kind["id"] not in held]
    middles = _middles(city_no) if kinds else []
    if not middles:
        return
    items = []
    for kind in kinds:
        dice = Random(f"{SEED}:{kind['id']}")  # noqa: S311, a demo
        for number in range(A_KIND):
            middle = dice.choice(middles)
            lon = round(middle.x + dice.uniform(-1, 1) * _SPREAD, 6)
            lat = round(middle.y + dice.uniform(-1, 1) * _SPREAD, 6)
            items.append(
                NewThing(
                    code=f"sim-{kind['id']}-{number + 1}"[:64],
                    kind=kind["id"],
                    name=f"模拟{kind['name']['zh']} {number + 1}",
                    lon=lon,
                    lat=lat,
                    city_no=city_no,
                    simulated=True,
                )
            )
    say(f"Writing {len(items):,} simulated things …")
    verbs.register_things(SYSTEM, now=now, items=tuple(items))


def _middles(city_no: int) -> list[shapely.Point]:
    streets = Region.objects.filter(city_id=city_no, level="street", valid_to=None)
    found = []
    for street in streets.exclude(boundary=None).order_by("code"):
        ground = outline(street.boundary)
        if ground is not None:
            found.append(shapely.point_on_surface(ground))
    return found
