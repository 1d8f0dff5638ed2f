"""Calendars and stage limits by city, in memory; other processes' changes show in five seconds."""

import threading
from dataclasses import dataclass
from functools import cache
from time import monotonic

from django.db.models import Count, Max
from pydantic import TypeAdapter

from chengyun.cases.decide.calendar import Calendar
from chengyun.cases.decide.limits import DEFAULT_LIMITS, Limits
from chengyun.cases.models import RuleDocument
from chengyun.cases.reads.public_rules import forget_public_rules
from chengyun.places.models import City

_LOOK_EVERY = 5.0


@dataclass(frozen=True, slots=True)
class CityRules:
    """What time and numbers mean in one city."""

    calendar: Calendar
    limits: Limits


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of every city."""

    cities: dict[int, CityRules]
    fallback: CityRules
    # The coding scheme that reports use where a city has none of its own.
    default_scheme: str | None = None

    def of(self, city_no: int) -> CityRules:
        """A city's rules; a city without a calendar of its own works Monday to Friday in UTC."""
        return self.cities.get(city_no, self.fallback)


@cache
def _calendar_reader() -> TypeAdapter[Calendar]:
    return TypeAdapter(Calendar)


@cache
def _limits_reader() -> TypeAdapter[Limits]:
    return TypeAdapter(Limits)


_lock = threading.Lock()
_kept: tuple[Rulebook, object, float] | None = None


def rulebook() -> Rulebook:
    """The current rules."""
    global _kept
    kept = _kept
    if kept is not None and monotonic() - kept[2] < _LOOK_EVERY:
        return kept[0]
    with _lock:
        seen = RuleDocument.objects.filter(current=True).aggregate(n=Count("id"), last=Max("id"))
        cities = tuple(City.objects.order_by("area_no").values_list("area_no", "calendar"))
        stamp = (seen["n"], seen["last"], cities)
        if _kept is None or _kept[1] != stamp:
            _kept = (_read(cities), stamp, monotonic())
        else:
            _kept = (_kept[0], stamp, monotonic())
        return _kept[0]


def _read(cities: tuple[tuple[int, str], ...]) -> Rulebook:
    calendars: dict[str, Calendar] = {}
    limits = DEFAULT_LIMITS
    scheme: str | None = None
    for row in RuleDocument.objects.filter(current=True):
        if row.what == "calendar":
            calendars[row.key] = _calendar_reader().validate_python(row.content)
        elif row.what == "limits":
            limits = _limits_reader().validate_python(row.content)
        elif row.what == "scheme":
            scheme = row.content
    plain = Calendar(id="plain", tz="UTC")
    rules = {
        number: CityRules(calendars.get(calendar_id, plain), limits)
        for number, calendar_id in cities
    }
    return Rulebook(rules, CityRules(plain, limits), scheme)


def forget_rules() -> None:
    """Read the rules again at the next use (after loading packs, between tests)."""
    global _kept
    _kept = None
    forget_public_rules()
