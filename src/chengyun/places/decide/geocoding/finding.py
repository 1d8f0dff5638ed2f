"""Free text → ranked standard addresses, and whether the first may be trusted.

Names of the book are looked for exactly; only where that leaves a number unread or nothing good is
found, names one sign away from the text before the number are tried. What lowers a score: an area
that differs, a name that may be part of a longer one, a number the book does not know, a wrong
sign. A single good answer is *unique*; anything else is *candidates* for a person.
"""

import re
from collections.abc import Iterable, Iterator

import numpy as np

from chengyun.places.decide.geocoding.answers import Answer, Candidate, Reason
from chengyun.places.decide.geocoding.areal import Fit, area_candidates, fit
from chengyun.places.decide.geocoding.book import Book
from chengyun.places.decide.geocoding.crossing import crossings, pairs
from chengyun.places.decide.geocoding.hits import (
    Hit,
    group_level,
    hits,
    is_road,
    level,
    neighbours,
    own_rows,
)
from chengyun.places.decide.geocoding.nearby import metres
from chengyun.places.decide.geocoding.normal import normal, normal_name
from chengyun.places.decide.geocoding.numbering import STREET_NUMBER, shown
from chengyun.places.decide.geocoding.reading import (
    BEFORE,
    Anchor,
    Reading,
    edge_cost,
    numbers_behind,
    read,
)

UNIQUE_FROM = 0.78
"""Least score of an answer that may be used without asking; docs/why/0018 says how it was set."""
CLEAR_BY = 0.07
"""By how much it must be better than the next place."""
GOOD = 0.8
MOST = 5
NEARLY = 0.12
NEARLY_SHORT = 0.05
KNOWN = 0.14
TURNS = frozenset("东西南北中")
UNREAD = 0.25
_GROUP = 0.03
_OTHER_WORDS = 0.01
_MOST_GROUPS = 8
_NEAR_M = 250.0
_RUN = re.compile(r"[\u4e00-\u9fff0-9a-z]{2,12}$")
_HAN = re.compile(r"[\u4e00-\u9fff0-9a-z]{3,}")
_ENDS = frozenset("路街道村苑园城里坊区庄弄寓厦楼院校宅队港湾庭邸场府轩阁")
_LONGEST_SWEPT = 48
_SHORT_RUN = 12


def find(book: Book, said: str, *, most: int = MOST) -> Answer:
    """Ranked answers for a text of any sort and length."""
    text = normal(said)
    if not text:
        return Answer("none", ())
    reading = read(book, text)
    fitted = fit(reading.areas)
    crossed = pairs(book, reading)
    found = list(crossings(book, crossed, fitted))
    # Two roads that meet are no answers each by itself.
    spent = {anchor for pair in crossed for anchor in pair} if found else set()
    for anchor in reading.anchors:
        if anchor not in spent:
            found += candidates(book, reading, anchor, fitted)
    best = max((c.score for c in found), default=0.0)
    if best < GOOD or reading.unread:
        for anchor in reading.inner:
            found += candidates(book, reading, anchor, fitted)
        for anchor in _nearly(book, reading):
            found += candidates(book, reading, anchor, fitted)
    found += area_candidates(book, reading.areas, alone=not found)
    return _decide(_ranked(found), most)


def candidates(book: Book, reading: Reading, anchor: Anchor, fitted: Fit) -> Iterator[Candidate]:
    """What a name with its numbers may be."""
    for hit in hits(book, anchor.name, anchor.numbers):
        yield from _of_hit(book, reading, anchor, hit, fitted)


