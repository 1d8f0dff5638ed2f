"""Areas as values: a path of up to five ordinals packed into one integer.

City 10 bits | district 10 | street/town 12 | community 12 | grid 14, highest first. Every
descendant of an area lies in one contiguous range, so scope checks are integer comparisons that
PostgreSQL may push below row-level security. It is not an administrative code: codes belong to
places.Region and may change without any row moving.
"""

from typing import Literal

Level = Literal["city", "district", "street", "community", "grid"]
LEVELS: tuple[Level, ...] = ("city", "district", "street", "community", "grid")
_BITS = (10, 10, 12, 12, 14)
_SHIFTS = (48, 38, 26, 14, 0)
_MASKS = tuple((1 << bits) - 1 for bits in _BITS)


def pack(city: int, district: int = 0, street: int = 0, community: int = 0, grid: int = 0) -> int:
    """Pack a path of 1-based ordinals; a 0 ends the path.

    Raises:
        ValueError: an ordinal is out of its range, or a gap stands inside the path.
    """
    path = (city, district, street, community, grid)
    ended = False
    number = 0
    for ordinal, shift, mask, level in zip(path, _SHIFTS, _MASKS, LEVELS, strict=True):
        if not 0 <= ordinal <= mask:
            raise ValueError(f"{level} ordinal {ordinal} is outside 1..{mask}")
        if ordinal and ended:
            raise ValueError(f"{level} is given but a level above it is not")
        ended = ended or not ordinal
        number |= ordinal << shift
    if not city:
        raise ValueError("an area needs a city")
    return number


def unpack(number: int) -> tuple[int, int, int, int, int]:
    """The five ordinals of a path, 0 where it is not that deep."""
    a, b, c, d, e = ((number >> shift) & mask for shift, mask in zip(_SHIFTS, _MASKS, strict=True))
    return a, b, c, d, e


def depth(number: int) -> int:
    """How deep the path is: 1 city … 5 grid."""
    for index in range(4, -1, -1):
        if (number >> _SHIFTS[index]) & _MASKS[index]:
            return index + 1
    raise ValueError("0 is no area")


def level(number: int) -> Level:
    """The level an area stands at."""
    return LEVELS[depth(number) - 1]


def child(parent_no: int, ordinal: int) -> int:
    """The ordinal-th area directly below a parent (1-based).

    Raises:
        ValueError: the parent is a grid, or the ordinal is out of range.
    """
    below = depth(parent_no)
    if below == len(LEVELS):
        raise ValueError("a grid has no areas below it")
    if not 1 <= ordinal <= _MASKS[below]:
        raise ValueError(f"{LEVELS[below]} ordinal {ordinal} is outside 1..{_MASKS[below]}")
    return parent_no | (ordinal << _SHIFTS[below])


def parent(number: int) -> int | None:
    """The area one level up, None for a city."""
    at = depth(number) - 1
    return None if at == 0 else number & ~(_MASKS[at] << _SHIFTS[at])


def span(number: int) -> tuple[int, int]:
    """The inclusive range of numbers of an area and everything inside it."""
    low_bits = _SHIFTS[depth(number) - 1]
    return number, number | ((1 << low_bits) - 1)


def contains(outer: int, inner: int) -> bool:
    """Whether inner is outer or lies inside it."""
    low, high = span(outer)
    return low <= inner <= high


def at_level(number: int, wanted: Level) -> int | None:
    """The ancestor (or self) at a level, None when the path is not that deep."""
    index = LEVELS.index(wanted)
    if depth(number) <= index:
        return None
    return number >> _SHIFTS[index] << _SHIFTS[index]


def city_of(number: int) -> int:
    """The city an area belongs to."""
    return number >> _SHIFTS[0] << _SHIFTS[0]


def ancestors(number: int) -> list[int]:
    """The path as areas, city first, the area itself last."""
    return [number >> shift << shift for shift in _SHIFTS[: depth(number)]]
