"""The mappings on real files of the shared data folder: no row unexplained, faults visible."""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chengyun.app.packs.loaded import Catalog
from chengyun.app.packs.mapping import MappedCase, bind
from chengyun.app.packs.merging import Merger

FILES = [
    ("tainan1999", "tainan1999/cases_2015-04_2018-12.csv.gz"),
    ("la311", "la311/la_2017-12-31_tail.csv.gz"),
    ("la311", "la311/la_2018-01_head.csv.gz"),
    ("la311", "la311/la_2020-01_head.csv.gz"),
    ("baltimore311", "baltimore311/baltimore311_10k.csv.gz"),
]


@dataclass
class Outcome:
    name: str
    rows: int
    cases: list[MappedCase]
    flags: Counter[str]
    merged: int


@contextmanager
def rows_of(path: Path) -> Iterator[Iterator[list[str]]]:
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield csv.reader(file)


@pytest.fixture(scope="module", params=FILES, ids=[path for _, path in FILES])
def outcome(
    request: pytest.FixtureRequest, catalog: Catalog, shared_data: Path | None
) -> Outcome | None:
    name, path = request.param
    if shared_data is None:
        print(f"{path}: not measured, shared data is not on this machine")  # noqa: T201
        return None
    mapping = catalog.mappings[name]
    with rows_of(shared_data / path) as rows:
        reader = bind(mapping, next(rows))
        found = list(reader.read_all(rows, now=datetime(2026, 1, 1, tzinfo=UTC)))
    cases = [one for one in found if isinstance(one, MappedCase)]
    merger = Merger(mapping.merge)
    return Outcome(
        name,
        len(found),
        cases,
        Counter(flag for case in cases for flag in case.flags),
        sum(merger.master_of(case) is not None for case in cases),
    )


def test_no_row_is_rejected_and_ids_are_unique(outcome: Outcome | None):
    if outcome is not None:
        assert len(outcome.cases) == outcome.rows > 9_000
        assert len({case.external_id for case in outcome.cases}) == outcome.rows


def test_nearly_every_row_has_a_kind_a_state_and_an_area(outcome: Outcome | None):
    if outcome is not None:
        assert outcome.flags["unknown_kind"] <= outcome.rows * 0.001
        assert outcome.flags["unknown_state"] == 0
        assert sum(not case.areas for case in outcome.cases) <= outcome.rows * 0.081


def test_times_follow_each_other(outcome: Outcome | None):
    if outcome is not None:
        assert outcome.flags["closed_before_reported"] <= outcome.rows * 0.002
        assert outcome.flags["bad_closed"] == outcome.flags["bad_due"] == 0


def test_known_faults_stay_visible(outcome: Outcome | None):
    if outcome is None:
        return
    flags = outcome.flags
    if outcome.name == "tainan1999":
        assert flags["default_point"] == 3_532
        assert flags["area_repaired"] > 1_000
        assert flags["area_unknown"] <= 5
        assert len({case.areas for case in outcome.cases}) <= 38
        assert 0.06 <= outcome.merged / outcome.rows <= 0.1
    elif outcome.name == "baltimore311":
        assert flags["default_point"] == 892
        assert flags["duplicate"] == 217
        assert sum(case.due_at is None for case in outcome.cases) == 286
    else:
        assert flags["closed_before_reported"] <= 13
        assert outcome.merged > 500
