"""A component's 16 digits: county, major class, minor class, number in sequence.

Two layouts are in use and look alike: 6+2+2+6 (example 3205080101000001) and the newer 6+2+3+5.
Which one a coding scheme writes is data of packs; the digits alone do not tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass

DIGITS = 16
LAYOUTS: Mapping[str, tuple[int, int, int, int]] = {
    "6+2+2+6": (6, 2, 2, 6),
    "6+2+3+5": (6, 2, 3, 5),
}


@dataclass(frozen=True, slots=True)
class ComponentCode:
    """The parts as numbers, `county` as its six digits."""

    county: str
    major: int
    minor: int
    ordinal: int


def read_code(layout: str, said: str) -> ComponentCode:
    """The parts of 16 digits.

    Raises:
        ValueError: another length or sign, no number in sequence, or an unknown layout.
    """
    widths = _widths(layout)
    if len(said) != DIGITS or not (said.isascii() and said.isdigit()):
        raise ValueError(f"must be {DIGITS} digits")
    ends = [sum(widths[: at + 1]) for at in range(len(widths))]
    county, major, minor, ordinal = (
        said[end - width : end] for end, width in zip(ends, widths, strict=True)
    )
    if int(ordinal) == 0:
        raise ValueError("has no number in sequence: it begins at 1")
    return ComponentCode(county, int(major), int(minor), int(ordinal))


def write_code(layout: str, code: ComponentCode) -> str:
    """The 16 digits of parts.

    Raises:
        ValueError: a part does not fit its digits, or an unknown layout.
    """
    widths = _widths(layout)
    parts = (code.county, str(code.major), str(code.minor), str(code.ordinal))
    county = code.county.isascii() and code.county.isdigit() and len(code.county) == widths[0]
    if not county or code.ordinal < 1 or min(code.major, code.minor) < 0:
        raise ValueError("a part of the code is no such number")
    digits = [part.zfill(width) for part, width in zip(parts, widths, strict=True)]
    if any(len(part) != width for part, width in zip(digits, widths, strict=True)):
        raise ValueError(f"a part of the code does not fit {layout}")
    return "".join(digits)


def class_prefix(layout: str, county: str, major: int, minor: int) -> str:
    """What the codes of one class in one county begin with. Raises ValueError."""
    return write_code(layout, ComponentCode(county, major, minor, 1))[: -_widths(layout)[3]]


def most_of_class(layout: str) -> int:
    """The highest number in sequence."""
    return int(10 ** _widths(layout)[3]) - 1


def _widths(layout: str) -> tuple[int, int, int, int]:
    if layout not in LAYOUTS:
        raise ValueError(f"{layout!r} is none of {', '.join(LAYOUTS)}")
    return LAYOUTS[layout]
