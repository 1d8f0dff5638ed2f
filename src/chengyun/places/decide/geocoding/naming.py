"""Names in a text: which known names stand where, exactly or with one sign wrong.

Exact: for every pair of signs that begins a name, the lengths of names that begin so; a text is
walked once. Nearly: each name is filed under itself and under itself less one sign, as sorted
hashes; two texts that share such a form differ by one sign put in, left out, exchanged or swapped.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

SHORTEST = 2
SHORTEST_NEARLY = 3
LONGEST = 24
_MOST_ALIKE = 200


class Found(NamedTuple):
    """A name in a text: from, to, and its number."""

    start: int
    end: int
    name: int


class Names:
    """Names by number, found in texts."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self.numbers: dict[str, int] = {name: at for at, name in enumerate(self.names)}
        lengths: dict[str, set[int]] = {}
        for name in self.numbers:
            if SHORTEST <= len(name) <= LONGEST:
                lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {pair: tuple(sorted(held)) for pair, held in lengths.items()}

    def within(self, text: str) -> list[Found]:
        """Every name in the text, also those inside longer ones, by where they start."""
        found = []
        lengths, numbers = self._lengths, self.numbers
        size = len(text)
        for at in range(size - 1):
            held = lengths.get(text[at : at + 2])
            if held:
                for length in held:
                    if at + length > size:
                        break
                    number = numbers.get(text[at : at + length])
                    if number is not None:
                        found.append(Found(at, at + length, number))
        return found


def view(column: npt.NDArray[Any]) -> memoryview:
    """A column for looking up single values, several times as fast as through numpy."""
    # numpy's stubs do not call an array a buffer before Python 3.12.
    return memoryview(np.ascontiguousarray(column))  # type: ignore[arg-type]


class Nearly:
    """Names filed under their shortened forms, in arrays that can be mapped from disk."""

    def __init__(
        self, names: Names, hashes: npt.NDArray[np.uint32], owners: npt.NDArray[np.int32]
    ) -> None:
        self._names = names
        self.hashes, self.owners = hashes, owners
        self._seen = view(hashes)
        self._whose = view(owners)

    @classmethod
    def of(cls, names: Names) -> "Nearly":
        """File names of three signs and more."""
        pairs = [
            (crc32(form.encode()), number)
            for name, number in names.numbers.items()
            if SHORTEST_NEARLY <= len(name) <= LONGEST
            for form in _forms(name)
        ]
        hashes = np.fromiter((pair[0] for pair in pairs), np.uint32, len(pairs))
        owners = np.fromiter((pair[1] for pair in pairs), np.int32, len(pairs))
        order = np.argsort(hashes, kind="stable")
        return cls(names, hashes[order], owners[order])

    def alike(self, text: str) -> Iterator[int]:
        """Numbers of names that differ from the whole text by one sign, the text itself too."""
        if len(text) < 2:
            return
        told: set[int] = set()
        seen, whose, names = self._seen, self._whose, self._names.names
        for form in _forms(text):
            mark = crc32(form.encode())
            at = bisect_left(seen, mark)
            for place in range(at, min(at + _MOST_ALIKE, len(seen))):
                if seen[place] != mark:
                    break
                number = whose[place]
                if number not in told:
                    told.add(number)
                    if OSA.distance(text, names[number], score_cutoff=1) <= 1:
                        yield number


def _forms(name: str) -> set[str]:
    if len(name) < SHORTEST_NEARLY:
        return {name}
    return {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}
