"""Areas as values: packing, order and containment agree with the path they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengyun.kernel import areas

TOPS = (1023, 1023, 4095, 4095, 16383)


@st.composite
def paths(draw: st.DrawFn) -> tuple[int, ...]:
    depth = draw(st.integers(1, 5))
    return tuple(draw(st.integers(1, top)) for top in TOPS[:depth])


def packed(path: tuple[int, ...]) -> int:
    return areas.pack(*path)


@given(paths())
def test_unpack_is_the_inverse_of_pack(path: tuple[int, ...]) -> None:
    assert areas.unpack(packed(path)) == path + (0,) * (5 - len(path))


@given(paths())
def test_numbers_fit_a_bigint_and_keep_their_level(path: tuple[int, ...]) -> None:
    number = packed(path)
    assert 0 < number < 2**58
    assert areas.depth(number) == len(path)
    assert areas.level(number) == areas.LEVELS[len(path) - 1]


@given(paths(), paths())
def test_containment_is_being_a_prefix_and_being_in_the_span(
    outer: tuple[int, ...], inner: tuple[int, ...]
) -> None:
    prefix = inner[: len(outer)] == outer
    low, high = areas.span(packed(outer))
    assert areas.contains(packed(outer), packed(inner)) is prefix
    assert (low <= packed(inner) <= high) is prefix


@given(paths())
def test_ancestors_run_from_the_city_to_the_area_itself(path: tuple[int, ...]) -> None:
    line = areas.ancestors(packed(path))
    assert line == [packed(path[:depth]) for depth in range(1, len(path) + 1)]
    assert areas.city_of(packed(path)) == line[0]
    assert areas.parent(packed(path)) == (line[-2] if len(line) > 1 else None)
    assert all(areas.contains(above, packed(path)) for above in line)


@given(paths())
def test_at_level_names_the_ancestor_or_nothing(path: tuple[int, ...]) -> None:
    line = areas.ancestors(packed(path))
    for depth, level in enumerate(areas.LEVELS):
        expected = line[depth] if depth < len(line) else None
        assert areas.at_level(packed(path), level) == expected


@given(paths(), st.integers(1, 1000))
def test_a_child_lies_directly_below(path: tuple[int, ...], ordinal: int) -> None:
    if len(path) == 5:
        with pytest.raises(ValueError, match="grid has no areas below"):
            areas.child(packed(path), ordinal)
    else:
        assert areas.child(packed(path), ordinal) == packed((*path, ordinal))


@given(paths(), paths())
def test_spans_nest_or_are_apart(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    a, b = areas.span(packed(one)), areas.span(packed(other))
    apart = a[1] < b[0] or b[1] < a[0]
    assert apart or a[0] <= b[0] <= b[1] <= a[1] or b[0] <= a[0] <= a[1] <= b[1]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ((0,), "needs a city"),
        ((1024,), "city ordinal 1024"),
        ((-1,), "city ordinal -1"),
        ((1, 0, 3), "street is given but a level above it is not"),
        ((1, 1, 1, 1, 16384), "grid ordinal 16384"),
    ],
)
def test_bad_paths_are_refused_with_the_reason(path: tuple[int, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        areas.pack(*path)


@pytest.mark.parametrize("ordinal", [0, -1, 1024])
def test_a_child_outside_its_level_is_refused(ordinal: int) -> None:
    with pytest.raises(ValueError, match="district ordinal"):
        areas.child(areas.pack(1), ordinal)


def test_nothing_is_no_area() -> None:
    with pytest.raises(ValueError, match="0 is no area"):
        areas.level(0)
