"""Reverse, completing, books as files, tables of addresses."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.places.decide.geocoding.building import build
from chengyun.places.decide.geocoding.completing import Prefixes
from chengyun.places.decide.geocoding.finding import find
from chengyun.places.decide.geocoding.nearby import FARTHEST_M, Nearby, metres
from chengyun.places.decide.geocoding.standard import Standard
from chengyun.places.decide.geocoding.tables import Fault, standards
from chengyun.places.reads import book_files
from tests.places.geocoding.town import town

BOOK = town()


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_nearest_is_what_looking_at_all_gives(seed: int) -> None:
    draw = np.random.default_rng(seed)
    points = draw.uniform((121.40, 31.00), (121.42, 31.02), (60, 2))
    book = build(
        Standard(str(n), "", f"鹤庆路{n + 1}号", ("上海市", "闵行区"), lon=float(x), lat=float(y))
        for n, (x, y) in enumerate(points)
    )
    lon, lat = draw.uniform((121.40, 31.00), (121.42, 31.02))
    found = Nearby.of(book).nearest(float(lon), float(lat), 5)
    away = sorted(metres(float(lon), float(lat), float(x), float(y)) for x, y in points)
    expected = [one for one in away[:5] if one <= FARTHEST_M]
    assert [d for _, d in found] == pytest.approx(expected, rel=1e-3)


def test_nothing_is_near_in_the_sea() -> None:
    assert Nearby.of(BOOK).nearest(125.0, 30.0) == []
    assert Nearby.of(build([])).nearest(121.4, 31.0) == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("鹤", "鹤庆路"),
        ("鶴慶路3", "鹤庆路358弄"),
        ("鹤庆路358弄8", "鹤庆路358弄81号"),
        ("闵行区人民路1", "人民路100号"),
        ("浦东新", "浦东新区"),
        ("环球", "世纪大道100号"),
    ],
)
def test_what_is_typed_is_completed(typed: str, offered: str) -> None:
    assert offered in [one.text for one in Prefixes.of(BOOK).complete(typed)]


def test_the_area_typed_comes_first() -> None:
    first = Prefixes.of(BOOK).complete("闵行区人民路1")[0]
    assert first.id == "m"


@pytest.mark.parametrize("typed", ["", " ", "zzz", "号" * 500])
def test_nothing_begins_so(typed: str) -> None:
    assert Prefixes.of(BOOK).complete(typed) == []


def test_a_book_comes_back_from_its_files(tmp_path: Path) -> None:
    for _ in range(2):  # the second time over the first
        book_files.save(BOOK, tmp_path / "book")
    again = book_files.load(tmp_path / "book")
    for said in ("鹤床路358弄81号", "人民路100号", "航吉路近航三路", "浦东新区", "环球中心12楼"):
        assert find(again, said) == find(BOOK, said)


def test_rows_of_a_table_are_addresses_or_faults() -> None:
    head = ("Address", "district", "lon", "lat", "aliases")
    rows = [
        ("鹤庆路1号", "闵行区", "121.4", "31", "旧路1号|老路1号"),
        ("", "闵行区", "", "", ""),
        ("鹤庆路2号", "闵行区", "x", "31", ""),
        ("鹤庆路3号", "闵行区", "200", "31", ""),
        ("鹤庆路4号",),
    ]
    found = list(standards(head, rows, "上海市"))
    assert found[0] == Standard(
        "1",
        "",
        "鹤庆路1号",
        ("上海市", "闵行区"),
        aliases=("旧路1号", "老路1号"),
        lon=121.4,
        lat=31.0,
    )
    assert [one.row for one in found if isinstance(one, Fault)] == [2, 3, 4]
    last = found[-1]
    assert isinstance(last, Standard)
    assert (last.lon, last.areas) == (None, ("上海市",))