def _of_hit(
    book: Book, reading: Reading, anchor: Anchor, hit: Hit, fitted: Fit
) -> Iterator[Candidate]:
    if hit.lo == hit.hi:
        return
    name = book.names.names[anchor.name]
    road = is_road(name)
    reasons: list[Reason] = []
    cost = anchor.cost + hit.cost
    if anchor.nearly:
        doubtful = _doubtful(
            reading.text[anchor.start : anchor.end], name, numbered=bool(anchor.numbers)
        )
        reasons.append(Reason("perhaps" if doubtful else "nearly", name))
    elif anchor.cost:
        reasons.append(Reason("inside"))
    if hit.otherwise:
        reasons.append(Reason("read_otherwise", _said(hit)))
    if reading.unread and not anchor.numbers:
        cost += UNREAD
        reasons.append(Reason("unread"))
    if hit.missing and not hit.depth and not hit.finer:
        if anchor.nearly:
            # Neither the name nor the number: that is no answer.
            return
        reasons.append(Reason("number_missing", _said(hit)))
        for at in neighbours(book, hit):
            yield _row(
                book, hit, at, cost, [*reasons, Reason("near_number")], fitted, reading, road=road
            )
        return
    if hit.missing:
        reasons.append(Reason("finer") if hit.finer else Reason("number_missing", _said(hit)))
    own = own_rows(book, hit)
    for at in own:
        yield _row(book, hit, at, cost, reasons, fitted, reading, road=road)
    if not own:
        yield from _groups(book, hit, name, cost, reasons, fitted, road=road)


def _row(
    book: Book,
    hit: Hit,
    at: int,
    cost: float,
    reasons: Iterable[Reason],
    fitted: Fit,
    reading: Reading,
    *,
    road: bool,
) -> Candidate:
    row = book.rows[at]
    path = book.paths[book.row_paths[row]]
    area_cost, why = fitted.cost(path)
    rest = book.rests[book.row_rests[row]]
    if rest:
        cost += -0.02 if rest in reading.text else 0.03
    text = book.texts[row]
    cost += book.losses[at] / 100
    if normal_name(text) not in reading.text:
        cost += _OTHER_WORDS
    told = list(reasons) or [Reason("exact", text)]
    point = book.where(row)
    return Candidate(
        id=book.ids[row],
        code=book.codes[row],
        text=text,
        level=level(book, hit, at, road=road),
        score=_bounded(1.0 - cost - area_cost),
        rank=1.0 - cost - area_cost,
        areas=path,
        lon=point[0] if point else None,
        lat=point[1] if point else None,
        reasons=(*told, *why),
        # Two villages may both have a hamlet of that name.
        same=(row,) if book.losses[at] else (hit.name, *book.key(at)),
    )


def _groups(
    book: Book, hit: Hit, name: str, cost: float, reasons: list[Reason], fitted: Fit, *, road: bool
) -> Iterator[Candidate]:
    rows = book.arrays["row"][hit.lo : hit.hi]
    paths = book.arrays["path"][rows]
    # One road runs through many communities: what counts is the district.
    upper: dict[tuple[str, ...], list[int]] = {}
    for path in np.unique(paths).tolist():
        upper.setdefault(book.paths[path][:2], []).append(path)
    for district, members in list(upper.items())[:_MOST_GROUPS]:
        held = rows[np.isin(paths, members)]
        lon, lat = book.arrays["lon"][held], book.arrays["lat"][held]
        known = ~np.isnan(lon)
        area_cost, why = min(
            (fitted.cost(book.paths[path]) for path in members), key=lambda f: f[0]
        )
        yield Candidate(
            id="",
            code="",
            text="".join(district[1:]) + name + _said(hit, hit.depth if hit.missing else 5),
            level=group_level(hit, road=road),
            score=_bounded(1.0 - cost - area_cost - _GROUP),
            rank=1.0 - cost - area_cost - _GROUP,
            areas=district,
            lon=float(lon[known].mean()) if known.any() else None,
            lat=float(lat[known].mean()) if known.any() else None,
            reasons=(*reasons, Reason("group"), *why),
            same=(hit.name, *hit.key),
        )


def _said(hit: Hit, depth: int = 5) -> str:
    units = ("弄", "支弄", "号", "幢", "室")
    told = list(zip(hit.key, units, strict=True))[:depth]
    return "".join(shown(n) + unit for n, unit in told if n)


def _bounded(score: float) -> float:
    return round(min(1.0, max(0.0, score)), 3)


