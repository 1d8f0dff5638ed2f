"""What a list may hold, what is refused and how it is said; content and table round trips."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.dispatch.decide.parsing import ENTRIES_MAX, read_entries, read_list
from chengyun.dispatch.decide.tabular import COLUMNS, read_rows, write_rows
from chengyun.dispatch.decide.writing import content_hash, write_entry, write_list
from tests.dispatch.decide.world import duties, entry, role


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"id": ""}, "id", "not_text"),
        ({"id": "a\x00b"}, "id", "bad_text"),
        ({"id": "x" * 201}, "id", "bad_text"),
        ({"kinds": []}, "kinds", "no_kind"),
        ({"kinds": "S/*"}, "kinds", "not_list"),
        ({"kinds": [1]}, "kinds[0]", "not_text"),
        ({"area": 310101}, "area", "not_text"),
        ({"lead": None}, "lead", "bad_target"),
        ({"lead": {"role": "sanitation"}}, "lead", "bad_target"),
        ({"lead": {"role": "Bad Role", "level": "city"}}, "lead.role", "bad_role"),
        ({"lead": role("sanitation", "grid")}, "lead.level", "bad_level"),
        ({"lead": {"org": "x", "role": "sanitation"}}, "lead", "bad_target"),
        ({"co": [{"org": ""}]}, "co[0].org", "not_text"),
        ({"when": {}}, "when", "bad_window"),
        ({"when": {"days": [1]}}, "when", "bad_window"),
        ({"when": {"weekdays": [8]}}, "when.weekdays[0]", "bad_weekday"),
        ({"when": {"weekdays": [True]}}, "when.weekdays[0]", "bad_weekday"),
        ({"when": {"from": "25:00"}}, "when.from", "bad_time"),
        ({"when": {"from": "8:00"}}, "when.from", "bad_time"),
        ({"when": {"from": "08:00", "to": "08:00"}}, "when", "empty_window"),
        ({"where": {"depth": {}}}, "where.depth", "bad_where"),
        ({"where": {"depth": float("nan")}}, "where.depth", "bad_where"),
        ({"where": {"depth": 10**400}}, "where.depth", "bad_where"),
        ({"where": ["depth"]}, "where", "bad_where"),
        ({"sources": "hotline"}, "sources", "not_list"),
        ({"note": {"zh": 1}}, "note.zh", "not_text"),
        ({"extra": 1}, "extra", "unknown_field"),
    ],
)
def test_a_wrong_entry_is_named_by_field_and_code(
    change: dict[str, Any], field: str, code: str
) -> None:
    entries, faults = read_entries([entry("good"), {**entry("bad"), **change}])
    assert [e.id for e in entries] == ["good"]
    assert [(f.entry, f.field, f.code) for f in faults] == [(2, field, code)]


def test_an_id_is_used_once() -> None:
    entries, faults = read_entries([entry("a"), entry("a")])
    assert len(entries) == 1
    assert faults[0].code == "duplicate_id"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (None, ""),
        ([], ""),
        ({}, "entries"),
        ({"id": "a", "version": "1", "entries": []}, "entries"),
        ({"id": "a", "version": "1", "entries": [{}] * (ENTRIES_MAX + 1)}, "entries"),
        ({"id": "a", "entries": [entry("e")]}, "version"),
        ({"id": "a", "version": "1", "verified": 1, "entries": [entry("e")]}, "verified"),
        (
            {"id": "a", "version": "1", "effective_from": "soon", "entries": [entry("e")]},
            "effective_from",
        ),
    ],
)
def test_a_wrong_head_makes_no_list(content: Any, field: str) -> None:
    found, faults = read_list(content)
    assert found is None
    assert [(f.entry, f.field) for f in faults] == [(0, field)]


words = st.text(
    st.characters(categories=["L", "N"], include_characters="=+-@'\" ;|\\；"), min_size=1
)
names = words.map(str.strip).filter(bool).map(lambda w: w[:50])
values = st.one_of(
    st.integers(-999, 999),
    st.booleans(),
    st.floats(-1e6, 1e6).map(lambda f: round(f, 3)),
    names.filter(lambda w: not w.startswith('"')),
)
drawn_entries = st.lists(
    st.fixed_dictionaries(
        {
            "id": names,
            "kinds": st.lists(st.sampled_from(["S/event/*", "S/part/01"]), min_size=1, max_size=2),
            "lead": st.sampled_from([role("sanitation"), {"org": "=U1"}, role("power", "city")]),
        },
        optional={
            "co": st.lists(st.sampled_from([role("power", "district"), {"org": "U:2@x"}])),
            "area": st.sampled_from([None, "310101"]),
            "when": st.sampled_from(
                [
                    {"weekdays": [1, 7]},
                    {"from": "22:00", "to": "06:00"},
                    {"weekdays": ["tue"], "to": "12:30"},
                ]
            ),
            "where": st.dictionaries(names, st.lists(values, min_size=1, max_size=3)),
            "sources": st.lists(names, max_size=2),
            "note": st.fixed_dictionaries({"zh": names, "en": names}),
        },
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda e: e["id"],
)


@given(drawn_entries)
def test_content_and_table_give_the_same_list_back(drawn: list[dict[str, Any]]) -> None:
    made = duties(*drawn)
    again, faults = read_list(write_list(made))
    assert again == made
    assert not faults
    assert again is not None
    assert content_hash(again) == content_hash(made)
    table = write_rows(made.entries)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row.values())
    back, wrong = read_rows(table)
    assert not wrong
    assert [write_entry(e) for e in back] == [write_entry(e) for e in made.entries]


def test_a_table_may_have_chinese_headings_and_empty_rows() -> None:
    row = {
        COLUMNS["id"]: "甲1",
        COLUMNS["kinds"]: "S/event/01；S/event/02",
        COLUMNS["lead_role"]: "sanitation",
        COLUMNS["lead_level"]: "street",
        COLUMNS["weekdays"]: 6,
        COLUMNS["where"]: "depth=1|2;wet=true",
        COLUMNS["co"]: "org:U9;power@city",
    }
    entries, faults = read_rows([{"id": None}, row])
    assert not faults
    (found,) = entries
    assert found.kinds == ("S/event/01", "S/event/02")
    assert dict(found.where) == {"depth": (1, 2), "wet": (True,)}
    assert [t.org or t.role for t in found.co] == ["U9", "power"]


def test_a_wrong_row_is_named_by_its_place_and_column() -> None:
    good = {"id": "a", "kinds": "S/*", "lead_org": "U1"}
    rows = [
        good,
        {},
        {**good, "id": "b", "from": "9"},
        {**good, "id": "c", "colour": "red"},
        {**good, "id": "d", "where": "depth"},
    ]
    entries, faults = read_rows(rows)
    assert [e.id for e in entries] == ["a"]
    assert [(f.entry, f.field) for f in faults] == [(3, "from"), (4, "colour"), (5, "where")]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "kinds", "lead", "when", "from", "role", "level", "entries", "version"]
                ),
                inner,
            )
        ),
        max_leaves=12,
    )
)
def test_no_content_makes_reading_fail(content: Any) -> None:
    found, faults = read_list(content)
    assert found is not None or faults
    read_entries([content])
