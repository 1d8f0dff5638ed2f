"""A scheme applied to one row: the score and its working."""

from collections.abc import Mapping
from dataclasses import dataclass

from chengyun.kernel.text import Text, text
from chengyun.vitals.decide.counters import COUNTERS
from chengyun.vitals.decide.rates import RATES
from chengyun.vitals.decide.schemes import Bands, Scheme, Term


@dataclass(frozen=True, slots=True)
class Working:
    """One term filled in: what was put in, its points of 100, and what it adds to the score."""

    term: str
    name: Text
    weight: float
    points: float | None
    adds: float | None
    formula: Text


@dataclass(frozen=True, slots=True)
class Score:
    """A score of 100 with its working; None where too little is known."""

    score: float | None
    grade: str | None
    known_weight: float
    workings: tuple[Working, ...]


def _cut(value: float) -> float:
    return max(0.0, min(100.0, value))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _points(
    term: Term, counters: Mapping[str, int], grids: int | None, area_class: str
) -> tuple[float | None, Text]:
    if term.bands is not None:
        return _banded(term.bands, counters, grids, area_class)
    rate = RATES[term.rate or ""]
    above, below = counters.get(rate.above, 0), counters.get(rate.below, 0)
    value = rate.of(counters)
    minus = "100 − " if term.inverse else ""
    zh = f"{minus}{COUNTERS[rate.above].name['zh']} {above} ÷ {COUNTERS[rate.below].name['zh']} "
    en = f"{minus}{COUNTERS[rate.above].name['en']} {above} ÷ {COUNTERS[rate.below].name['en']} "
    if value is None:
        return None, text(f"{zh}0 = —", f"{en}0 = —")
    points = _cut(100 - value if term.inverse else value)
    tail = f"{below} = {_number(points)}"
    return points, text(zh + tail, en + tail)


def _banded(
    bands: Bands, counters: Mapping[str, int], grids: int | None, area_class: str
) -> tuple[float | None, Text]:
    count = counters.get(bands.counter, 0)
    name = COUNTERS[bands.counter].name
    if bands.points(count, area_class) is None:
        zh, en = "办法未给出分档，不计", "no bands are given: left out"
        return None, text(f"{name['zh']} {count}：{zh}", f"{name['en']} {count}: {en}")
    said = (
        text("", "")
        if area_class == "1"
        else text(f"（{area_class}类区域）", f" (area class {area_class})")
    )
    if not bands.per_grid:
        points = bands.points(count, area_class) or 0.0
        return points, text(
            f"{name['zh']} {count} → {_number(points)}{said['zh']}",
            f"{name['en']} {count} → {_number(points)}{said['en']}",
        )
    if not grids:
        return None, text(f"{name['zh']} {count} ÷ 单元网格 — = —", f"{name['en']} {count} ÷ — = —")
    points = bands.points(count / grids, area_class) or 0.0
    tail = f"{grids} = {_number(count / grids)} → {_number(points)}"
    return points, text(
        f"{name['zh']} {count} ÷ 单元网格 {tail}{said['zh']}",
        f"{name['en']} {count} ÷ unit grids {tail}{said['en']}",
    )


def score(
    scheme: Scheme,
    counters: Mapping[str, int],
    grids: int | None = None,
    area_class: str = "1",
) -> Score:
    """The score of one row.

    Args:
        counters: every counter of the row.
        grids: unit grids of the row's area, None where there are none.
        area_class: by which bands the row's area is measured.
    """
    # A row nothing happened in has no volume to be praised for.
    silent = not any(counters.values())
    found = [(term, *_points(term, counters, grids, area_class)) for term in scheme.terms]
    known = sum(term.weight for term, points, _ in found if points is not None)
    rated = any(points is not None and term.rate for term, points, _ in found)
    whole = known >= scheme.min_weight and rated and not silent
    workings = tuple(
        Working(
            term.id,
            term.name,
            term.weight,
            points,
            None if points is None or not whole else round(points * term.weight / known, 4),
            formula,
        )
        for term, points, formula in found
    )
    if not whole:
        return Score(None, None, known, workings)
    value = round(sum(w.adds for w in workings if w.adds is not None), 2)
    return Score(value, grade(scheme, value), known, workings)


def grade(scheme: Scheme, value: float) -> str | None:
    """The letter of a score."""
    for one in sorted(scheme.grades, key=lambda g: -g.at_least):
        if value >= one.at_least:
            return one.letter
    return None
