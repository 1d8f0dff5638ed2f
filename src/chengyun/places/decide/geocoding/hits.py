"""From a name with numbers to rows of the book: how deep the book follows the numbers."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from chengyun.places.decide.geocoding.answers import Level
from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.numbering import Key, Number, meanings, value_of

LANE, SUB_LANE, NUMBER, BUILDING, ROOM = 1, 2, 3, 4, 5
MOST_ROWS = 48
# Score lost when the book ends before the numbers do: a house unknown in a known lane, a number
# unknown on a known road.
HOUSE_MISSING = 0.06
NUMBER_MISSING = 0.45
FINER_UNKNOWN = 0.04
_ROAD_ENDS = ("路", "街", "道", "弄", "巷", "线", "里")


@dataclass(frozen=True, slots=True)
class Hit:
    """Keys `lo` to `hi` of the book match; `depth` columns of them; `missing` = not all numbers."""

    name: int
    key: Key
    lo: int
    hi: int
    depth: int
    missing: bool
    cost: float
    otherwise: bool
    # Only a finer part than the book knows is missing: a room of a house, a floor of a landmark.
    finer: bool = False


def is_road(name: str) -> bool:
    """Whether a name is that of a road, by its last sign."""
    return name.endswith(_ROAD_ENDS)


def hits(book: Book, name: int, numbers: tuple[Number, ...]) -> list[Hit]:
    """The best hit for a name and the numbers behind it; two where a bare number may be either."""
    if not numbers:
        lo, hi = book.starts[name], book.starts[name + 1]
        return [Hit(name, Key(), lo, hi, 0, missing=False, cost=0.0, otherwise=False)]
    if book.starts[name] == book.starts[name + 1]:
        return []
    best: Hit | None = None
    rest = meanings(list(numbers))
    for at, meaning in enumerate(rest):
        hit = _follow(book, name, meaning.key, meaning.cost, otherwise=at > 0)
        if best is None or hit.cost < best.cost - 1e-9:
            best = hit
        if not best.missing and best.cost <= meaning.cost:
            break
    assert best is not None  # noqa: S101 - there is always a plain meaning
    if numbers[0].unit or best.missing:
        return [best]
    others = (_follow(book, name, m.key, m.cost, otherwise=True) for m in rest)
    return [best, *(other for other in others if not other.missing)][:3]


def _follow(book: Book, name: int, key: Key, cost: float, *, otherwise: bool) -> Hit:
    lo, hi = book.starts[name], book.starts[name + 1]
    depth, missing, finer = 0, False, False
    deepest = max((at + 1 for at in range(5) if key[at]), default=0)
    for at in range(1, deepest + 1):
        column, wanted = book.columns[at], key[at - 1]
        left = bisect_left(column, wanted, lo, hi)
        right = bisect_right(column, wanted, left, hi)
        if left == right:
            missing = True
            break
        lo, hi, depth = left, right, at
    if missing:
        told = max((at + 1 for at in range(depth) if key[at]), default=0)
        if told == 0:
            lo, hi, depth = book.starts[name], book.starts[name + 1], 0
            # An estate or landmark without houses in the book is itself the answer.
            finer = not is_road(book.names.names[name]) and not any(book.key(hi - 1))
            cost += FINER_UNKNOWN if finer else NUMBER_MISSING
        elif told >= NUMBER and deepest == ROOM:
            # A book that ends at houses is no fault of who writes a room as well.
            finer = True
        else:
            cost += HOUSE_MISSING if told >= NUMBER else HOUSE_MISSING + 0.02
    return Hit(name, key, lo, hi, depth, missing, cost, otherwise, finer)


def own_rows(book: Book, hit: Hit) -> list[int]:
    """Keys that are exactly what was said, with nothing finer behind; zeros sort first."""
    found = []
    finer = book.columns[hit.depth + 1 :]
    for at in range(hit.lo, min(hit.hi, hit.lo + MOST_ROWS)):
        if any(column[at] for column in finer):
            break
        found.append(at)
    return found


def neighbours(book: Book, hit: Hit, most: int = 3) -> list[int]:
    """Keys on the same road with the nearest numbers, where the number itself is not known."""
    column, wanted = (LANE, hit.key.lane) if hit.key.lane else (NUMBER, hit.key.number)
    lo, hi = hit.lo, hit.hi
    if column == NUMBER:
        hi = bisect_right(book.columns[LANE], 0, lo, hi)
    values = book.columns[column]
    at = bisect_left(values, wanted, lo, hi)
    near = range(max(lo, at - most), min(hi, at + most))
    ranked = sorted(near, key=lambda one: _apart(values[one], wanted))
    return [one for one in ranked if values[one]][:most]


def _apart(one: int, wanted: int) -> int:
    """How far two numbers of a street are; the other side is a little farther."""
    apart = abs(value_of(one) - value_of(wanted))
    return apart * 2 + (apart % 2)


def level(book: Book, hit: Hit, at: int, *, road: bool) -> Level:
    """How fine a key of the book is."""
    key = book.key(at)
    if key.number or key.building or key.room:
        return "building"
    if key.lane or key.sub_lane:
        return "lane"
    return "road" if road else "place"


def group_level(hit: Hit, *, road: bool) -> Level:
    """How fine what was said is, where the book knows only finer addresses."""
    told = max((at + 1 for at in range(hit.depth) if hit.key[at]), default=0)
    if told >= NUMBER:
        return "building"
    if told:
        return "lane"
    return "road" if road else "place"
