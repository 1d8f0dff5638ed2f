"""The geocoder of a node: its book of the city as it is now, asked by text, point and beginning.

A book is built on first use and again when the city's map or address register changed; it is
immutable, so threads share it. It holds the city's areas and its published addresses.
"""

import threading
import time
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from django.conf import settings
from django.db import connection

from chengyun.brain.reads import parse_address
from chengyun.kernel import areas
from chengyun.kernel.text import JsonObject
from chengyun.places.decide.geocoding.answers import Answer, Candidate, words
from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.building import build
from chengyun.places.decide.geocoding.completing import Completion, Prefixes
from chengyun.places.decide.geocoding.finding import find
from chengyun.places.decide.geocoding.nearby import Nearby
from chengyun.places.decide.geocoding.standard import Area
from chengyun.places.models import City
from chengyun.places.models.cities import address_touches
from chengyun.places.reads.address_book import standards_of
from chengyun.places.reads.atlas import CityMap, city_map


@dataclass(frozen=True, slots=True)
class Near:
    """A standard address near a point, and how far it is."""

    id: str
    code: str
    text: str
    areas: tuple[str, ...]
    lon: float
    lat: float
    metres: float


@dataclass(frozen=True, slots=True)
class Geocoder:
    """A book with all that answers from it."""

    book: Book
    prefixes: Prefixes
    nearby: Nearby

    @classmethod
    def of(cls, book: Book) -> "Geocoder":
        """Prepare a book for asking."""
        return cls(book, Prefixes.of(book), Nearby.of(book))

    def find(self, text: str, most: int = 5) -> Answer:
        """Ranked answers for a text."""
        return find(self.book, text, most=most)

    def near(self, lon: float, lat: float, most: int = 5) -> list[Near]:
        """The nearest addresses, nearest first, none farther than a kilometre."""
        found = []
        for row, away in self.nearby.nearest(lon, lat, most):
            point = self.book.where(row) or (lon, lat)
            path = self.book.paths[self.book.row_paths[row]]
            texts = (self.book.ids[row], self.book.codes[row], self.book.texts[row])
            found.append(Near(*texts, path, *point, round(away, 1)))
        return found

    def complete(self, typed: str, most: int = 10) -> list[Completion]:
        """Offers for what is being typed."""
        return self.prefixes.complete(typed, most)


@dataclass(frozen=True, slots=True)
class Held:
    """A geocoder, what it was made of, when (monotonic seconds) and how long that took."""

    asked: Geocoder
    map_revision: UUID
    revision: UUID
    touched: int
    looked: float
    made: float
    took: float


_held: dict[int, Held] = {}
_lock = threading.Lock()
_LOOK_AGAIN_S = 1.0
# A book that takes longer is made beside the answering, at most every so many times its own time.
_QUICK_S, _PATIENCE = 0.5, 20.0


def geocoder(city_no: int) -> Geocoder:
    """The city's geocoder as the city and its register are now; one whose making takes long may
    lag behind. Raises NotFound for a number that is no city."""
    held, now, touched = _held.get(city_no), time.monotonic(), address_touches[city_no]
    same_map = held and held.map_revision == city_map(city_no).info.revision
    if held and same_map and held.touched == touched and now - held.looked < _LOOK_AGAIN_S:
        return held.asked
    map_revision = city_map(city_no).info.revision
    rows = City.objects.filter(pk=city_no).values_list("address_revision", flat=True)
    revision = (map_revision, rows.get())
    if held and (held.map_revision, held.revision) == revision:
        _held[city_no] = replace(held, looked=now, touched=touched)
        return held.asked
    if held and held.took > _QUICK_S:
        if now - held.made > _PATIENCE * held.took and _lock.acquire(blocking=False):
            threading.Thread(target=_made_beside, args=(city_no, touched), daemon=True).start()
        return held.asked
    with _lock:
        return _made(city_no, touched).asked


def _made(city_no: int, touched: int) -> Held:
    held_map = city_map(city_no)
    revision = City.objects.values_list("address_revision", flat=True).get(pk=city_no)
    held, started = _held.get(city_no), time.monotonic()
    if held and (held.map_revision, held.revision) == (held_map.info.revision, revision):
        return held
    asked = Geocoder.of(build(standards_of(city_no, held_map), areas_of(held_map)))
    now = time.monotonic()
    fresh = Held(asked, held_map.info.revision, revision, touched, now, now, now - started)
    _held[city_no] = fresh
    return fresh


def _made_beside(city_no: int, touched: int) -> None:
    try:
        _made(city_no, touched)
    finally:
        _lock.release()
        connection.close()


def geocode(city_no: int, text: str, *, most: int = 5) -> JsonObject:
    """A text's parts as the model in use reads them, and the places it may mean."""
    answer = geocoder(city_no).find(text, most)
    return {
        "verdict": answer.verdict,
        "parts": [asdict(part) for part in parse_address(text, settings.DATA_DIR)],
        "items": [shown(one) for one in answer.candidates],
    }


def shown(one: Candidate) -> JsonObject:
    """A candidate for screens and files."""
    return {
        "id": one.id,
        "code": one.code,
        "text": one.text,
        "level": one.level,
        "score": one.score,
        "areas": [name for name in one.areas if name],
        "lon": one.lon,
        "lat": one.lat,
        "reason": words(one.reasons),
    }


def public_places(city_no: int, text: str) -> list[JsonObject]:
    """Offers for a resident: what begins as typed, else what the text may mean."""
    asked = geocoder(city_no)
    offers = [one._asdict() for one in asked.complete(text)]
    if not offers:
        wanted = ("text", "areas", "id", "lon", "lat")
        answers = (shown(one) for one in asked.find(text).candidates)
        offers = [{name: one[name] for name in wanted} for one in answers]
    return offers


def areas_of(held: CityMap) -> list[Area]:
    """The areas of a city for its book."""
    return [
        Area(
            code=info.code,
            path=tuple(
                held.areas[above].name["zh"] for above in areas.ancestors(no) if above in held.areas
            ),
            aliases=(info.name["en"],) if info.name["en"] else (),
            lon=info.center[0] if info.center else None,
            lat=info.center[1] if info.center else None,
        )
        for no, info in held.areas.items()
    ]
