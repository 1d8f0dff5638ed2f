"""Crossings: “A路近B路”, “A路B路口”, from what the book knows.

A crossing that is an address of its own, else where two roads' houses come nearest.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from chengyun.places.decide.geocoding.answers import Candidate, Reason
from chengyun.places.decide.geocoding.areal import Fit
from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.building import crossing_key
from chengyun.places.decide.geocoding.hits import is_road
from chengyun.places.decide.geocoding.reading import Anchor, Reading

_BETWEEN = re.compile(r"^(?:路?口)?(?:近|靠近|与|和|、|/|到|至|-|\(|交|同|及|,)?$")
_MOST_POINTS = 400
# Houses of crossing roads stand that near; farther, the roads do not meet.
_MEET_M = 400.0
_KNOWN_COST, _GUESS_COST = 0.02, 0.12
_M_PER_DEGREE = 111_195.0


def pairs(book: Book, reading: Reading) -> list[tuple[Anchor, Anchor]]:
    """Each two roads that stand side by side without numbers."""
    roads = [a for a in reading.anchors if is_road(book.names.names[a.name])]
    return [
        (one, other)
        for one, other in pairwise(roads)
        if not one.numbers
        and not other.numbers
        and _BETWEEN.match(reading.text[one.end : other.start])
    ]


def crossings(book: Book, found: list[tuple[Anchor, Anchor]], fitted: Fit) -> Iterator[Candidate]:
    """Answers for pairs of roads."""
    for one, other in found:
        names = book.names.names[one.name], book.names.names[other.name]
        known = book.crossings.get(crossing_key(*names), ())
        for row in known:
            path = book.paths[book.row_paths[row]]
            cost, why = fitted.cost(path)
            point = book.where(row)
            yield Candidate(
                id=book.ids[row],
                code=book.codes[row],
                text=book.texts[row],
                level="crossing",
                score=round(1.0 - _KNOWN_COST - cost, 3),
                rank=1.0 - _KNOWN_COST - cost,
                areas=path,
                lon=point[0] if point else None,
                lat=point[1] if point else None,
                reasons=(Reason("crossing", "、".join(names)), *why),
                same=("crossing", row),
            )
        if not known:
            yield from _guess(book, one, other, names, fitted)


def _guess(
    book: Book, one: Anchor, other: Anchor, names: tuple[str, str], fitted: Fit
) -> Iterator[Candidate]:
    """Where two roads' addresses come nearest, when they come near at all."""
    left, right = _points(book, one.name), _points(book, other.name)
    if not len(left[0]) or not len(right[0]):
        return
    shrink = np.cos(np.radians(left[0][:, 1].mean()))
    difference = left[0][:, None, :] - right[0][None, :, :]
    apart = np.hypot(difference[..., 0] * shrink, difference[..., 1]) * _M_PER_DEGREE
    at = np.unravel_index(int(apart.argmin()), apart.shape)
    if apart[at] > _MEET_M:
        return
    middle = (left[0][at[0]] + right[0][at[1]]) / 2
    path = book.paths[book.row_paths[int(left[1][at[0]])]]
    cost, why = fitted.cost(path)
    score = max(0.0, 1.0 - _GUESS_COST - cost - float(apart[at]) / _MEET_M * 0.1)
    yield Candidate(
        id="",
        code="",
        text="".join(path[1:2]) + names[0] + "/" + names[1],
        level="crossing",
        score=round(score, 3),
        rank=score,
        areas=path[:2],
        lon=float(middle[0]),
        lat=float(middle[1]),
        reasons=(Reason("crossing_guess", "、".join(names)), *why),
        same=("crossing", *sorted(names)),
    )


def _points(book: Book, name: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 2) in degrees of a name's rows, evenly thinned, and the rows."""
    rows = book.arrays["row"][book.starts[name] : book.starts[name + 1]]
    lons, lats = book.arrays["lon"][rows], book.arrays["lat"][rows]
    known = ~np.isnan(lons)
    rows = rows[known]
    step = max(1, len(rows) // _MOST_POINTS)
    points = np.stack([lons[known], lats[known]], axis=1)
    return points[::step], rows[::step]
