"""The 16 digits of components, both layouts both ways, and what a census makes of findings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.places.decide.changing import completed as merged
from chengyun.places.decide.component_codes import (
    LAYOUTS,
    ComponentCode,
    class_prefix,
    read_code,
    write_code,
)
from chengyun.places.decide.components import (
    FINDINGS,
    STATES,
    KindInfo,
    census_change,
    completed,
    kind_of_code,
    problems,
)

NAME = {"zh": "上水井盖", "en": "Water supply manhole cover"}
OLD = KindInfo("CJT/component/0101", "CJT", "01", "01", NAME, NAME, "6+2+2+6", 30.0)
NEW = KindInfo("GBT/component/0101", "GBT", "01", "01", NAME, NAME, "6+2+3+5", 30.0)
KINDS = {kind.id: kind for kind in (OLD, NEW)}


@given(st.sampled_from(sorted(LAYOUTS)), st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_sixteen_digits_come_back_as_they_were(layout: str, said: str) -> None:
    width = LAYOUTS[layout][3]
    if int(said[-width:]) == 0:
        with pytest.raises(ValueError, match="begins at 1"):
            read_code(layout, said)
        return
    code = read_code(layout, said)
    assert write_code(layout, code) == said
    assert said.startswith(class_prefix(layout, code.county, code.major, code.minor))


@given(
    st.sampled_from(sorted(LAYOUTS)),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.integers(-1, 200),
    st.integers(-1, 2_000),
    st.integers(-1, 2_000_000),
)
def test_parts_come_back_or_are_refused(
    layout: str, county: str, major: int, minor: int, ordinal: int
) -> None:
    code = ComponentCode(county, major, minor, ordinal)
    _, one, two, three = LAYOUTS[layout]
    fits = 0 <= major < 10**one and 0 <= minor < 10**two and 1 <= ordinal < 10**three
    if fits:
        assert read_code(layout, write_code(layout, code)) == code
    else:
        with pytest.raises(ValueError, match="a part of the code"):
            write_code(layout, code)


def test_the_standards_example_is_of_the_classic_layout() -> None:
    assert read_code("6+2+2+6", "3205080101000001") == ComponentCode("320508", 1, 1, 1)
    # The same digits by the newer layout are another class: so the scheme is part of the key.
    assert read_code("6+2+3+5", "3205080101000001") == ComponentCode("320508", 1, 10, 1)
    assert kind_of_code("3205080101000001", "CJT", KINDS) == OLD.id
    assert kind_of_code("3205080101000001", "GBT", KINDS) == ""
    assert kind_of_code("3205080100100001", "GBT", KINDS) == NEW.id


@pytest.mark.parametrize(
    "said", ["", "1", "320508010100000", "32050801010000011", "３" * 16, "x" * 16]
)
def test_what_is_no_code_is_refused(said: str) -> None:
    for layout in LAYOUTS:
        with pytest.raises(ValueError, match="16 digits"):
            read_code(layout, said)
    with pytest.raises(ValueError, match="none of"):
        read_code("6+2", "3205080101000001")


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())


@given(st.dictionaries(st.sampled_from([*completed({}), "more"]), values))
def test_no_content_breaks_the_check(given_so: dict[str, object]) -> None:
    state = completed(given_so)
    assert set(state) == set(completed({}))
    for problem in problems(state, KINDS):
        assert problem.field in state
        assert all(problem.reason.values())


PLACE = {"lon": 121.005, "lat": 31.01}


@given(st.sampled_from(FINDINGS), st.sampled_from(STATES), st.sampled_from(["", "plate 7"]))
def test_a_finding_changes_what_differs_and_nothing_else(
    finding: str, state: str, name: str
) -> None:
    before = completed({**PLACE, "kind_id": OLD.id, "state": state, "name": name, "note": "kept"})
    if finding == "new":
        with pytest.raises(ValueError, match="known already"):
            census_change(finding, before, {})
        return
    given_so = {"lon": 121.006, "lat": 31.01} if finding == "moved" else {}
    made = census_change(finding, before, given_so)
    if made is None:
        assert finding == state
        return
    action, differing = made
    after = merged(action, before, differing)
    assert after is not None
    assert {k for k in after if after[k] != before[k]} == set(differing)
    assert action == ("move" if finding == "moved" else "change")
    assert after["state"] == (state if finding == "moved" else finding)
    # Said again, nothing is left to change.
    again = {} if finding != "moved" else given_so
    assert census_change(finding, after, again) is None


def test_findings_that_do_not_fit_are_refused() -> None:
    for finding in ("moved", "damaged", "missing"):
        with pytest.raises(ValueError, match="no known component"):
            census_change(finding, None, PLACE)
    with pytest.raises(ValueError, match="new place"):
        census_change("moved", completed(PLACE), {})
    with pytest.raises(ValueError, match="none of"):
        census_change("odd", None, {})
