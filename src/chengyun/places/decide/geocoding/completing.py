"""What somebody is typing → addresses and areas that begin so."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

from chengyun.places.decide.geocoding.areal import fit
from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.hits import LANE, NUMBER
from chengyun.places.decide.geocoding.normal import normal
from chengyun.places.decide.geocoding.numbering import chain, shown
from chengyun.places.decide.geocoding.reading import read

MOST = 10
_LOOKED_AT = 400
_ROWS_LOOKED_AT = 4000


class Completion(NamedTuple):
    """One offer: its text, the area it lies in, the address's id where it is one, its point."""

    text: str
    areas: tuple[str, ...]
    id: str
    lon: float | None
    lat: float | None


@dataclass(frozen=True)
class Prefixes:
    """Names and areas of a book in alphabetical order."""

    book: Book
    names: tuple[str, ...]
    areas: tuple[str, ...]

    @classmethod
    def of(cls, book: Book) -> "Prefixes":
        """Sort the names of a book."""
        return cls(book, tuple(sorted(book.names.numbers)), tuple(sorted(book.towns)))

    def complete(self, typed: str, most: int = MOST) -> list[Completion]:
        """Offers for what is typed, names that begin so first; empty for less than one sign."""
        text = normal(typed)
        if not text:
            return []
        reading = read(self.book, text)
        begun = next((a for a in reversed(reading.anchors) if a.stop == len(text)), None)
        fitted = fit(reading.areas)
        left = max((m.end for m in reading.areas), default=0)
        offers = self._houses(begun.name, text[begun.end :], most) if begun else []
        for said in dict.fromkeys((text, text[left:] or text)):
            offers += self._named(said, most)
            offers += self._areas(said, most)
        # A place that differs from the area already typed comes last.
        ranked = sorted(enumerate(offers), key=lambda one: (fitted.cost(one[1].areas)[0], one[0]))
        once = {(offer.text, offer.areas): offer for _, offer in reversed(ranked)}
        kept = [offer for _, offer in ranked if once.pop((offer.text, offer.areas), None)]
        return kept[:most]

    def _named(self, text: str, most: int) -> list[Completion]:
        at = bisect_left(self.names, text)
        found = []
        for name in self.names[at : at + most]:
            if not name.startswith(text):
                break
            number = self.book.names.numbers[name]
            lo, hi = self.book.starts[number], self.book.starts[number + 1]
            if lo < hi:
                found.append(self._offer(lo, name if hi - lo > 1 else ""))
        return found

    def _areas(self, text: str, most: int) -> list[Completion]:
        """Districts before streets before communities."""
        at = bisect_left(self.areas, text)
        found = []
        for called in self.areas[at : at + _LOOKED_AT]:
            if not called.startswith(text):
                break
            for depth, name, cost in self.book.towns[called]:
                for path, place in self.book.places_by_last.get(name, ()):
                    if not cost and len(path) == depth + 1:
                        found.append(
                            Completion("".join(path[1:] or path), path, "", place.lon, place.lat)
                        )
        return sorted(found, key=lambda one: len(one.areas))[:most]

    def _houses(self, name: int, typed: str, most: int) -> list[Completion]:
        """Lanes and numbers of a road that begin with the digits typed, in order of the street."""
        book = self.book
        lo, hi = book.starts[name], book.starts[name + 1]
        numbers, _ = chain(typed, 0)
        if not numbers:
            return [self._offer(at) for at in range(lo, min(hi, lo + most))]
        first = numbers[0]
        if len(numbers) > 1 or first.unit == "弄":
            left = bisect_left(book.columns[LANE], first.code, lo, hi)
            held = [
                at
                for at in range(left, min(hi, left + _LOOKED_AT))
                if book.columns[LANE][at] == first.code
            ]
            wanted = str(numbers[1].value) if len(numbers) > 1 else ""
            return [self._offer(at) for at in held if _begins(book.columns[NUMBER][at], wanted)][
                :most
            ]
        wanted = str(first.value)
        found, lanes = [], set()
        for at in range(lo, min(hi, lo + _ROWS_LOOKED_AT)):
            lane = book.columns[LANE][at]
            if lane and first.unit != "号" and _begins(lane, wanted):
                if lane not in lanes:
                    lanes.add(lane)
                    found.append(self._offer(at, f"{book.names.names[name]}{shown(lane)}弄"))
            elif not lane and _begins(book.columns[NUMBER][at], wanted):
                found.append(self._offer(at))
            if len(found) >= most:
                break
        return found

    def _offer(self, at: int, name: str = "") -> Completion:
        book = self.book
        row = book.rows[at]
        point = book.where(row)
        path = book.paths[book.row_paths[row]]
        lon, lat = point or (None, None)
        if name:
            return Completion(name, path[:2], "", lon, lat)
        return Completion(book.texts[row], path, book.ids[row], lon, lat)


def _begins(number: int, wanted: str) -> bool:
    return not wanted or (number > 0 and shown(number).startswith(wanted))
