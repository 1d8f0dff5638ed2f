"""Scores by the base pack's own data: the sources' figures, and nothing where they are silent."""

from datetime import date

import pytest

from chengyun.app.packs.loading import default_roots, load_catalog
from chengyun.vitals.decide.counters import COUNTERS
from chengyun.vitals.decide.schemes import Scheme, valid_on
from chengyun.vitals.decide.scoring import score

FULL = dict.fromkeys(COUNTERS, 10)


def scheme(name: str) -> Scheme:
    pack = load_catalog(default_roots()).pack("base")
    return next(one for one in valid_on(pack.evaluation, date(2026, 1, 1)) if one.id == name)


@pytest.mark.parametrize("name", ["acceptor", "dispatcher"])
def test_where_the_source_names_no_bands_nothing_is_invented(name: str) -> None:
    found = score(scheme(name), FULL)
    volume = found.workings[0]
    assert (volume.term, volume.points, volume.adds) == ("volume", None, None)
    assert "未给出分档" in volume.formula["zh"]
    assert "no bands" in volume.formula["en"]
    assert found.known_weight == 100 - volume.weight
    assert found.score == 100, "the rest is scaled up to the whole"


@pytest.mark.parametrize(
    ("area_class", "cases", "points"),
    [
        # domain.md §3, S16: class 1 <3, <5, <7, <9; class 2 <4, <6, <8, <10
        *(("1", *pair) for pair in ((0, 100), (2, 90), (3, 75), (4, 75), (5, 60), (8, 40), (9, 0))),
        *(("2", *pair) for pair in ((0, 100), (3, 90), (4, 75), (6, 60), (9, 40), (10, 0))),
    ],
)
def test_a_unit_grid_is_banded_by_its_class(area_class: str, cases: int, points: float) -> None:
    found = score(scheme("area"), {**FULL, "file": cases}, 1, area_class)
    volume = next(one for one in found.workings if one.term == "volume")
    assert volume.points == points


@pytest.mark.parametrize(
    ("cases", "points"),
    [(50, 100), (51, 90), (100, 90), (200, 75), (500, 60), (1000, 40), (1001, 0)],
)
def test_a_department_is_banded_by_what_it_was_given(cases: int, points: float) -> None:
    # domain.md §3, S50: ≤50 → 10 of 10, ≤100 → 9, ≤200 → 7.5, ≤500 → 6, ≤1000 → 4, else 0
    volume = score(scheme("department"), {**FULL, "dispatch": cases}).workings[0]
    assert volume.points == points


@pytest.mark.parametrize("name", ["department", "area", "collector", "acceptor", "shift-leader"])
def test_no_weight_is_passed_off_as_checked(name: str) -> None:
    found = scheme(name)
    assert not found.verified
    assert sum(term.weight for term in found.terms) == 100
    assert found.source
