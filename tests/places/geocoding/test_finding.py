"""Free text to standard addresses: found, told how finely, and never guessed in silence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.places.decide.geocoding.answers import words
from chengyun.places.decide.geocoding.building import build
from chengyun.places.decide.geocoding.finding import find
from chengyun.places.decide.geocoding.standard import Parts, Standard
from tests.places.geocoding.town import STANDARDS, town

BOOK = town()


@pytest.mark.parametrize(
    ("said", "found", "level"),
    [
        ("鹤庆路358弄81号", "81", "building"),
        ("上海市闵行区江川路街道鹤庆路358弄81号", "81", "building"),
        ("闵行鶴慶路三百五十八弄８１號", "81", "building"),
        ("鹤庆路358弄81号201室", "81", "building"),
        ("鹤庆路358弄81-201", "81", "building"),
        ("鹤庆路358弄81幢", "81", "building"),
        ("鹤庆路358-81", "81", "building"),
        ("鹤庆358弄81号", "81", "building"),
        ("鹤床路358弄81号", "81", "building"),
        ("你好，我住在鶴庆路358弄81号，楼上天天漏水，打过12345也没用", "81", "building"),
        ("环球金融中心", "tower", "place"),
        ("环球中心12楼", "tower", "place"),
        ("浦东新区旧世纪路5号", "tower", "building"),
        ("红旗新村3号", "estate", "building"),
        ("闵行区人民路100号", "m", "building"),
        ("浦东人民路100号", "p", "building"),
        ("航三路航吉路路口", "cross", "crossing"),
        ("航吉路近航三路", "cross", "crossing"),
    ],
)
def test_the_address_is_found_for_sure(said: str, found: str, level: str) -> None:
    answer = find(BOOK, said)
    best = answer.candidates[0]
    assert (answer.verdict, best.id, best.level) == ("unique", found, level)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("人民路100号", "two districts have it"),
        ("鹤庆路77号", "the number is not known"),
        ("浦东新区鹤庆路358弄81号", "the district differs"),
        ("北鹤庆路9号", "perhaps another road"),
        ("鹤庆路和别的路200弄", "a number nobody owns"),
    ],
)
def test_a_doubtful_text_is_never_sure(said: str, why: str) -> None:
    answer = find(BOOK, said)
    assert answer.verdict == "candidates", why


def test_a_lane_is_answered_as_a_lane() -> None:
    best = find(BOOK, "鹤庆路358弄").candidates[0]
    assert (best.id, best.level, best.text) == ("", "lane", "闵行区鹤庆路358弄")
    assert best.lon == pytest.approx(121.41005)
    unknown_house = find(BOOK, "鹤庆路358弄99号").candidates[0]
    assert unknown_house.level == "lane"
    assert "99" in words(unknown_house.reasons)["zh"]


def test_unknown_crossing_is_where_the_roads_are_nearest() -> None:
    best = find(BOOK, "鹤庆路碧江路路口").candidates[0]
    assert (best.level, best.id) == ("crossing", "")
    assert best.lon == pytest.approx(121.41035, abs=1e-4)


def test_areas_and_nothing() -> None:
    assert find(BOOK, "浦东新区").candidates[0].code == "310115"
    assert find(BOOK, "minhang district").candidates[0].code == "310112"
    assert find(BOOK, "旧路9号").verdict == "none", "a retired address does not answer"


@pytest.mark.parametrize(
    "said",
    [
        *("", " ", "😀🏠", "12345678901234567890", "'; DROP TABLE addresses; --", "\x00\ud800"),
        *("号" * 3_000, "1弄" * 3_000, "鹤庆路" * 40_000, "（" * 500, "九" * 4_000 + "号"),
    ],
)
def test_bad_input_is_answered(said: str) -> None:
    assert find(BOOK, said).verdict in {"none", "candidates", "unique"}


@settings(max_examples=300)
@given(
    st.text(
        alphabet="鹤庆路358弄81号浦东闵行区世纪大道人民路近-、#一百二 航三吉口碧江12室", max_size=60
    )
)
def test_scores_and_words_hold_for_any_text(said: str) -> None:
    answer = find(BOOK, said)
    scores = [one.rank for one in answer.candidates]
    assert scores == sorted(scores, reverse=True)
    for one in answer.candidates:
        assert 0 <= one.score <= 1
        assert all(words(one.reasons).values())


ROADS = st.builds(
    lambda a, b: f"{a}{b}路",
    st.sampled_from(["鹤庆", "碧江", "华宁", "沪闵", "龙吴", "剑川"]),
    st.sampled_from(["", "东", "西", "南", "北"]),
)
HOUSES = st.builds(
    lambda road, lane, number, room: Parts(road=road, lane=lane, number=number, room=room),
    road=ROADS,
    lane=st.one_of(st.just(""), st.integers(1, 9_999).map("{}弄".format)),
    number=st.integers(1, 999).map("{}号".format),
    room=st.one_of(st.just(""), st.integers(101, 2_999).map("{}室".format)),
)


@settings(max_examples=150)
@given(st.lists(HOUSES, min_size=1, max_size=12, unique=True))
def test_a_clean_address_always_returns_itself(houses: list[Parts]) -> None:
    standards = [
        Standard(str(at), "", "".join(parts), ("上海市", "闵行区"), parts)
        for at, parts in enumerate(houses)
    ]
    book = build(standards)
    for one in standards:
        for said in (one.text, f"上海市闵行区{one.text}"):
            answer = find(book, said)
            assert answer.candidates[0].id == one.id
            assert answer.verdict == "unique"


def test_an_absurd_point_is_not_believed() -> None:
    near = [
        Standard(str(n), "", f"鹤庆路{n}号", ("上海市", "闵行区"), lon=121.4 + n / 1e4, lat=31.0)
        for n in range(1, 12)
    ]
    far = Standard("far", "", "鹤庆路99号", ("上海市", "闵行区"), lon=104.0, lat=37.2)
    book = build([*near, far])
    assert find(book, "鹤庆路99号").candidates[0].lon is None
    assert find(book, "鹤庆路3号").candidates[0].lon is not None


def test_every_published_row_has_its_key() -> None:
    published = [one for one in STANDARDS if one.state == "published"]
    assert len(BOOK) == len(published)
    assert {BOOK.ids[row] for row in BOOK.rows} == {one.id for one in published}
