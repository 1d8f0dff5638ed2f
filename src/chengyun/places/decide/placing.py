"""Where imported rows go in a city's tree: parents before children, levels without gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chengyun.kernel import areas
from chengyun.places.decide.parsing import Note, RegionRow

GB_LENGTHS = (2, 4, 6, 9, 12, 15)
"""Digits of nested Chinese codes: province, city, county, street/town, community, unit grid."""
GB_SCHEME = "GBT2260"


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with its number in the tree; `new` when the city did not know its code."""

    row: RegionRow
    area_no: int
    parent_no: int
    new: bool


def place(
    rows: Sequence[RegionRow],
    city_no: int,
    city_code: str,
    known: Mapping[str, int],
    used: Mapping[int, int],
    scheme: str,
) -> tuple[list[Placed], list[Note]]:
    """Give each row its area number, known ones theirs and new ones the next free below the parent.

    `known` maps codes to area numbers, `used` a parent to the highest ordinal ever used below it.
    A row of the city itself is not among the placed. A code that moved below another parent is
    refused: areas are paths, so a move is a new region (close the old one first).
    """
    placed: list[Placed] = []
    notes: list[Note] = []
    numbers = {**known, city_code: city_no}
    highest = dict(used)
    waiting = [row for row in rows if row.code != city_code]
    codes = {row.code for row in rows}
    while waiting:
        later: list[RegionRow] = []
        for row in waiting:
            parent_code = row.parent_code or _implied_parent(row.code, numbers, codes, scheme)
            parent_no = city_no if parent_code is None else numbers.get(parent_code)
            if parent_no is None:
                later.append(row)
                continue
            try:
                found = _one(row, parent_no, known, highest)
            except ValueError as error:
                notes.append(Note(row.number, "parent_code", _sentence(error), row.code))
                continue
            numbers[row.code] = found.area_no
            placed.append(found)
        if len(later) == len(waiting):
            notes += [
                Note(row.number, "parent_code", "The parent is unknown or was rejected.", row.code)
                for row in later
            ]
            break
        waiting = later
    return placed, sorted(notes, key=lambda note: note.number)


def _one(
    row: RegionRow, parent_no: int, known: Mapping[str, int], highest: dict[int, int]
) -> Placed:
    if areas.depth(parent_no) >= len(areas.LEVELS) - 1:
        raise ValueError("A region cannot lie below a community; that is where unit grids are")
    level = areas.LEVELS[areas.depth(parent_no)]
    if row.level is not None and row.level != level:
        raise ValueError(f"The level is {row.level}, but the parent makes it a {level}")
    number = known.get(row.code)
    if number is not None:
        if areas.parent(number) != parent_no:
            raise ValueError("The region is already known below another parent")
        return Placed(row, number, parent_no, new=False)
    ordinal = highest.get(parent_no, 0) + 1
    number = areas.child(parent_no, ordinal)
    highest[parent_no] = ordinal
    return Placed(row, number, parent_no, new=True)


def _implied_parent(
    code: str, numbers: Mapping[str, int], codes: set[str], scheme: str
) -> str | None:
    """The parent a nested GB code speaks of, when it is known or in the file; None = the city."""
    if scheme != GB_SCHEME or not code.isdigit():
        return None
    for length in reversed(GB_LENGTHS):
        if length < len(code) and (code[:length] in numbers or code[:length] in codes):
            return code[:length]
    return None


def _sentence(error: ValueError) -> str:
    said = str(error)
    return said[:1].upper() + said[1:].rstrip(".") + "."
