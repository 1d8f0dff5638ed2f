"""A text before it is looked up: which areas it names, which names stand in it with which numbers.

The text may be an address or a whole complaint; nothing is decided here.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.naming import Found
from chengyun.places.decide.geocoding.numbering import STREET_NUMBER, Number, chain

# Signs after which a name may begin: prepositions and verbs of telling where, end of clauses.
BEFORE = frozenset(
    "在于到从住位是对的和与近上我们你他她这那报映诉址居过经开去往来由自及跟有称说电点为处至将把被叫进入靠离沿"
    "市区县镇道乡省号弄口侧面边旁,。;:、!?()[]【】《》“”\"' -/"
)
_AFTER = frozenset("村苑园庄城里坊弄路街桥镇大新北南东西支")
_NOT_AREA = re.compile(r".?(?:路|街(?!道)|大道|公路|桥|新村)")
_BRACKET = re.compile(r"[(\[【][^)\]】]{0,12}[)\]】]")
# A finer name behind a village or estate that the book does not know, and a crossing.
_FINER = re.compile(r"[\u4e00-\u9fff0-9]{1,6}?[宅队组村苑](?!委)")
_CROSSING = re.compile(r"交界|交叉|路口|交汇|相交")
FINER = 0.25
PIECE, PIECE_OF_PLACE = 0.1, 0.22
# 北人民路 is most likely another road than 人民路.
TURNED = 0.3
_TURNS = frozenset("东西南北中新老大小上下前后")


class Mention(NamedTuple):
    """Areas a word of the text may mean: (depth, full name, what a short form costs)."""

    start: int
    end: int
    meant: tuple[tuple[int, str, float], ...]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A known name in the text with the numbers behind it."""

    name: int
    start: int
    end: int
    numbers: tuple[Number, ...]
    stop: int
    cost: float
    nearly: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as read. `unread` = starts of numbers that belong to no known name."""

    text: str
    areas: tuple[Mention, ...]
    anchors: tuple[Anchor, ...]
    inner: tuple[Anchor, ...]
    unread: tuple[int, ...]


def read(book: Book, text: str) -> Reading:
    """Read a text that is already normal."""
    mentions = _longest(book.area_names.within(text))
    found = book.names.within(text)
    kept: list[Found] = []
    inner: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        covered = any(k.start <= one.start and one.end <= k.end for k in kept)
        (inner if covered else kept).append(one)
    anchors, swallowed = [], []
    for one in sorted(kept):
        over = [m for m in mentions if m.start <= one.start and one.end <= m.end]
        anchor = _anchor(text, one, mentions)
        if over and over[0].end - over[0].start > one.end - one.start and not anchor.numbers:
            swallowed.append(anchor)
        else:
            anchors.append(anchor)
    areas = tuple(
        Mention(m.start, m.end, book.towns[book.area_names.names[m.name]])
        for m in mentions
        if not any(
            a.start <= m.start and m.end <= a.end and a.end - a.start > m.end - m.start
            for a in anchors
        )
        and not (text[m.end - 1] not in "市区县镇乡道村" and _NOT_AREA.match(text, m.end))
    )
    unread = tuple(
        match.start()
        for match in STREET_NUMBER.finditer(text)
        if not any(
            a.end <= match.start() < a.stop or a.start <= match.start() < a.end for a in anchors
        )
    )
    nested = tuple(_anchor(text, one, mentions) for one in inner)
    return Reading(text, areas, tuple(anchors), (*nested, *swallowed), unread)


def _longest(found: list[Found]) -> list[Found]:
    """Names that do not overlap, the longest first."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if all(one.end <= k.start or k.end <= one.start for k in kept):
            kept.append(one)
    return sorted(kept)


def _anchor(text: str, found: Found, areas: list[Found]) -> Anchor:
    numbers, stop = numbers_behind(text, found.end)
    cost = edge_cost(text, found.start, found.end, areas, numbered=bool(numbers))
    return Anchor(found.name, found.start, found.end, numbers, stop, cost)


def numbers_behind(text: str, at: int) -> tuple[tuple[Number, ...], int]:
    """The numbers behind a name, past one pair of brackets, and where they end."""
    numbers, stop = chain(text, at)
    if not numbers and (bracket := _BRACKET.match(text, at)):
        numbers, stop = chain(text, bracket.end())
    if (
        numbers
        and not numbers[0].unit
        and text[stop : stop + 1]
        in {"米", "年", "月", "日", "点", "元", "人", "多", "个", "次", "天", "路", "线"}
    ):
        return (), at
    return tuple(numbers), stop if numbers else at


def edge_cost(text: str, start: int, end: int, areas: list[Found], *, numbered: bool) -> float:
    """What it costs that the name may be a piece of a longer, unknown one."""
    cost = 0.0
    if (
        start
        and text[start - 1] not in BEFORE
        and not text[start - 1].isascii()
        and not any(a.end == start for a in areas)
    ):
        road = numbered or text[end - 1] in "路街道"
        # One lone sign in front is no sentence; it belongs to the name.
        alone = start == 1 or text[start - 2] in BEFORE or any(a.end == start - 1 for a in areas)
        turned = alone or text[start - 1] in _TURNS
        cost += TURNED if turned else PIECE if road else PIECE_OF_PLACE
    if not numbered and text[end : end + 1] in _AFTER and end < len(text):
        cost += 0.08
    if not numbered and end - start < 3:
        cost += 0.2 if len(text) > end - start else 0.0
    if not numbered and _FINER.match(text, end):
        cost += FINER
    if not numbered and text[end - 1] in "路街道" and _CROSSING.search(text):
        cost += FINER
    return cost
