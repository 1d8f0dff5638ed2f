"""The one standard address that a report speaks of, by its words or its point; never a guess."""

from dataclasses import dataclass
from uuid import UUID

from chengyun.places.decide.geocoding.answers import Candidate
from chengyun.places.models import Address
from chengyun.places.reads.geocoding import Geocoder, geocoder

# A point is on a doorstep within this many metres of its only door.
_DOOR_M = 15.0
# Words and point that lie farther apart do not speak of one place.
_APART_M = 500.0
_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A standard address with the area and grid it was located in."""

    id: UUID
    text: str
    area_no: int
    grid_code: str | None


def standing(city_no: int, said: str, point: tuple[float, float] | None = None) -> Standing | None:
    """The address, where words name exactly one, or a point lies at exactly one door.

    None where the register is empty, where words may mean several, and where words and point
    speak of two places.
    """
    if not (said.strip() or point):
        return None
    asked = geocoder(city_no)
    if not len(asked.book):
        return None
    found = _by_words(asked, said, point) if said.strip() else None
    if found is None and point and not said.strip():
        found = _at_door(asked, point)
    if found is None:
        return None
    row = Address.objects.filter(pk=found, state="published").first()
    if row is None:
        return None
    return Standing(row.id, row.text, row.area_no, row.grid_code or None)


def _by_words(asked: Geocoder, said: str, point: tuple[float, float] | None) -> str | None:
    answer = asked.find(said, 2)
    if answer.verdict != "unique" or not answer.candidates or not answer.candidates[0].id:
        return None
    best = answer.candidates[0]
    return None if point and _apart(best, point) else best.id


def _apart(best: Candidate, point: tuple[float, float]) -> bool:
    if best.lon is None or best.lat is None:
        return False
    # The larger of the two differences is enough to tell a mistake; degrees of longitude are
    # shorter, so this errs towards calling places apart.
    away = max(abs(best.lon - point[0]), abs(best.lat - point[1])) * _METRES_PER_DEGREE
    return away > _APART_M


def _at_door(asked: Geocoder, point: tuple[float, float]) -> str | None:
    """The only building within a door's reach; the rooms inside it stand on the same point."""
    near = [one for one in asked.near(*point, 20) if one.metres <= _DOOR_M]
    if not near:
        return None
    door = min(near, key=lambda one: len(one.text))
    return door.id if all(one.text.startswith(door.text) for one in near) else None
