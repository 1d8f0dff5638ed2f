"""The pure part of change sets."""

from hypothesis import given
from hypothesis import strategies as st

from chengyun.places.decide.changing import (
    MOVES,
    STATES,
    Changing,
    completed,
    diff,
    moves_from,
    next_state,
    ordered,
    shape_problem,
    stale,
)

values = st.one_of(st.none(), st.integers(), st.sampled_from(["", "x", "路"]))
states = st.dictionaries(st.sampled_from("abcd"), values, max_size=4)


@given(before=states, given_=states)
def test_a_difference_tells_all_that_differs_and_nothing_else(before, given_):
    after = completed("change", before, given_)
    told = {line["field"]: (line["before"], line["after"]) for line in diff(before, after)}
    for name in "abcd":
        pair = (before.get(name), after.get(name))
        assert told.get(name, pair) == pair
        assert (name in told) == (pair[0] != pair[1])


def test_only_a_draft_is_proposed_and_only_a_second_look_brings_it_in():
    assert next_state("draft", "propose") == "proposed"
    assert next_state("proposed", "apply") is None
    assert next_state("approved", "apply") == "applied"
    assert next_state("applied", "roll_back") == "rolled_back"
    assert next_state("rolled_back", "replay") == "applied"
    assert moves_from("rejected") == []
    assert {then for _, then in MOVES.values()} | {"draft"} == set(STATES)


def one(order, target, action="add", before=None, after=None):
    return Changing(order, action, target, before, after)


def test_what_is_named_comes_first_and_what_is_retired_goes_last():
    changes = [
        one(1, "room", after={"main_id": "house"}),
        one(2, "lane", "retire", before={}),
        one(3, "old", "retire", before={"main_id": "lane"}),
        one(4, "house", after={"road_id": "road"}),
        one(5, "road", after={}),
    ]
    assert [change.target_id for change in ordered(changes)] == [
        *("road", "house", "room", "old", "lane"),
    ]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=30))
def test_no_order_loses_a_change_even_in_circles(links):
    changes = [
        one(at, str(at), "retire", before={"x_id": str(to)})
        if retire
        else one(at, str(at), after={"x_id": str(to)})
        for at, (retire, to) in enumerate(links)
    ]
    found = ordered(changes)
    assert sorted(change.order for change in found) == list(range(len(links)))
    assert [c.action == "retire" for c in found] == sorted(c.action == "retire" for c in found)


def test_a_long_chain_needs_no_stack():
    changes = [one(at, str(at), after={"x_id": str(at + 1)}) for at in range(20_000)]
    assert ordered(changes)[0].target_id == "19999"


def test_an_action_must_fit_what_is_there():
    assert shape_problem(one(1, "a", "add", {"x": 1}, {"x": 2})).code == "exists"
    assert shape_problem(one(1, "a", "change", None, {"x": 2})).code == "missing"
    assert shape_problem(one(1, "a", "change", {"x": 2}, {"x": 2})).severity == "warning"
    assert shape_problem(one(1, "a", "retire", {"x": 2})) is None


def test_who_changed_meanwhile_is_named_with_the_difference():
    found = stale({"a": {"x": 1}, "b": None, "c": {"x": 3}}, {"a": {"x": 2}, "c": {"x": 3}})
    assert found == {"a": [{"field": "x", "before": 1, "after": 2}]}
    assert set(stale({"b": None, "gone": {"x": 1}}, {"b": {}})) == {"b", "gone"}
