"""The pure part of the address register."""

import pytest

from chengyun.places.decide.addressing import completed, kind_of, problems, searched, written
from chengyun.places.decide.binding import faults
from chengyun.places.decide.coding import CodeRules, point_code, segment, segment_names
from chengyun.places.decide.crediting import check_sign, is_credit_code
from chengyun.places.decide.restructuring import Restructuring
from chengyun.places.decide.splitting import split_text


def test_parts_get_their_words_and_make_the_text():
    state = completed({"road": "鹤庆路", "lane": "358", "number": "81", "room": "302"})
    assert written(state) == "鹤庆路358弄81号302室"
    assert kind_of(state) == "room"
    assert kind_of(completed({"road": "人民路"})) == "road"
    assert completed({"number": "12号"})["number"] == "12号"
    assert completed(state) == state


def test_a_crossing_and_a_landmark_are_addresses_too():
    crossing = completed({"road": "西藏中路", "cross": "福州路"})
    assert (written(crossing), kind_of(crossing)) == ("西藏中路近福州路", "crossing")
    landmark = completed({"poi": "人民广场"})
    assert (written(landmark), kind_of(landmark), problems(landmark)) == (
        *("人民广场", "landmark", []),
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "no_address"),
        ({"lane": "3"}, "no_road"),
        ({"road": "x", "lon": 121.0}, "half_point"),
        ({"road": "x", "lon": 181.0, "lat": 31.0}, "bad_number"),
        ({"road": "x", "lon": True, "lat": 31.0}, "bad_number"),
        ({"road": "x", "state": "retired"}, "bad_state"),
        ({"road": "x" * 101}, "bad_part"),
        ({"road": "x", "names": [{"kind": "nick", "name": "y"}]}, "bad_names"),
        ({"road": "x", "lon": 1.0, "lat": 1.0, "datum": "BD09"}, "bad_datum"),
    ],
)
def test_what_is_wrong_is_named(given, code):
    assert code in {problem.code for problem in problems(completed(given))}


def test_an_address_is_found_by_all_its_names():
    state = completed(
        {"road": "南京东路", "number": "1", "names": [{"kind": "alias", "name": "Peace Hotel"}]}
    )
    assert searched(state) == "南京东路1号  peace hotel"


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        (
            "鹤庆路358弄81号302室",
            {"road": "鹤庆路", "lane": "358弄", "number": "81号", "room": "302室"},
        ),
        ("中山北路３００号２幢", {"road": "中山北路", "number": "300号", "building": "2幢"}),
        ("西藏中路近福州路", {"road": "西藏中路", "cross": "福州路"}),
        ("人民广场", {"poi": "人民广场"}),
        ("", {}),
    ],
)
def test_a_standard_text_is_read_into_parts(said, parts):
    assert split_text(said) == parts


def test_whatever_is_read_is_written_again():
    for said in ("鹤庆路358弄81号302室", "西藏中路近福州路", "天山路30弄2支弄7号1单元3层301室"):
        assert written(completed(split_text(said))) == said


# Codes that companies print on their sites (Alibaba China, Tencent Computer, CNPC).
@pytest.mark.parametrize("code", ["91330100799655058B", "9144030071526726XG", "91110000100010433L"])
def test_a_credit_code_has_its_check_sign(code):
    assert is_credit_code(code)
    for at in range(17):
        other = "1" if code[at] != "1" else "2"
        assert not is_credit_code(code[:at] + other + code[at + 1 :])


def test_no_text_breaks_the_check():
    assert not is_credit_code("")
    assert not is_credit_code("I" * 18)
    with pytest.raises(ValueError, match="17"):
        check_sign("1")


def test_people_are_refused_as_entities():
    person = {"kind": "house", "name": "x", "attributes": {"户主": "张三"}}
    assert faults(person)[0][1] == "personal"
    number = {"kind": "house", "name": "x", "attributes": {"note": "电话13812345678"}}
    assert faults(number)[0][1] == "personal"
    assert faults({"kind": "population", "count": 12}) == []
    assert faults({"kind": "population"})[0][1] == "bad_count"
    assert faults({"kind": "unit", "name": "x", "code": "123"})[0][1] == "bad_credit_code"
    assert faults({"kind": "person"})[0][1] == "unknown_kind"


def test_codes_follow_the_rules_of_the_city():
    rules = CodeRules((4, 4, 4), 6, 1)
    state = completed({"road": "鹤庆路", "lane": "358", "number": "81", "room": "302"})
    assert segment_names(state) == ("鹤庆路358弄", "81号", "302室")
    assert (segment(7, 4), segment(12_345, 4)) == ("0007", "")
    assert point_code(rules, 121.4692, 31.2323, 4.25) == "E121469200N31232300H00042"
    assert point_code(rules, -0.5, -1.0, -3.0) == "W000500000S01000000H-00030"
    assert point_code(rules, None, None, None) == ""


def test_a_renamed_street_keeps_its_old_name_and_a_split_takes_some_numbers():
    state = completed({"road": "甲路", "lane": "10", "number": "3"})
    renamed = Restructuring.of("change", {"road": "甲路"}, {"road": "乙路"}).change("a", state)
    assert renamed["after"]["names"] == [{"kind": "old_name", "name": "甲路10弄3号"}]
    split = Restructuring.of("split", {"road": "甲路", "lane": "10"}, {"lane": "12"}, ["4"])
    assert split.change("a", state) is None
    assert split.change("b", {**state, "number": "4号"})["after"]["lane"] == "12弄"
