"""A book: every published standard address as columns, sorted by name and number.

Row columns say what an address is; key columns say under which names and numbers it is found (an
address with an estate's name, an alias or an old name has several keys). All are arrays, so a book
of a million addresses is built once, kept as files and mapped by every process that answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from chengyun.places.decide.geocoding.naming import Names, Nearly, view
from chengyun.places.decide.geocoding.numbering import Key

Ints = npt.NDArray[np.int64]
KEYS = ("name", "lane", "sub_lane", "number", "building", "room")


class Place(NamedTuple):
    """An area a book knows: its code, its path of names, its centre."""

    code: str
    path: tuple[str, ...]
    lon: float | None
    lat: float | None


class Strings:
    """Many strings in one array of bytes."""

    def __init__(self, body: npt.NDArray[np.uint8], ends: Ints) -> None:
        self.body, self.ends = body, ends

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, at: int) -> str:
        start = int(self.ends[at - 1]) if at else 0
        return self.body[start : int(self.ends[at])].tobytes().decode()

    @classmethod
    def of(cls, values: list[bytes]) -> "Strings":
        """Pack UTF-8 strings."""
        lengths = np.fromiter(map(len, values), np.int64, len(values))
        return cls(np.frombuffer(b"".join(values), np.uint8), np.cumsum(lengths))


@dataclass(frozen=True)
class Book:
    """Immutable. `arrays` by column; `names` by anchor number; `places` and paths of areas.

    Rows: id, code, text (Strings), path (int32, index of `paths`), lon, lat (float64, NaN =
    unknown), rest (int32, index of `rests`). Keys, sorted: KEYS (int64) and row (int32).
    `towns` maps what an area is called to the depths and full names it may mean.
    """

    ids: Strings
    codes: Strings
    texts: Strings
    arrays: Mapping[str, npt.NDArray[Any]]
    names: Names
    paths: tuple[tuple[str, ...], ...]
    rests: tuple[str, ...]
    crossings: Mapping[str, tuple[int, ...]]
    places: tuple[Place, ...]
    towns: Mapping[str, tuple[tuple[int, str, float], ...]]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def columns(self) -> tuple[memoryview, ...]:
        """The key columns, for searching with bisect."""
        return tuple(view(self.arrays[key]) for key in KEYS)

    @cached_property
    def spans(self) -> Ints:
        """Where each name's keys begin; one more at the end."""
        return np.searchsorted(self.arrays["name"], np.arange(len(self.names.names) + 1))

    @cached_property
    def starts(self) -> memoryview:
        """`spans` for single look-ups."""
        return view(self.spans)

    @cached_property
    def rows(self) -> memoryview:
        """The row of each key."""
        return view(self.arrays["row"])

    @cached_property
    def losses(self) -> memoryview:
        """What each key costs, in hundredths: a shortened name is not the name."""
        return view(self.arrays["loss"])

    @cached_property
    def row_paths(self) -> memoryview:
        """The path of each row."""
        return view(self.arrays["path"])

    @cached_property
    def row_rests(self) -> memoryview:
        """The rest of each row."""
        return view(self.arrays["rest"])

    @cached_property
    def nearly(self) -> Nearly:
        """Names with one sign wrong."""
        return Nearly(self.names, self.arrays["hash"], self.arrays["hash_name"])

    @cached_property
    def area_names(self) -> Names:
        """What areas are called."""
        return Names(self.towns)

    @cached_property
    def places_by_path(self) -> dict[tuple[str, ...], Place]:
        """Areas by their path."""
        return {place.path: place for place in self.places}

    @cached_property
    def places_by_last(self) -> dict[str, list[tuple[tuple[str, ...], Place]]]:
        """Areas by their own name."""
        found: dict[str, list[tuple[tuple[str, ...], Place]]] = {}
        for place in self.places:
            found.setdefault(place.path[-1], []).append((place.path, place))
        return found

    def where(self, row: int) -> tuple[float, float] | None:
        """The point of a row in WGS84 degrees, None where none is believed."""
        lon, lat = float(self.arrays["lon"][row]), float(self.arrays["lat"][row])
        return None if lon != lon else (lon, lat)

    def key(self, at: int) -> Key:
        """The numbers of a key."""
        return Key(*(int(column[at]) for column in self.columns[1:]))

    @property
    def bytes_held(self) -> int:
        """Memory of the columns, names not counted."""
        strings = (self.ids, self.codes, self.texts)
        packed = sum(one.body.nbytes + one.ends.nbytes for one in strings)
        return packed + sum(column.nbytes for column in self.arrays.values())
