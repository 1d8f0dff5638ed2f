"""What goes into a book: standard addresses and areas, as small values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Parts(NamedTuple):
    """The parts of an address below its areas (GB/T 23705), each as written or empty.

    `road` with `lane` (弄), `sub_lane` (支弄) and `number` (号); or `compound` (an estate, a
    village, a school) with `building` (幢, 号楼), `unit`, `floor`, `room`; `poi` names what is
    there; `cross` is the other road of a crossing.
    """

    road: str = ""
    lane: str = ""
    sub_lane: str = ""
    number: str = ""
    compound: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    poi: str = ""
    cross: str = ""


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard address.

    Without `parts` the text is read into them. `areas` are the names of its areas from the city
    down; `aliases` are other texts for the same address: auxiliary addresses, old names, what
    people call it. Longitude and latitude are WGS84 degrees, None where nobody measured them or
    the measure is not believed. Only `published` addresses answer.
    """

    id: str
    code: str
    text: str
    areas: tuple[str, ...] = ()
    parts: Parts | None = None
    aliases: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    state: str = "published"


@dataclass(frozen=True, slots=True)
class Area:
    """An area with the names it answers to; `path` are the names from the city down to it."""

    code: str
    path: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None


Standards = Iterable[Standard]
Areas = Iterable[Area]
