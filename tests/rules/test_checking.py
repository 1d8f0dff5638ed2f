"""What is wrong with a rule is said at its place, with a way out."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengyun.rules.decide.checking import faults
from chengyun.rules.decide.conditions import NUMBER, ConditionError, read
from chengyun.rules.decide.wording import filled, number
from tests.rules.streets import rule

KINDS = {"gauge": {"level", "rain"}}
SOUND: dict[str, Any] = {
    "inputs": {"level": {"of": "level"}},
    "figures": {"most": {"value": 1.0}},
    "levels": [{"severity": 2, "when": "level > most"}],
}


def said(**parts: Any) -> list[tuple[str, str, str]]:
    return [(one.field, one.said, one.hint) for one in faults(rule(**{**SOUND, **parts}), KINDS)]


def test_a_sound_rule_has_no_faults():
    assert said() == []


def test_a_word_nobody_declared_is_named_with_those_there_are():
    found = said(levels=[{"severity": 2, "when": "levle > most"}])
    assert found[0][0] == "levels.0.when"
    assert "levle" in found[0][1]
    assert "level, most" in found[0][1]


def test_a_misspelt_property_is_guessed():
    assert said(inputs={"level": {"of": "levl"}}) == [
        ("inputs.level.of", "things of kind gauge do not measure levl", "did you mean level?")
    ]


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ({"things": ["gauges"]}, "things.0"),
        ({"inputs": {"level": {"of": "level", "take": "mean"}}}, "inputs.level.over"),
        (
            {"inputs": {"level": {"of": "level", "take": "percentile", "over": 60}}},
            "inputs.level.percent",
        ),
        ({"inputs": {"level": {"of": "level", "take": "age", "over": 5}}}, "inputs.level.over"),
        ({"inputs": {"level": {"of": "level", "at": "near"}}}, "inputs.level.near_m"),
        ({"inputs": {"level": {"of": "level", "only": "level > 1"}}}, "inputs.level.only"),
        (
            {
                "figures": {"level": {"value": 1.0}},
                "levels": [{"severity": 1, "when": "level > 1"}],
            },
            "figures.level",
        ),
        ({"levels": [{"severity": 1, "when": "true"}, {"severity": 1, "when": "true"}]}, "levels"),
        ({"then": {"derive": [{"property": "level", "value": "level"}]}}, "then.derive.0.property"),
        ({"then": {"derive": [{"property": "rain", "value": "level > 1"}]}}, "then.derive.0.value"),
        ({"levels": [{"severity": 1, "when": 'curve("no", level) > 1'}]}, "levels.0.when"),
    ],
)
def test_each_fault_stands_at_its_place(parts, field):
    assert field in [one[0] for one in said(**parts)]


@pytest.mark.parametrize(
    "text",
    [
        "level",
        "1 +",
        "level > 'a'",
        "[1, 2]",
        "level.size() > 1",
        "x in [1]",
        "level % 2 == 1",
        "has(level.a)",
        "open('x')",
        "level > 1 ? 1 : true",
        "!level",
        "-true",
        '"a" == "a"',
        "level > 1u",
        "b'a' == b'a'",
        "null == null",
        "{}",
        "level[0] > 1",
        "",
        "__import__('os')",
        "type(level) == int",
        "level > 1; drop",
        "(" * 200 + "1" + ")" * 200,
    ],
)
def test_what_is_no_condition_is_refused(text):
    with pytest.raises(ConditionError):
        read(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    for wanted in ("truth", NUMBER):
        with suppress(ConditionError):
            assert read(text, wanted).type == wanted


def test_words_are_filled_once_and_numbers_are_short():
    words = {"zh": "{a}超过{b}", "en": "{a} over {b}"}
    assert filled(words, {"a": {"zh": "{b}", "en": "{b}"}}) == {
        "zh": "{b}超过—",
        "en": "{b} over —",
    }
    assert [number(one) for one in (0.5, 2.0, 1 / 3, 1200.0, -0.0)] == [
        "0.5",
        "2",
        "0.333",
        "1200",
        "-0",
    ]
