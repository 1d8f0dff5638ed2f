"""An engine over the city's clock and calendar."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from chengyun.cases.reads import rulebook
from chengyun.places.models import City
from chengyun.rules.decide.declared import Rule
from chengyun.rules.decide.engine import Engine, weekdays
from chengyun.rules.decide.ground import Subject


def engine_of(rules: Sequence[Rule], kinds: dict[str, list[Subject]]) -> Engine:
    """An engine of some rules over things by kind."""
    city = City.objects.order_by("area_no").first()
    if city is None:
        return Engine(rules, kinds, "UTC", weekdays)
    return Engine(rules, kinds, city.time_zone, partial(_works, city.area_no))


def _works(city_no: int, day: date) -> bool:
    return rulebook().of(city_no).calendar.is_workday(day)
