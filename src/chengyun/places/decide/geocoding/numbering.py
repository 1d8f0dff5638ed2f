"""House numbers: the chain of numbers after a road or an estate, and what each may mean.

A number is one integer: value, the part after a dash (121-3), the letter (12甲), in that order.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

_LETTERS = {sign: at % 10 + 1 for at, sign in enumerate("甲乙丙丁戊己庚辛壬癸abcdefghij")}
_NAMES = "甲乙丙丁戊己庚辛壬癸"
_MANY = 1_000_000
_BEHIND = 10_000
_GROUP = re.compile(
    r"(?:[的之第,、/(\-\s]{0,2})([0-9]{1,6})([甲乙丙丁戊己庚辛壬癸a-j](?![a-z0-9]))?(?:[-之]([0-9]{1,4}))?"
    r"(支弄|弄|号楼|号院|号(?!线)|幢|栋|座|单元|楼|层|室|房|门|f(?![a-z]))?"
)
STREET_NUMBER = re.compile(
    r"[0-9]{1,6}[甲乙丙丁戊己庚辛壬癸a-j]?(?:[-之][0-9]{1,4})?(?:弄|号(?!线)|支弄|幢|栋|座(?!机))"
)
"""A number that some road or estate must own."""

ROOM_FROM = 101
"""Smaller bare numbers behind a house are units or floors, not rooms."""


class Number(NamedTuple):
    """One number of a chain: its code, the value alone, the part behind the dash, its unit."""

    code: int
    value: int
    behind: int
    unit: str


class Key(NamedTuple):
    """Where along a road or in an estate; 0 = not said."""

    lane: int = 0
    sub_lane: int = 0
    number: int = 0
    building: int = 0
    room: int = 0


@dataclass(frozen=True, slots=True)
class Meaning:
    """One way to understand a chain, and what it costs to take it so."""

    key: Key
    cost: float


def code(value: int, behind: int = 0, letter: str = "") -> int:
    """The integer of a number."""
    return (value * _BEHIND + min(behind, _BEHIND - 1)) * 16 + _LETTERS.get(letter, 0)


def shown(number: int) -> str:
    """The number as people write it."""
    rest, letter = divmod(number, 16)
    value, behind = divmod(rest, _BEHIND)
    return f"{value}{_NAMES[letter - 1] if letter else ''}{f'-{behind}' if behind else ''}"


def value_of(number: int) -> int:
    """The value alone."""
    return number // 16 // _BEHIND


def chain(text: str, at: int) -> tuple[list[Number], int]:
    """The numbers that follow position `at` without anything between, and where they end."""
    found: list[Number] = []
    while len(found) < 6 and (match := _GROUP.match(text, at)):
        digits, letter, behind, unit = match.groups()
        value, after = int(digits), int(behind or 0)
        found.append(Number(code(value, after, letter or ""), value, after, unit or ""))
        at = match.end()
    return found, at


def read(text: str) -> int:
    """The first number of a part such as 82弄 or 12甲号, 0 without one."""
    if text.isdecimal() and text.isascii():
        return code(min(int(text), _MANY - 1))
    numbers, _ = chain(text, 0)
    return numbers[0].code if numbers else 0


_FIELDS = {
    "弄": "lane",
    "支弄": "sub_lane",
    "号": "number",
    "号院": "number",
    "号楼": "building",
    "幢": "building",
    "栋": "building",
    "座": "building",
    "室": "room",
    "房": "room",
}
_NOT_KEPT = {"单元", "层", "门", "f"}


def meanings(numbers: list[Number]) -> Iterator[Meaning]:
    """Ways to understand a chain, the likeliest first."""
    first = _plain(numbers)
    yield Meaning(first, 0.0)
    key = first
    if key.number and not key.building:
        yield Meaning(key._replace(number=0, building=key.number), 0.04)
    if key.building and not key.number:
        yield Meaning(key._replace(number=key.building, building=0), 0.04)
    if len(numbers) > 1 and numbers[0].unit in {"", "号"} and not key.lane:
        # 1177-12, 1177号12号: the first was a lane.
        rest = _plain(numbers[1:])
        if not rest.lane:
            inner = rest if rest.number else rest._replace(number=numbers[1].code)
            yield Meaning(inner._replace(lane=numbers[0].code), 0.06)
    if numbers[0].behind and not key.lane:
        rest = _plain(numbers[1:])
        lane, inner_number = code(numbers[0].value), code(numbers[0].behind)
        if not rest.number and numbers[0].unit in {"", "号"}:
            yield Meaning(rest._replace(lane=lane, number=inner_number), 0.06)
    if not numbers[0].unit:
        yield Meaning(Key(lane=numbers[0].code), 0.06)
    for at, one in enumerate(numbers):
        if one.behind and (one.unit in {"", "室"} or one.behind >= ROOM_FROM):
            # 12-301: house and room.
            bare = Number(code(one.value), one.value, 0, "号")
            room = Number(code(one.behind), one.behind, 0, "室")
            yield Meaning(_plain([*numbers[:at], bare, room, *numbers[at + 1 :]]), 0.03)
    if key.lane and not key.number and not key.sub_lane and numbers[0].unit == "弄":
        yield Meaning(key._replace(lane=0, number=key.lane), 0.2)
    if key.number and not key.lane and numbers[0].unit == "号":
        yield Meaning(key._replace(number=0, lane=key.number), 0.2)


def _plain(numbers: list[Number]) -> Key:
    """Each number by its unit; bare ones by their place."""
    held: dict[str, int] = {}
    for one in numbers:
        field = _FIELDS.get(one.unit, "")
        if one.unit in _NOT_KEPT:
            continue
        if one.unit == "楼":
            field = "" if held.get("building") or held.get("number") else "building"
            if not field:
                continue
        if not field:
            if "number" not in held and "building" not in held:
                field = "number"
            elif one.value >= ROOM_FROM or one is numbers[-1]:
                field = "room"
        if field == "number" and field in held:
            field = "building" if "building" not in held else "room"
        if field and field not in held:
            held[field] = one.code
    return Key(**held)
