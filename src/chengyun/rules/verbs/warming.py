"""Reading ahead what a first case needs, so that it is not slower than the next."""

from datetime import datetime

from django.db import transaction

from chengyun.cases.decide.routing import RouteQuery
from chengyun.cases.ports import router
from chengyun.cases.reads import kinds, rulebook
from chengyun.kernel.actor import SYSTEM
from chengyun.kernel.scope import working
from chengyun.places.models import City
from chengyun.places.reads import locate, standing


def warm(now: datetime) -> None:
    """Read the rules of cases, each city's grids and addresses, and its duty list."""
    with transaction.atomic(), working(SYSTEM.scope()):
        rulebook()
        known = kinds()
        for city in City.objects.order_by("area_no"):
            point = (city.center_lon, city.center_lat)
            spot = locate(city.area_no, *point)
            standing(city.area_no, "", point)
            first = next(iter(known.for_city(city.area_no)), None)
            some = [first.kind.id] if first else []
            asked = [RouteQuery(one, spot.area_no, now, source="sensor") for one in some]
            router().route(asked, city=city.area_no)
