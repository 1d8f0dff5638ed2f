"""A standard address written as one text, split into areas, a name, numbers and a rest.

For books without parts. Addresses are short and well-formed, so rules read them; a complaint is
another matter (`reading`).
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from chengyun.places.decide.geocoding.numbering import STREET_NUMBER, Key, chain, meanings

_TOWN = re.compile(
    r"(?:[\u4e00-\u9fff](?<![村路弄巷号街])){1,5}?(?:新村)?(?:街道|镇|乡)(?![路街村巷弄公大支中北南东西桥园])"
)
_UPPER = re.compile(r"[\u4e00-\u9fff]{2,7}?(?:省|自治区|市|新区|区|县)(?![路街村巷弄公大支政])")
_BARE = re.compile(r"(?<=[路街道巷])[0-9]{1,6}(?:-[0-9]{1,4})?$")
_CROSS = re.compile(
    r"^([\u4e00-\u9fff0-9]{1,8}?(?:路|街|大道|道|公路|线))(?:近|与|和|、|/|-|\()?"
    r"([\u4e00-\u9fff0-9]{1,8}?(?:路|街|大道|道|公路|线))(?!村|小区|新村)"
)
_MARKS = "()[]【】,、;:。. -/"


class Split(NamedTuple):
    """The pieces. `towns` are area names found in front; `other` the second road of a crossing."""

    towns: tuple[str, ...]
    name: str
    key: Key
    rest: str
    other: str


def split(text: str, is_area: Callable[[str], bool]) -> Split:
    """Split a text that is already normal."""
    towns, at = _areas(text, is_area)
    body = text[at:]
    match = STREET_NUMBER.search(body)
    while match and len(body[: match.start()].strip(_MARKS)) < 2:
        match = STREET_NUMBER.search(body, match.end())
    match = match or _BARE.search(body)
    if match is None:
        cross = _CROSS.match(body)
        name = body.strip(_MARKS)
        return Split(towns, name, Key(), "", cross.group(2) if cross else "")
    start = match.start()
    # A number that belongs to the name's end stays with the numbers: 新村 12 号, 路 3 弄.
    numbers, end = chain(body, start)
    key = next(meanings(numbers)).key
    return Split(towns, body[:start].strip(_MARKS), key, body[end:].strip(_MARKS), "")


def crossing(name: str) -> tuple[str, str] | None:
    """The two roads of a crossing written as a name, such as 航三路航吉路交界口."""
    match = _CROSS.match(name)
    return (match.group(1), match.group(2)) if match else None


def _areas(text: str, is_area: Callable[[str], bool]) -> tuple[tuple[str, ...], int]:
    found: list[str] = []
    at = 0
    while len(found) < 5:
        for pattern in (_UPPER, _TOWN):
            match = pattern.match(text, at)
            if (
                match
                and len(text) - match.end() >= 2
                and (pattern is _TOWN or is_area(match.group()))
            ):
                found.append(match.group())
                at = match.end()
                break
        else:
            return tuple(found), at
    return tuple(found), at
