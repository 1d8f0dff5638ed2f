"""Made-up components for the demo, as its pack declares; every one says that it is simulated."""

from collections.abc import Callable, Iterator
from datetime import datetime
from random import Random

import shapely

from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.text import JsonObject
from chengyun.places import verbs
from chengyun.places.decide.stored import outline
from chengyun.places.models import Component, Region
from chengyun.sdk.components import ComponentsFile

SOURCE = "模拟生成，非真实部件 (generated, no real components)"
_STEP = 0.0002
"""Degrees from one to the next, about 20 m."""
_IN_LINE = 30


def build(
    file: ComponentsFile | None, city_no: int, say: Callable[[str], None], now: datetime
) -> None:
    """Make them once; a city that has any component is left alone."""
    if file is None or Component.objects.filter(city_no=city_no).exists():
        return
    rows = [(at, f"demo:{at}", one) for at, one in enumerate(_things(file, city_no), start=1)]
    say(f"Writing {len(rows):,} simulated components …")
    verbs.import_components(
        SYSTEM, now=now, city_no=city_no, rows=rows, source=SOURCE, synthetic=True
    )


def _things(file: ComponentsFile, city_no: int) -> Iterator[JsonObject]:
    dice = Random(file.seed)  # noqa: S311, a demo
    kinds, shares = list(file.kinds), list(file.kinds.values())
    states, odds = list(file.states), list(file.states.values())
    for at, (lon, lat) in enumerate(_spots(file, city_no, dice)):
        yield {
            "kind_id": dice.choices(kinds, shares)[0],
            "name": f"模拟部件 {at + 1}",
            "state": dice.choices(states, odds)[0],
            "manager": file.manager,
            "owner": file.owner,
            "maintainer": file.maintainer,
            "lon": lon,
            "lat": lat,
            "datum": "WGS84",
            "accuracy_m": 5.0,
            "position_source": "generated",
        }


def _spots(file: ComponentsFile, city_no: int, dice: Random) -> Iterator[tuple[float, float]]:
    """Points in lines from inside each street of the district, one street after the other."""
    streets = Region.objects.filter(
        city_id=city_no, level="street", code__startswith=file.district, valid_to=None
    ).exclude(boundary=None)
    middles = []
    for street in streets.order_by("code"):
        ground = outline(street.boundary)
        if ground is not None:
            middles.append(shapely.point_on_surface(ground))
    for at in range(file.count if middles else 0):
        line, step = divmod(at, _IN_LINE)
        row, street_at = divmod(line, len(middles))
        middle = middles[street_at]
        lon = middle.x + (step - _IN_LINE / 2) * _STEP / 2
        lat = middle.y + (row + 1) * _STEP * 2 + dice.uniform(-1, 1) * _STEP / 10
        yield round(lon, 6), round(lat, 6)