def _nearly(book: Book, reading: Reading) -> Iterator[Anchor]:
    """Names one sign away: before numbers nobody owns, or anywhere in a short text without any."""
    text = reading.text
    taken = [(m.start, m.end) for m in reading.areas if text[m.end - 1] in "市区县镇道乡省"]
    starts = [at for match in STREET_NUMBER.finditer(text) for at in (match.start(),)]
    begun = {a.end for a in reading.anchors if a.numbers}
    # A known name with an unknown number may be a misspelt other name.
    known = any(a.numbers and not a.cost for a in reading.anchors) and not reading.unread
    extra = NEARLY + (KNOWN if known else 0.0)
    for start in starts:
        if start not in reading.unread and start not in begun:
            continue
        run = _RUN.search(text[:start])
        if not run:
            continue
        left = max((end for _, end in taken if end <= start), default=0)
        first = max(run.start(), left)
        # Two signs are a name only where nothing stands before them.
        last = start - 2 if start - first > 2 else start - 1
        texts = ((text[at:start], at) for at in range(first, last))
        yield from _read_as(book, text, texts, start, extra)
    if not starts and len(text) <= _LONGEST_SWEPT:
        for run in _HAN.finditer(text):
            spans = _windows(text, run.start(), run.end(), taken)
            for at, end in spans:
                yield from _read_as(book, text, ((text[at:end], at),), end, extra)


def _windows(
    text: str, start: int, stop: int, taken: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Pieces that may be a name: they begin and end where names do."""
    edges = {start, *(end for _, end in taken if start <= end < stop)}
    short = stop - start <= _SHORT_RUN
    for at in range(start, stop - 2):
        if short or at in edges or text[at - 1] in BEFORE:
            for end in range(at + 3, min(stop, at + 14) + 1):
                if end == stop or text[end - 1] in _ENDS or at in edges:
                    yield at, end


def _read_as(
    book: Book, text: str, texts: Iterable[tuple[str, int]], stop: int, extra: float
) -> Iterator[Anchor]:
    costs: dict[int, tuple[float, int]] = {}
    for said, at in texts:
        edge = edge_cost(text, at, stop, [], numbered=True)
        for name in book.nearly.alike(said):
            size = len(book.names.names[name])
            cost = extra + edge / 2 + (NEARLY_SHORT if size <= 3 else 0.0)
            if name not in costs or cost < costs[name][0]:
                costs[name] = (cost, at)
    numbers, end = numbers_behind(text, stop)
    for name, (cost, at) in costs.items():
        if book.names.names[name] != text[at:stop]:
            yield Anchor(name, at, stop, numbers, end, cost, nearly=True)


def _doubtful(said: str, name: str, *, numbered: bool) -> bool:
    """Whether a misspelt name is likely another one: east for west, two signs of three alone."""
    turned = [s for s in said if s in TURNS] != [s for s in name if s in TURNS]
    return turned or (not numbered and len(name) <= 3)


def _ranked(found: list[Candidate]) -> list[Candidate]:
    """Best first, each address and each group once."""
    once: dict[object, Candidate] = {}
    for one in sorted(found, key=lambda c: -c.rank):
        once.setdefault(one.id or (one.same, one.areas), one)
    return list(once.values())


def _decide(found: list[Candidate], most: int) -> Answer:
    if not found:
        return Answer("none", ())
    first = found[0]
    rivals = [c for c in found[1:] if first.rank - c.rank < CLEAR_BY and not _one_place(first, c)]
    doubtful = any(reason.code == "perhaps" for reason in first.reasons)
    sure = first.score >= UNIQUE_FROM and not rivals and not doubtful
    return Answer("unique" if sure else "candidates", tuple(found[:most]))


def _one_place(one: Candidate, other: Candidate) -> bool:
    """The same house under two rows, or an area around the answer."""
    if other.level == "area":
        return True
    if one.same != other.same:
        return False
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return all(a == b for a, b in zip(one.areas[:3], other.areas[:3], strict=False))
    return metres(one.lon, one.lat, other.lon, other.lat) <= _NEAR_M
