"""What people write differently and mean alike becomes the same text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.places.decide.geocoding.normal import LONGEST, normal
from chengyun.places.decide.geocoding.numerals import number

SIGNS = (
    "鶴庆慶路弄号號室幢栋#＃－—-~零〇一二三四五六七八九十百千两廿０１２9 　a B"
    "臺裏衖村期区A甲之、（）"
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("鶴慶路３５８弄８１號", "鹤庆路358弄81号"),
        ("鹤庆路 358 弄 81 号", "鹤庆路358弄81号"),
        ("鹤庆路两百三十弄", "鹤庆路230弄"),
        ("一百零五号", "105号"),
        ("一百一弄", "110弄"),
        ("廿三号", "23号"),
        ("一〇五号", "105号"),
        ("曹杨二村", "曹杨2村"),
        ("七莘路", "七莘路"),
        ("3#楼201", "3号楼201"),
        ("#3", "3号"),
        ("臺北路5衖", "台北路5弄"),
        ("12－3号", "12-3号"),
    ],
)
def test_one_way_of_writing(said: str, meant: str) -> None:
    assert normal(said) == meant


@settings(max_examples=500)
@given(st.one_of(st.text(alphabet=SIGNS, max_size=40), st.text(max_size=60)))
def test_doing_it_twice_changes_nothing(said: str) -> None:
    once = normal(said)
    assert normal(once) == once


def test_a_very_long_text_is_bounded() -> None:
    assert len(normal("路１号" * 50_000)) <= LONGEST


@given(st.integers(1, 9_999))
def test_spoken_numbers_come_back(value: int) -> None:
    digits = "零一二三四五六七八九"
    said, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            said += ("零" if zero and said else "") + digits[digit] + name
        zero = not digit
    assert number(said) == value


@pytest.mark.parametrize("said", ["十百", "百千", "两两百", "", "一二三四五六七八九十"])
def test_what_is_no_number_is_left(said: str) -> None:
    assert number(said) is None
